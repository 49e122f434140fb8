"""What one plugin has for the continuous ticker: its own pictures, else its scrolling strip, else what it draws (contract 5.8).

Nothing of it reaches the panel. Hooks that raise count as unanswered; an exception of `display` passes through to the caller.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from PIL import Image

from display_app.rotation.ticker import FIXED, SCROLL, STATIC, WAYS
from display_app.runtime.canvas import DisplayManager
from display_app.runtime.guard import tolerate
from display_app.runtime.picture_edges import cut_black_ends, is_blank, trimmed

NONE = "none"
MOST_WEIGHT = 10
OUT_OF_IT = "It takes no part in the ticker."
NOTHING = "It has nothing for the ticker now."


@dataclass(frozen=True, kw_only=True)
class ContentWish:
    """How a plugin's pictures are wanted: `way` is empty for its own; lengths in pixels, `most_bytes` for all of them together (RGB)."""

    way: str = ""
    item_gap: int = 8
    width_percent: int = 100
    trim: bool = True
    panel_width: int = 0
    most_bytes: int = 1 << 20


@dataclass(frozen=True)
class TickerContent:
    """One picture of panel height, or None and the reason; `way` is scroll, fixed or static, `weight` the places a round (0: no wish)."""

    way: str
    picture: Image.Image | None
    weight: int = 0
    reason: str = ""


def ticker_content(plugin: Any, canvas: DisplayManager, wish: ContentWish, *, config: dict[str, Any]) -> TickerContent:
    """Collect what a plugin has now."""
    way = wish.way or _way_of(plugin)
    if way != STATIC and _type_of(plugin) == NONE:
        return TickerContent(way, None, reason=OUT_OF_IT)
    weight = _weight_of(plugin)
    if way == STATIC:
        picture = _captured(plugin, canvas)
        return TickerContent(way, picture, weight, "" if picture else NOTHING)
    pictures = _pictures(plugin, canvas, wish, config)
    if wish.trim:
        pictures = [cut for picture in pictures if (cut := trimmed(picture)) is not None]
    pictures = [picture for picture in pictures if not is_blank(picture)]
    if not pictures:
        return TickerContent(way, None, weight, NOTHING)
    most = min(wish.most_bytes // (canvas.height * 3), _most_width(canvas.width, config))
    joined = _joined(pictures, gap=wish.item_gap, height=canvas.height, most=most)
    if way == FIXED and (width := _block_width(plugin, wish.panel_width or canvas.width)):
        joined = _in_block(joined, min(width, most))
    return TickerContent(way, joined, weight)


def renewed_content(plugin: Any, canvas: DisplayManager, wish: ContentWish, *, config: dict[str, Any]) -> TickerContent:
    """Collect what a plugin has after it fetched: strips of older data are built anew, and given back to one that builds none."""
    strips = [(helper, helper.cached_image, _attribute(helper, "cached_array")) for helper in _strip_helpers(plugin)]
    for helper, _, _ in strips:
        helper.cached_image = helper.cached_array = None
    try:
        content = ticker_content(plugin, canvas, wish, config=config)
    finally:
        lost = [(helper, image, array) for helper, image, array in strips if helper.cached_image is None and image is not None]
        for helper, image, array in lost:
            helper.cached_image, helper.cached_array = image, array
    return ticker_content(plugin, canvas, wish, config=config) if lost and content.picture is None else content


def _strip_helpers(plugin: Any) -> list[Any]:
    owners = (plugin, _attribute(plugin, "_scroll_manager"), _attribute(plugin, "scroll_manager"))
    helpers = [_attribute(owner, "scroll_helper") for owner in owners]
    return [helper for helper in helpers if helper is not None and hasattr(helper, "cached_image")]


def _way_of(plugin: Any) -> str:
    hook = _attribute(plugin, "get_vegas_display_mode")
    found = tolerate(hook, fallback=None, what="get_vegas_display_mode") if hook is not None else None
    way = getattr(found, "value", found)
    return way if way in WAYS else (SCROLL if _type_of(plugin) == "multi" else FIXED)


def _type_of(plugin: Any) -> str:
    hook = _attribute(plugin, "get_vegas_content_type")
    return str(tolerate(hook, fallback="static", what="get_vegas_content_type")) if hook is not None else "static"


def _weight_of(plugin: Any) -> int:
    hook = _attribute(plugin, "get_vegas_priority_weight")
    weight = tolerate(hook, fallback=None, what="get_vegas_priority_weight") if hook is not None else None
    is_number = isinstance(weight, int) and not isinstance(weight, bool)
    return max(1, min(MOST_WEIGHT, weight)) if is_number else 0  # type: ignore[type-var, return-value]


def _pictures(plugin: Any, canvas: DisplayManager, wish: ContentWish, config: dict[str, Any]) -> list[Image.Image]:
    percent = config.get("vegas_width_pct")
    is_percent = isinstance(percent, int) and not isinstance(percent, bool) and 10 <= percent <= 100
    width = max(1, canvas.width * (percent if is_percent else wish.width_percent) // 100)  # type: ignore[operator]
    own = _own_pictures(plugin, canvas, width)
    if own:
        return own
    strip = _own_strip(plugin, canvas)
    if strip is not None:
        return [strip]
    captured = _captured(plugin, canvas, width=width)
    return [captured] if captured is not None else []


def _own_pictures(plugin: Any, canvas: DisplayManager, width: int) -> list[Image.Image]:
    hook = _attribute(plugin, "get_vegas_content")
    if hook is None:
        return []
    plugin._vegas_render_width = width
    try:
        with ExitStack() as stack:
            _enter_capture(stack, canvas, width)
            found = tolerate(hook, fallback=None, what="get_vegas_content")
            return _usable(found if isinstance(found, list | tuple) else [found], canvas.height)
    finally:
        plugin._vegas_render_width = None


def _own_strip(plugin: Any, canvas: DisplayManager) -> Image.Image | None:
    helper = _attribute(plugin, "scroll_helper")
    if helper is None or not hasattr(helper, "cached_image"):
        return None
    if helper.cached_image is None:
        build = _attribute(plugin, "_create_scrolling_display")
        with ExitStack() as stack:
            _enter_capture(stack, canvas, canvas.width)
            if callable(build):
                tolerate(build, fallback=None, what="_create_scrolling_display")
            else:
                plugin.display(force_clear=True)
    strips = _usable([helper.cached_image], canvas.height)
    return cut_black_ends(strips[0], most=canvas.width) if strips else None


def _captured(plugin: Any, canvas: DisplayManager, *, width: int | None = None) -> Image.Image | None:
    """Return what the plugin draws, None when it stays black."""
    fetch = _attribute(plugin, "update_data")
    with ExitStack() as stack:
        _enter_capture(stack, canvas, width or canvas.width)
        if callable(fetch):
            tolerate(fetch, fallback=None, what="update_data")
        for force_clear in (False, True):
            canvas.clear()
            plugin.display(force_clear=force_clear)
            picture = canvas.picture()
            if not is_blank(picture):
                return picture
    return None


def _enter_capture(stack: ExitStack, canvas: DisplayManager, width: int) -> None:
    stack.enter_context(canvas.capture_mode())
    stack.enter_context(canvas.render_size(width))


def _usable(found: Iterable[Any], height: int) -> list[Image.Image]:
    pictures = [picture.convert("RGB") for picture in found if isinstance(picture, Image.Image) and picture.width and picture.height]
    return [picture if picture.height == height else picture.resize((picture.width, height)) for picture in pictures]


def _joined(pictures: list[Image.Image], *, gap: int, height: int, most: int) -> Image.Image:
    """Return pictures as one, at most `most` wide: what is beyond is left out."""
    if len(pictures) == 1:
        return pictures[0] if pictures[0].width <= most else pictures[0].crop((0, 0, most, height))
    width = sum(picture.width for picture in pictures) + gap * (len(pictures) - 1)
    joined = Image.new("RGB", (min(width, most), height))
    x = 0
    for picture in pictures:
        joined.paste(picture, (x, 0))
        x += picture.width + gap
    return joined


def _most_width(panel_width: int, config: dict[str, Any]) -> int:
    """Return the longest that a plugin may be: the setting `vegas_max_width_screens`, in panels."""
    screens = config.get("vegas_max_width_screens")
    is_number = isinstance(screens, int | float) and not isinstance(screens, bool) and screens > 0
    return max(1, int(panel_width * screens)) if is_number else 1 << 20  # type: ignore[operator]


def _block_width(plugin: Any, panel_width: int) -> int:
    hook = _attribute(plugin, "get_vegas_segment_width")
    panels = tolerate(hook, fallback=None, what="get_vegas_segment_width") if hook is not None else None
    return panels * panel_width if isinstance(panels, int) and not isinstance(panels, bool) and 0 < panels <= 64 else 0


def _in_block(picture: Image.Image, width: int) -> Image.Image:
    """Return a picture in the middle of a block of a certain width, cut where it does not fit."""
    block = Image.new("RGB", (width, picture.height))
    block.paste(picture, (max(0, (width - picture.width) // 2), 0))
    return block


def _attribute(owner: Any, name: str) -> Any:
    return tolerate(lambda: getattr(owner, name, None), fallback=None, what=name)
