"""Locks: shared by hosts, taken alone by whoever exchanges files, free as soon as their holder is dead."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from plugins_app.installer.locks import Held, hold, holders, is_held, take_live_lock
from plugins_app.package.livelock import share_live_lock, start_time

HOLD = """
import pathlib, sys
from plugins_app.package.livelock import share_live_lock
fd = share_live_lock(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def host(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "x.live")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_one_holder_at_a_time(tmp_path):
    with hold(tmp_path / "locks" / "x.lock"):
        assert is_held(tmp_path / "locks" / "x.lock")
        with pytest.raises(Held) as caught, hold(tmp_path / "locks" / "x.lock"):
            pass
        assert caught.value.code == "locked"
    assert not is_held(tmp_path / "locks" / "x.lock")


def test_hosts_share_and_cannot_while_files_are_exchanged(tmp_path):
    first, second = share_live_lock(tmp_path / "x.live"), share_live_lock(tmp_path / "x.live")
    os.close(first)
    os.close(second)
    with take_live_lock(tmp_path / "x.live"), pytest.raises(Held) as caught:
        share_live_lock(tmp_path / "x.live")
    assert caught.value.code == "being-placed"


@pytest.mark.process
def test_the_holder_is_named_and_its_end_frees_the_lock(tmp_path, host):
    assert holders(tmp_path / "x.live") == [host.pid]
    assert (tmp_path / "x.live").read_text() == f"{host.pid} {start_time(host.pid)}\n"
    host.kill()
    with take_live_lock(tmp_path / "x.live", wait=10):
        assert (tmp_path / "x.live").read_text() == ""


@pytest.mark.process
def test_what_a_host_wrote_into_the_file_never_gets_another_process_killed(tmp_path, host):
    with subprocess.Popen(["sleep", "60"]) as bystander:
        (tmp_path / "x.live").write_text(f"{bystander.pid} {start_time(bystander.pid)}\n")
        with take_live_lock(tmp_path / "x.live", wait=0.05):
            assert bystander.poll() is None
        assert host.wait(timeout=10) < 0
        bystander.kill()


@pytest.mark.process
def test_who_has_the_lock_alone_is_never_ended(tmp_path):
    script = HOLD.replace(
        "fd = share_live_lock(pathlib.Path(sys.argv[1]))", "import fcntl; fd = open(sys.argv[1], 'w'); fcntl.flock(fd, 2)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "x.live")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        assert holders(tmp_path / "x.live") == []
        assert process.poll() is None
        process.kill()


def test_a_lock_file_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "target").write_text("text")
    (tmp_path / "x.live").symlink_to(tmp_path / "target")
    with pytest.raises(OSError):
        share_live_lock(tmp_path / "x.live")
    assert (tmp_path / "target").read_text() == "text"
