"""Health: read from what the processes leave in the run folder."""

from __future__ import annotations

import json
import os

import pytest

from ledsite.health import read_health


@pytest.fixture
def run_dir(tmp_path):
    """A run folder in which all is well at 100 s."""
    processes = {name: {"state": "running", "pid": os.getpid()} for name in ("web", "main", "slow", "director")}
    write(tmp_path / "up.json", {"processes": processes})
    write(tmp_path / "status.json", {"beat": 99.0, "driver": {"ok": True, "problem": None}})
    for queue in ("main", "slow"):
        write(tmp_path / f"worker-{queue}.json", {"pid": os.getpid(), "beat": 98.0, "serving": True})
    return tmp_path


def write(path, content):
    path.write_text(json.dumps(content))


def test_all_is_well(run_dir):
    assert read_health(run_dir, now=100.0) == {"web": True, "main": True, "slow": True, "director": True, "driver": True}


def test_with_little_memory_there_is_one_queue_process(run_dir):
    assert read_health(run_dir, now=100.0, low_memory=True) == {"web": True, "main": True, "director": True, "driver": True}


def test_old_beats_are_not_believed(run_dir):
    assert read_health(run_dir, now=103.0) == {"web": True, "main": True, "slow": True, "director": False, "driver": False}
    assert read_health(run_dir, now=110.0)["main"] is False


def test_a_driver_with_a_problem_is_not_well(run_dir):
    write(run_dir / "status.json", {"beat": 99.0, "driver": {"ok": False, "problem": "no hardware"}})
    assert read_health(run_dir, now=100.0) == {"web": True, "main": True, "slow": True, "director": True, "driver": False}


def test_what_the_supervisor_gave_up_is_not_well(run_dir):
    write(run_dir / "up.json", {"processes": {"slow": {"state": "given-up", "pid": None}}})
    assert read_health(run_dir, now=100.0)["slow"] is False


def test_a_queue_that_recovers_is_well_while_its_process_is_there(run_dir):
    write(run_dir / "worker-slow.json", {"pid": os.getpid(), "beat": 1.0, "serving": False})
    assert read_health(run_dir, now=100.0)["slow"] is True
    write(run_dir / "worker-slow.json", {"pid": 2**22 + 5, "beat": 99.0, "serving": False})
    assert read_health(run_dir, now=100.0)["slow"] is False


def test_an_empty_or_broken_run_folder_is_not_well(tmp_path):
    nothing = {"web": True, "main": False, "slow": False, "director": False, "driver": False}
    assert read_health(tmp_path, now=100.0) == nothing
    for name in ("up.json", "status.json", "worker-main.json"):
        (tmp_path / name).write_text("[")
    assert read_health(tmp_path, now=100.0) == nothing


@pytest.mark.parametrize("path", ["/api/v3/health", "/api/v3/health/"])
def test_it_is_open_to_anyone_and_says_only_well_or_not(client, path):
    answer = client.get(path)
    assert answer.status_code == 503
    assert answer.json() == {
        "ok": False,
        "processes": {"web": True, "main": False, "slow": False, "director": False, "driver": False},
    }
    assert client.post(path).status_code == 405
