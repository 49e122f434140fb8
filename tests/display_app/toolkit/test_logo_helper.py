"""Logos from files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from display_app.toolkit.logo_helper import LogoHelper


@pytest.fixture
def helper() -> LogoHelper:
    return LogoHelper(64, 32, cache_size=2)


def file(folder: Path, size: tuple[int, int], name: str = "KC.png") -> Path:
    Image.new("RGB", size, "red").save(folder / name)
    return folder / name


@pytest.mark.parametrize(
    ("size", "limits", "expected"),
    [
        ((500, 500), {}, (48, 48)),
        ((500, 100), {}, (96, 19)),
        ((10, 10), {}, (10, 10)),
        ((100, 100), {"max_width": 20, "max_height": 30}, (20, 20)),
    ],
)
def test_it_only_shrinks_and_keeps_the_shape(
    helper: LogoHelper, tmp_path: Path, size: tuple[int, int], limits: dict[str, int], expected: tuple[int, int]
) -> None:
    logo = helper.load_logo("KC", file(tmp_path, size), **limits)
    assert logo is not None
    assert (logo.mode, logo.size) == ("RGBA", expected)


@pytest.mark.parametrize("content", [None, b"", b"not a picture"])
def test_what_cannot_be_read_is_none(helper: LogoHelper, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "KC.png").write_bytes(content)
    assert helper.load_logo("KC", str(tmp_path / "KC.png")) is None


def test_a_missing_logo_is_found_once_it_is_there(helper: LogoHelper, tmp_path: Path) -> None:
    assert helper.load_logo("KC", tmp_path / "KC.png") is None
    assert helper.load_logo("KC", file(tmp_path, (5, 5))) is not None


def test_the_last_used_are_remembered(helper: LogoHelper, tmp_path: Path) -> None:
    paths = {name: file(tmp_path, (5, 5), f"{name}.png") for name in "ABC"}
    first = helper.load_logo("A", paths["A"])
    helper.load_logo("B", paths["B"])
    assert helper.load_logo("A", paths["A"]) is first
    helper.load_logo("C", paths["C"])
    assert helper.load_logo("A", paths["A"]) is first
    assert helper.get_cache_stats() == {"cached": 2, "cache_size": 2, "hits": 2, "misses": 3}
    helper.clear_cache()
    assert helper.load_logo("A", paths["A"]) is not first


def test_abbreviations(helper: LogoHelper) -> None:
    assert helper.normalize_abbreviation(" a&m x ") == "AANDMX"
    assert helper.get_logo_variations("Kc") == ["Kc", "KC", "kc"]


def test_a_missing_logo_is_fetched_or_drawn(helper: LogoHelper, tmp_path: Path, service: Any, nowhere: str) -> None:
    source = file(tmp_path, (5, 5), "source.png")
    service.answer("/kc.png", source.read_bytes())
    fetched = helper.load_logo_with_download("KC", tmp_path / "logos" / "KC.png", f"{service.url}/kc.png")
    drawn = helper.load_logo_with_download("BUF", tmp_path / "logos" / "BUF.png")
    assert fetched is not None and drawn is not None
    assert (fetched.size, drawn.size) == ((5, 5), (48, 48))
