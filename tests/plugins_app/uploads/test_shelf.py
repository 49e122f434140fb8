"""Where uploads lie: names of our own, limits that hold, and no link that a plugin has laid is followed."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins_app.exceptions import BadRequest, DiskProblem, NotFound
from plugins_app.package.paths import PluginPaths
from plugins_app.uploads import shelf

NAME = "0" * 32 + ".png"


@pytest.fixture
def paths(tmp_path: Path) -> PluginPaths:
    return PluginPaths(tmp_path / "root" / "plugin-repos")


def folder_of(paths: PluginPaths) -> Path:
    return paths.root / "assets" / "plugins" / "album" / "uploads"


def test_a_file_is_kept_read_listed_and_dropped(paths: PluginPaths) -> None:
    name = shelf.put(paths, "album", b"body", suffix="png")
    assert (paths.root / shelf.path_of("album", name)).read_bytes() == b"body"
    assert shelf.read(paths, "album", name) == b"body"
    assert [(one.name, one.size) for one in shelf.files_of(paths, "album")] == [(name, 4)]
    shelf.drop(paths, "album", name)
    assert shelf.files_of(paths, "album") == []


def test_other_users_may_read_it_whatever_the_umask(paths: PluginPaths) -> None:
    before = os.umask(0o077)
    try:
        paths.assets.mkdir(parents=True)
        name = shelf.put(paths, "album", b"body", suffix="png")
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder_of(paths) / name).stat().st_mode) == 0o644
    for folder in (folder_of(paths), folder_of(paths).parent, folder_of(paths).parents[1]):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_what_is_too_much_is_refused_and_leaves_nothing(paths: PluginPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_IN_ALL", 10)
    shelf.put(paths, "album", b"12345", suffix="png")
    with pytest.raises(BadRequest) as refusal:
        shelf.put(paths, "album", b"123456", suffix="png")
    assert refusal.value.code == "uploads-full"
    assert len(list(folder_of(paths).iterdir())) == 1


def test_what_a_kill_left_half_written_goes_with_the_next_upload(paths: PluginPaths) -> None:
    shelf.put(paths, "album", b"1", suffix="png")
    (folder_of(paths) / f".{'a' * 32}.part").write_bytes(b"half")
    (folder_of(paths) / "notes.txt").write_text("the plugin's own")
    shelf.put(paths, "album", b"2", suffix="gif")
    assert sorted(path.suffix for path in folder_of(paths).iterdir()) == [".gif", ".png", ".txt"]


@pytest.mark.parametrize("depth", [0, 1, 2], ids=["plugins", "the id", "uploads"])
def test_a_link_on_the_way_is_not_followed(paths: PluginPaths, tmp_path: Path, depth: int) -> None:
    treasure = tmp_path / "elsewhere"
    inner = treasure.joinpath(*("plugins", "album", "uploads")[depth + 1 :])
    inner.mkdir(parents=True)
    (inner / NAME).write_bytes(b"secret")
    link = paths.assets.joinpath(*("plugins", "album", "uploads")[: depth + 1])
    link.parent.mkdir(parents=True)
    link.symlink_to(treasure)
    assert shelf.files_of(paths, "album") == []
    for attempt in (
        lambda: shelf.put(paths, "album", b"x", suffix="png"),
        lambda: shelf.read(paths, "album", NAME),
        lambda: shelf.drop(paths, "album", NAME),
    ):
        with pytest.raises(DiskProblem):
            attempt()
    shelf.drop_all(paths, "album")
    assert [path.read_bytes() for path in inner.iterdir()] == [b"secret"]


def test_a_link_or_a_pipe_in_the_place_of_a_file_is_not_opened(paths: PluginPaths, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    folder_of(paths).mkdir(parents=True)
    (folder_of(paths) / NAME).symlink_to(tmp_path / "secret")
    pipe = "1" * 32 + ".png"
    os.mkfifo(folder_of(paths) / pipe)
    assert shelf.files_of(paths, "album") == []
    for name in (NAME, pipe):
        with pytest.raises((DiskProblem, NotFound)):
            shelf.read(paths, "album", name)


def test_all_goes_with_the_plugin(paths: PluginPaths) -> None:
    shelf.put(paths, "album", b"1", suffix="png")
    other = shelf.put(paths, "other", b"2", suffix="png")
    shelf.drop_all(paths, "album")
    assert not folder_of(paths).parent.exists()
    assert shelf.read(paths, "other", other) == b"2"
    shelf.drop_all(paths, "album")


@given(
    name=st.one_of(
        st.text(max_size=40),
        st.from_regex(r"(\.\./|/)?[0-9a-f]{1,33}\.(png|jpg|PNG|php)\n?", fullmatch=True),
    )
)
def test_only_names_of_our_own_reach_the_disk(name: str) -> None:
    nowhere = PluginPaths(Path("/nonexistent/plugin-repos"))
    for attempt in (shelf.read, shelf.drop):
        with pytest.raises(NotFound):
            attempt(nowhere, "album", name)
    assert (shelf.NAME.fullmatch(name) is None) or (not set(name) & set("/\\\0\n") and not name.startswith("."))
