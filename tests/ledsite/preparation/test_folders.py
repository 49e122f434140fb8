"""Folders: made with the right rights, refused with one sentence, used by one start at a time."""

from __future__ import annotations

import os
import stat

import pytest

from ledsite.env import read_environment
from ledsite.keys import ensure_keys, read_secret_key
from ledsite.preparation.folders import lock_data_folder, make_folders
from ledsite.preparation.start_id import current_start_id, new_start_id
from ledsite.problems import StartProblem


@pytest.fixture
def environment(tmp_path):
    return read_environment(
        {
            "LEDSITE_DATA_DIR": str(tmp_path / "var"),
            "LEDSITE_RUN_DIR": str(tmp_path / "run"),
            "LEDSITE_PLUGIN_DIR": str(tmp_path / "root" / "plugin-repos"),
        }
    )


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_are_made_and_private_ones_are_private(environment):
    make_folders(environment)
    make_folders(environment)
    assert (mode(environment.data_dir), mode(environment.run_dir)) == (0o700, 0o700)
    assert (environment.plugin_dir / ".ledsite" / "staging").is_dir()
    assert (environment.runtime_root / "assets").is_dir()
    assert (environment.data_dir / "logs").is_dir()


def test_rights_that_the_owner_gave_stay(environment):
    environment.data_dir.mkdir(mode=0o750)
    make_folders(environment)
    assert mode(environment.data_dir) == 0o750


def test_a_data_folder_that_is_open_to_everybody_is_closed_to_others(environment):
    environment.data_dir.mkdir()
    environment.data_dir.chmod(0o755)
    make_folders(environment)
    assert mode(environment.data_dir) == 0o750


@pytest.mark.parametrize("name", ["data_dir", "run_dir", "plugin_dir"])
def test_a_folder_that_cannot_be_is_named_with_its_setting(environment, name):
    folder = getattr(environment, name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file stands here")
    with pytest.raises(StartProblem, match=f"^{folder} cannot be written .*LEDSITE_{name.upper()}"):
        make_folders(environment)


def test_a_run_folder_that_others_made_is_refused(environment):
    environment.run_dir.mkdir()
    environment.run_dir.chmod(0o777)
    with pytest.raises(StartProblem, match="does not belong to this user alone"):
        make_folders(environment)


def test_a_run_folder_behind_a_link_is_refused(environment, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    environment.run_dir.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StartProblem, match="does not belong to this user alone"):
        make_folders(environment)


def test_one_start_at_a_time(tmp_path):
    first = lock_data_folder(tmp_path)
    with pytest.raises(StartProblem, match=rf"ledsite already runs on {tmp_path} \(process {os.getpid()}\)"):
        lock_data_folder(tmp_path)
    os.close(first)
    os.close(lock_data_folder(tmp_path))


def test_keys_are_made_once_and_private(tmp_path):
    ensure_keys(tmp_path)
    key = read_secret_key(tmp_path)
    ensure_keys(tmp_path)
    assert len(key) > 50
    assert read_secret_key(tmp_path) == key
    assert [mode(tmp_path / name) for name in ("secret.key", "secrets.key")] == [0o600, 0o600]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.key", "secrets.key"]


def test_every_start_has_an_id_of_its_own_that_all_workers_read(tmp_path):
    first = current_start_id(tmp_path)
    assert current_start_id(tmp_path) == first
    second = new_start_id(tmp_path)
    assert second != first
    assert current_start_id(tmp_path) == second
