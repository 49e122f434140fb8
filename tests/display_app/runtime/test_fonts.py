"""Fonts by family and size."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import freetype
import pytest
from PIL import ImageFont

from display_app.runtime.fonts import FontManager, read_overrides


def make(root: Path, **details: Any) -> FontManager:
    return FontManager(root / "assets" / "fonts", plugin_id="sample", plugin_folder=root / "plugin-repos" / "sample", **details)


@pytest.mark.parametrize(
    ("family", "name"),
    [("press_start", "Press Start 2P"), ("PressStart2P-Regular", "Press Start 2P"), ("pressstart2p-regular", "Press Start 2P")],
)
def test_families_are_file_names_and_aliases_in_any_case(root: Path, family: str, name: str) -> None:
    font = make(root).get_font(family, 10)
    assert isinstance(font, ImageFont.FreeTypeFont)
    assert (font.getname()[0], font.size) == (name, 10)


def test_a_bitmap_font_is_a_face_of_its_own_for_each_size(root: Path) -> None:
    fonts = make(root)
    face = fonts.get_font("five_by_seven", 7)
    assert isinstance(face, freetype.Face)
    assert fonts.get_font("5x7", 7) is face


def test_an_unknown_family_is_the_default_font_with_a_warning(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        font = make(root).get_font("no-such", 9)
    assert isinstance(font, ImageFont.FreeTypeFont)
    assert "no-such" in caplog.text


def test_a_broken_file_is_the_default_font(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"not a font")
    (tmp_path / "broken2.bdf").write_bytes(b"not a font")
    fonts = FontManager(tmp_path, plugin_id="sample", plugin_folder=tmp_path)
    assert isinstance(fonts.get_font("broken", 8), ImageFont.FreeTypeFont)
    assert isinstance(fonts.get_font("broken2", 8), ImageFont.FreeTypeFont)


def test_a_persons_override_goes_first(root: Path) -> None:
    fonts = make(root, overrides={"sample.title": {"size_px": 12}})
    fonts.register_manager_font(manager_id="sample", element_key="sample.title", family="press_start", size_px=8, color=(1, 2, 3))
    fonts.register_manager_font("sample", "sample.other", "press_start", 8)
    assert fonts.resolve_font(element_key="sample.title", family="press_start", size_px=8).size == 12
    assert fonts.resolve_font(element_key="sample.other", family="press_start", size_px=8).size == 8


@pytest.mark.parametrize(
    ("content", "expected"),
    [('{"a": {"size_px": 12}, "b": 3}', {"a": {"size_px": 12}}), ("[]", {}), ("{", {})],
)
def test_overrides_are_read_from_the_root(tmp_path: Path, content: str, expected: Any) -> None:
    assert read_overrides(tmp_path) == {}
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "font_overrides.json").write_text(content)
    assert read_overrides(tmp_path) == expected


def test_get_font_needs_a_size(root: Path) -> None:
    with pytest.raises(TypeError):
        make(root).get_font("press_start")  # type: ignore[call-arg]


def test_a_plugins_own_fonts(root: Path, assets: Path) -> None:
    folder = root / "plugin-repos" / "sample"
    folder.mkdir()
    (folder / "own.ttf").write_bytes((assets / "fonts" / "PressStart2P-Regular.ttf").read_bytes())
    fonts = make(root)
    entries = [
        {"family": "Mine", "source": "plugin://own.ttf"},
        {"family": "out", "source": "plugin://../../assets/fonts/PressStart2P-Regular.ttf"},
        {"family": "web", "source": "https://example.org/font.ttf"},
        "rubbish",
    ]
    fonts.register_plugin_fonts({"fonts": {"fonts": entries}})
    for rubbish in (None, [], {"fonts": 3}):
        fonts.register_plugin_fonts({"fonts": rubbish})
    assert fonts.get_font("sample::mine", 16).size == 16
    assert [name for name in fonts.get_available_fonts() if "::" in name] == ["sample::mine"]
    assert fonts.cache_generation == 1


def test_available_fonts_have_aliases(root: Path) -> None:
    available = make(root).get_available_fonts()
    assert available["press_start"] == available["pressstart2p-regular"]
    assert {"four_by_six", "five_by_seven", "4x6-font", "5x7"} <= set(available)


def test_measuring(root: Path) -> None:
    fonts = make(root)
    font, face = fonts.get_font("press_start", 8), fonts.get_font("5x7", 7)
    width, height, baseline = fonts.measure_text("AB", font)
    assert (width, height) == (font.getbbox("AB")[2] - font.getbbox("AB")[0], sum(font.getmetrics()))
    assert baseline == font.getmetrics()[0]
    assert fonts.measure_text("AB", face)[2] == face.size.ascender >> 6
    assert fonts.get_font_height(face) == face.size.height >> 6
