"""Temporary folders: gone with the work, and what killed work left goes with the next."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from plugins_app.installer.scratch import ABANDONED_SECONDS, scratch_folder


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_it_is_there_for_the_work_and_not_afterwards(temporary: Path) -> None:
    with scratch_folder("probe", mode=0o1777) as folder:
        (folder / "home").mkdir()
        assert (folder.parent, stat.S_IMODE(folder.stat().st_mode)) == (temporary, 0o1777)
    assert not list(temporary.iterdir())


def test_it_goes_with_an_error_too(temporary: Path) -> None:
    with pytest.raises(ValueError, match="no"), scratch_folder("probe", mode=0o700):
        raise ValueError("no")
    assert not list(temporary.iterdir())


def test_what_killed_work_left_goes_with_the_next_but_nothing_else(temporary: Path) -> None:
    old, new, foreign = (temporary / name for name in ("ledsite-scratch-preview-old", "ledsite-scratch-probe-new", "other-old"))
    for folder in (old, new, foreign):
        folder.mkdir()
        (folder / "file").write_text("x")
    long_ago = new.stat().st_mtime - ABANDONED_SECONDS - 60
    for folder in (old, foreign):
        os.utime(folder, (long_ago, long_ago))
    with scratch_folder("preview", mode=0o755):
        assert not old.exists()
    assert new.exists() and foreign.exists()


def test_what_is_at_work_stays_when_the_clock_is_set_forward(temporary: Path) -> None:
    with scratch_folder("probe", mode=0o755) as at_work:
        os.utime(at_work, (1, 1))
        with scratch_folder("preview", mode=0o755):
            assert at_work.exists()
