"""Where logos are filed, and how a missing one is had."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from display_app.toolkit import logo_downloader
from display_app.toolkit.logo_downloader import LogoDownloader, download_missing_logo, get_soccer_league_key


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nowhere: str) -> Path:
    """Work in a root of one's own, with ESPN out of reach."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logo_downloader, "ESPN_SITE", nowhere)
    return tmp_path


@pytest.fixture
def espn(service: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(logo_downloader, "ESPN_SITE", service.url)
    return service


def png(color: str = "red") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (20, 20), color).save(file, "PNG")
    return file.getvalue()


def color_of(path: Path) -> Any:
    with Image.open(path) as image:
        return image.mode, image.getpixel((0, 0))


@pytest.mark.parametrize(
    ("league", "folder"),
    [
        ("nfl", "nfl"),
        ("wnba", "wnba"),
        ("ncaa_fb", "ncaa"),
        ("ncaam_basketball", "ncaa"),
        ("fcs", "ncaa"),
        ("ncaaw", "ncaa"),
        ("soccer_eng.1", "soccer"),
        ("ufc", "ufc"),
        ("milb", "milb"),
    ],
)
def test_folders_of_leagues(root: Path, league: str, folder: str) -> None:
    assert LogoDownloader().get_logo_directory(league) == str(root / f"assets/sports/{folder}_logos")


@pytest.mark.parametrize("league", ["", "../x", "NFL", "a/b", "a b"])
def test_a_name_that_is_no_league(league: str) -> None:
    with pytest.raises(ValueError, match="league"):
        LogoDownloader().get_logo_directory(league)


def test_file_names() -> None:
    assert LogoDownloader.normalize_abbreviation('a&m/x\\y:z*?"<>| b') == "AANDM_X_Y_Z______ B"
    assert LogoDownloader.get_logo_filename_variations("ta&m") == ["ta&m.png", "TAANDM.png"]
    assert get_soccer_league_key("eng.1") == "soccer_eng.1"


def test_a_file_that_is_there_is_left_alone(root: Path) -> None:
    (root / "logo.png").write_bytes(b"whatever")
    assert download_missing_logo("nfl", "1", "KC", "logo.png", "http://127.0.0.1:9/x.png") is True
    assert (root / "logo.png").read_bytes() == b"whatever"


def test_the_given_address_is_tried_first(root: Path, espn: Any) -> None:
    espn.answer("/kc.png", png("red"))
    assert download_missing_logo("nfl", "12", "KC", Path("assets/sports/nfl_logos/KC.png"), f"{espn.url}/kc.png") is True
    assert color_of(root / "assets/sports/nfl_logos/KC.png") == ("RGBA", (255, 0, 0, 255))
    assert espn.paths == ["/kc.png"]


@pytest.mark.parametrize(
    ("league", "address"),
    [
        ("nfl", "/football/nfl/teams/12"),
        ("soccer_eng.1", "/soccer/eng.1/teams/12"),
        ("ncaam_hockey", "/hockey/mens-college-hockey/teams/12"),
    ],
)
def test_else_espn_knows_where_it_is(root: Path, espn: Any, league: str, address: str) -> None:
    espn.answer(address, {"team": {"logos": [{"href": f"{espn.url}/found.png"}]}})
    espn.answer("/found.png", png("blue"))
    assert download_missing_logo(league, "12", "KC", "x/KC.png", None) is True
    assert color_of(root / "x/KC.png") == ("RGBA", (0, 0, 255, 255))


def test_else_letters_are_drawn(root: Path) -> None:
    assert download_missing_logo("nfl", "12", "KC", "x/KC.png") is True
    with Image.open(root / "x/KC.png") as image:
        assert (image.mode, image.size) == ("RGBA", (64, 64))
        assert len(image.getcolors() or []) > 1


def test_or_nothing_when_letters_are_not_wanted(root: Path) -> None:
    assert download_missing_logo("nfl", "12", "KC", "x/KC.png", create_placeholder=False) is False
    assert not (root / "x/KC.png").exists()


@pytest.mark.parametrize("body", [b"<html>no</html>", b"", png()[:60], b"\0" * (5 * 1024 * 1024)])
def test_what_is_no_picture_is_not_filed(root: Path, espn: Any, body: bytes) -> None:
    espn.answer("/x.png", body)
    assert LogoDownloader().download_logo(f"{espn.url}/x.png", "x.png", "KC") is False
    assert list(root.iterdir()) == []


@pytest.mark.parametrize("answer", [{}, [], {"team": None}, {"team": {"logos": []}}, "text"])
def test_an_odd_answer_of_espn_is_a_failure(espn: Any, answer: Any) -> None:
    espn.answer("/football/nfl/teams/12", answer)
    assert LogoDownloader().download_missing_logo_for_team("nfl", "12", "KC", "KC.png") is False


def test_an_unknown_league_is_not_asked_for(espn: Any) -> None:
    assert LogoDownloader().download_missing_logo_for_team("curling", "12", "KC", "KC.png") is False
    assert LogoDownloader().download_missing_logo_for_team("nfl", "", "KC", "KC.png") is False
    assert espn.paths == []


def test_placeholders_are_named_after_the_team(root: Path) -> None:
    downloader = LogoDownloader()
    assert downloader.ensure_logo_directory("logos") is True
    assert downloader.create_placeholder_logo("ta&m", "logos") is True
    assert [path.name for path in (root / "logos").iterdir()] == ["TAANDM.png"]


def test_a_folder_that_cannot_be_made(root: Path) -> None:
    (root / "file").write_text("")
    assert LogoDownloader().ensure_logo_directory("file/logos") is False
    assert LogoDownloader().create_placeholder_logo("KC", "file/logos") is False
