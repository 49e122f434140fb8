"""`assets/` is filled once, repaired when something is missing, and what people changed stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import ImageFont

from display_app.fonts import provision
from display_app.fonts.provision import RECORD, provision_assets, provision_fonts


def test_it_fills_an_empty_root(tmp_path: Path):
    provision_assets(tmp_path / "assets")
    fonts = {path.name for path in (tmp_path / "assets" / "fonts").iterdir()}
    assert fonts == {
        "PressStart2P-Regular.ttf", "4x6-font.ttf", "4x6.bdf", "5x7.bdf", "6x9.bdf", "tom-thumb.bdf", "5by7.regular.ttf", RECORD,
    }  # fmt: skip
    assert ImageFont.truetype(str(tmp_path / "assets/fonts/PressStart2P-Regular.ttf"), 8).getlength("12") == 16
    assert (tmp_path / "assets/static_images/default.png").is_file()
    assert (tmp_path / "assets/youtube_logo.png").is_file()
    assert (tmp_path / "assets/sports/ncaa_logos").is_dir()


def test_a_second_time_writes_nothing(tmp_path: Path):
    provision_assets(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    provision_assets(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_missing_font_comes_back(tmp_path: Path):
    provision_fonts(tmp_path)
    (tmp_path / "5x7.bdf").unlink()
    provision_fonts(tmp_path)
    assert (tmp_path / "5x7.bdf").read_bytes() == (provision.ASSETS / "fonts" / "5x7.bdf").read_bytes()


@pytest.mark.parametrize("record", ["kept", "lost", "damaged"])
def test_a_font_that_someone_replaced_stays(tmp_path: Path, record: str):
    provision_fonts(tmp_path)
    (tmp_path / "5x7.bdf").write_bytes(b"another font")
    if record == "lost":
        (tmp_path / RECORD).unlink()
    if record == "damaged":
        (tmp_path / RECORD).write_bytes(b"[")
    provision_fonts(tmp_path)
    assert (tmp_path / "5x7.bdf").read_bytes() == b"another font"


def test_an_earlier_version_of_ours_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    older = tmp_path / "older" / "fonts"
    older.mkdir(parents=True)
    (older / "5x7.bdf").write_bytes(b"as it was drawn last year")
    with monkeypatch.context() as patch:
        patch.setattr(provision, "ASSETS", older.parent)
        provision_fonts(tmp_path / "fonts")
    provision_fonts(tmp_path / "fonts")
    assert (tmp_path / "fonts" / "5x7.bdf").read_bytes() == (provision.ASSETS / "fonts" / "5x7.bdf").read_bytes()
