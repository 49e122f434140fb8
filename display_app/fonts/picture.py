"""Draws the pictures that plugins open by path: the one of image plugins without a picture, and a sign for videos."""

from __future__ import annotations

from PIL import Image, ImageDraw

SIZE = (64, 32)
VIDEO_SIGN_SIZE = (40, 28)
SKY = ((10, 8, 48), (96, 24, 96), (232, 96, 56))
STARS = ((5, 3), (14, 7), (22, 2), (31, 6), (57, 5), (61, 12), (9, 12), (38, 3))
FAR_HILLS = ((0, 23), (9, 18), (17, 22), (29, 15), (40, 22), (50, 17), (63, 22), (63, 31), (0, 31))
NEAR_HILLS = ((0, 28), (12, 24), (26, 28), (42, 23), (63, 28), (63, 31), (0, 31))


def default_picture() -> Image.Image:
    """Return an evening over hills, 64x32 pixels, RGB."""
    image = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(image)
    for row in range(SIZE[1]):
        draw.line((0, row, SIZE[0], row), fill=_sky(row / (SIZE[1] - 9)))
    for star in STARS:
        draw.point(star, fill=(200, 200, 255))
    draw.ellipse((43, 4, 53, 14), fill=(255, 236, 170))
    draw.polygon(FAR_HILLS, fill=(56, 20, 84))
    draw.polygon(NEAR_HILLS, fill=(20, 10, 44))
    return image


def video_sign() -> Image.Image:
    """Return a play button for `assets/youtube_logo.png`, 40x28 pixels, RGB: youtube-stats shows nothing at all without that file."""
    image = Image.new("RGB", VIDEO_SIGN_SIZE)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, VIDEO_SIGN_SIZE[0] - 1, VIDEO_SIGN_SIZE[1] - 1), radius=7, fill=(220, 24, 24))
    draw.polygon(((15, 7), (15, 20), (27, 14), (27, 13)), fill=(255, 255, 255))
    return image


def _sky(height: float) -> tuple[int, int, int]:
    """Blend the colours of the sky, 0 at the top and 1 at the horizon."""
    place = min(height, 0.999) * (len(SKY) - 1)
    upper, lower = SKY[int(place)], SKY[int(place) + 1]
    red, green, blue = (round(a + (b - a) * (place % 1)) for a, b in zip(upper, lower, strict=True))
    return red, green, blue
