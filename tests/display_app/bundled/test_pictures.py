"""What the bundled plugins show: golden pictures on three sizes, nothing cut, and codes that a scanner reads."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageFilter

from display_app.frames.led_picture import led_picture
from tests.display_app.bundled.scenes import BUNDLED, HERE, SCENES, SIZES, Scene, freeze_clock, golden_path, measure, render, running

OTHER_SIZES = ((32, 16), (32, 32), (64, 16), (64, 64), (96, 48), (192, 32), (192, 64), (256, 64), (512, 128))
ADDRESSES = (
    "http://192.168.1.5:8000",
    "http://192.168.178.120:8000/",
    "http://panel.local:8000",
    "https://panel.example/panel/",
    "http://10.0.0.7",
)


def dark_edges(image: Image.Image) -> bool:
    """Tell whether the outermost rows and columns are black."""
    width, height = image.size
    edges = [(0, 0, width, 1), (0, height - 1, width, height), (0, 0, 1, height), (width - 1, 0, width, height)]
    return all(image.crop(edge).getbbox() is None for edge in edges)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_it_looks_like_its_golden_picture(scene: Scene, size: tuple[int, int], tmp_path: Path):
    picture = render(scene, size, root=tmp_path)
    with Image.open(golden_path(scene, size)) as golden:
        assert (picture.size, picture.tobytes()) == (size, golden.convert("RGB").tobytes())
    assert picture.getbbox() is not None
    if not scene.touches_edge and scene.name != "address":
        assert dark_edges(picture)


@pytest.mark.parametrize("size", OTHER_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_it_draws_on_other_panels_too(scene: Scene, size: tuple[int, int], tmp_path: Path):
    picture = render(scene, size, root=tmp_path)
    assert (picture.size, picture.getbbox() is not None) == (size, True)


@pytest.mark.parametrize("url", ADDRESSES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_code_is_read_from_the_lamps(url: str, size: tuple[int, int], tmp_path: Path):
    scene = Scene("address", "ledsite-system", mode="ledsite-system-address", place={"page_url": url, "reachable": True})
    panel = led_picture(render(scene, size, root=tmp_path), pitch=8, border=3)
    seen_by_a_camera = panel.filter(ImageFilter.GaussianBlur(3))
    codes = zxingcpp.read_barcodes(seen_by_a_camera)
    assert [code.text.casefold().rstrip("/") for code in codes] == [url.rstrip("/")]


def test_an_address_for_this_machine_only_has_no_code(tmp_path: Path):
    scene = next(scene for scene in SCENES if scene.name == "address-only-here")
    panel = led_picture(render(scene, (128, 64), root=tmp_path), pitch=8, border=3)
    assert zxingcpp.read_barcodes(panel) == []


def test_an_address_too_long_for_a_code_is_text(tmp_path: Path):
    place = {"page_url": "https://a-rather-long-name-of-a-panel.somewhere.example/under/a/path", "reachable": True}
    scene = Scene("address", "ledsite-system", mode="ledsite-system-address", place=place)
    picture = render(scene, (64, 32), root=tmp_path)
    assert picture.getbbox() is not None
    assert dark_edges(picture)


def test_without_an_address_its_page_is_left_out(tmp_path: Path):
    with running(Scene("address", "ledsite-system", place={}), (64, 32), root=tmp_path) as (session, frames):
        assert session.display("ledsite-system-address", force_clear=True) is False
        assert frames == []


def test_the_clock_stays_inside_every_minute_of_a_day(tmp_path: Path):
    for config in ({}, {"hours": "12", "show_seconds": True}, {"date_order": "iso", "show_seconds": True}):
        for size in SIZES:
            with running(Scene("clock", "ledsite-clock", config, prepare=freeze_clock), size, root=tmp_path) as (session, _):
                face, now = session._plugin.face, session._plugin.now(session._plugin.zone)
                moments = [now.replace(month=m, day=d, hour=h, minute=i) for m, d, h, i in ((5, 7, 0, 0), (9, 24, 10, 8), (11, 30, 23, 59))]
                assert all(dark_edges(face.draw(moment)) for moment in moments)


def test_full_bars_and_long_numbers_stay_apart(tmp_path: Path):
    for size in SIZES:
        with running(Scene("status", "ledsite-system", {"fahrenheit": True}, prepare=measure), size, root=tmp_path) as (session, frames):
            session._plugin.readings = type(session._plugin.readings)(load=100, memory=100, celsius=120, uptime=None)
            session.display("ledsite-system-status", force_clear=True)
            assert dark_edges(frames[-1])


def test_the_plugins_are_whole():
    assert sorted(path.parent.name for path in BUNDLED.glob("*/manifest.json")) == ["ledsite-clock", "ledsite-message", "ledsite-system"]
    assert HERE["reachable"] is True
