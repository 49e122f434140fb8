"""A LEDMatrix folder is read, or refused in words; nothing in it is changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plugins_app.exceptions import BadRequest, LedsiteError, NotFound
from plugins_app.ledmatrix.files import MAX_BYTES, read_files, what_stays
from tests.fakes.ledmatrix import as_it_is, make_ledmatrix


def refusal(path: Path) -> LedsiteError:
    with pytest.raises(LedsiteError) as caught:
        read_files(path)
    assert caught.value.message and caught.value.hint
    return caught.value


def test_a_folder_gives_both_documents_and_its_plugins(tmp_path: Path) -> None:
    make_ledmatrix(tmp_path, sections={"alpha": {"enabled": True}}, secrets={"alpha": {"key": "x"}}, plugins=("alpha", "beta"))
    before = as_it_is(tmp_path)
    files = read_files(tmp_path)
    assert (files.config["alpha"], files.secrets) == ({"enabled": True}, {"alpha": {"key": "x"}})
    assert [each.name for each in files.folders] == ["alpha", "beta"]
    assert (files.is_whole, files.shows_installed) == (True, True)
    assert as_it_is(tmp_path) == before


def test_a_config_alone_has_neither_secrets_nor_plugins(tmp_path: Path) -> None:
    make_ledmatrix(tmp_path, secrets={"alpha": {"key": "x"}}, plugins=("alpha",))
    files = read_files(tmp_path / "config" / "config.json")
    assert (files.secrets, files.folders, files.is_whole, files.shows_installed) == ({}, (), False, False)


def test_plugins_are_looked_for_where_the_configuration_says_but_not_outside(tmp_path: Path) -> None:
    inside, outside = tmp_path / "led", tmp_path / "other"
    make_ledmatrix(outside, plugins=("stranger",))
    make_ledmatrix(inside, plugins=("alpha",))
    (inside / "plugin-repos").rename(inside / "mine")
    for directory, expected in (("mine", ["alpha"]), ("../other/plugin-repos", []), (str(outside / "plugin-repos"), []), (7, [])):
        make_ledmatrix(inside, plugin_system={"plugins_directory": directory})
        assert [each.name for each in read_files(inside).folders] == expected
    (inside / "plugins").symlink_to(outside / "plugin-repos")
    assert read_files(inside).folders == ()


def test_a_broken_plugin_is_named_and_keeps_no_other_away(tmp_path: Path) -> None:
    make_ledmatrix(tmp_path, plugins=("alpha", "beta"))
    (tmp_path / "plugin-repos" / "alpha" / "manifest.json").write_text("{")
    assert [(each.name, bool(each.problem)) for each in read_files(tmp_path).folders] == [("alpha", True), ("beta", False)]


def test_what_is_not_there(tmp_path: Path) -> None:
    problem = refusal(tmp_path / "nowhere")
    assert isinstance(problem, NotFound) and problem.code == "no-such-path"


@pytest.mark.parametrize("name", ["empty", "a plugin", "another program"])
def test_what_is_no_ledmatrix_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    (folder / "config").mkdir(parents=True)
    if name == "another program":
        (folder / "config" / "config.json").write_text('{"name": "something", "version": 1}')
    problem = refusal(folder)
    assert isinstance(problem, BadRequest) and problem.code == "not-ledmatrix"


def test_broken_json_is_named_with_its_line(tmp_path: Path) -> None:
    make_ledmatrix(tmp_path)
    path = tmp_path / "config" / "config.json"
    path.write_text(path.read_text().replace('"timezone": "Europe/Berlin",', '"timezone": "Europe/Berlin"'))
    problem = refusal(tmp_path)
    assert problem.code == "config-unreadable"
    assert str(path) in problem.message and "line 4" in problem.message


@pytest.mark.parametrize(
    "content",
    ["[]", '"text"', "NaN", '{"display": ' + "[" * 300 + "]" * 300 + "}", '{"display": 1e999}', "\ufffe", "", '{"timezone": "\x00'],
)
def test_json_that_cannot_be_a_configuration(tmp_path: Path, content: str) -> None:
    make_ledmatrix(tmp_path)
    (tmp_path / "config" / "config.json").write_text(content)
    assert refusal(tmp_path).code == "config-unreadable"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    make_ledmatrix(tmp_path)
    (tmp_path / "config" / "config.json").write_bytes(b" " * (MAX_BYTES + 1))
    assert "larger than 8 MiB" in refusal(tmp_path).message


def broken(path: Path) -> None:
    path.write_text("{")


def of_another_kind(path: Path) -> None:
    path.write_text("[1]")


def a_folder(path: Path) -> None:
    path.mkdir()


def a_link(path: Path) -> None:
    path.symlink_to(path.with_name("config.json"))


@pytest.mark.parametrize("damage", [broken, of_another_kind, a_folder, a_link])
def test_secrets_that_cannot_be_read_stop_it_and_the_way_round_is_told(tmp_path: Path, damage: Any) -> None:
    make_ledmatrix(tmp_path)
    damage(tmp_path / "config" / "config_secrets.json")
    problem = refusal(tmp_path)
    assert problem.code == "secrets-unreadable"
    assert "config_secrets.json" in problem.message
    assert read_files(tmp_path / "config" / "config.json").secrets == {}


def test_what_else_is_the_owner_s_is_named(tmp_path: Path) -> None:
    make_ledmatrix(tmp_path)
    assert what_stays(tmp_path) == {}
    uploads = tmp_path / "assets" / "plugins" / "alpha" / "uploads"
    uploads.mkdir(parents=True)
    (uploads / "cat.png").write_bytes(b"cat")
    (tmp_path / "config" / "saved_repositories.json").write_text(json.dumps([]))
    assert set(what_stays(tmp_path)) == {"assets/plugins", "config/saved_repositories.json"}
