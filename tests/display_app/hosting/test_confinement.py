"""Confinement on the real kernel: a process under it tries what a plugin must not do."""

from __future__ import annotations

import os
import pickle
import pwd
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from display_app.hosting import kernel
from display_app.hosting.confinement import confine
from display_app.hosting.isolation import Isolation, attempt_break_out, judge
from display_app.hosting.landlock import without
from display_app.hosting.order import Confinement, StartOrder
from display_app.runtime.spec import HostSpec

needs_landlock = pytest.mark.skipif(kernel.landlock_version() < 6, reason="this kernel cannot hold signals back")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only user 0 can become another")


def in_child(work: Callable[[], Any]) -> Any:
    """Run something in a fork and return what it returned."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(write, pickle.dumps(work()))
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as file:
        answer = file.read()
    os.waitpid(pid, 0)
    return pickle.loads(answer)


@pytest.fixture
def places(tmp_path: Path) -> dict[str, Path]:
    found = {"data": tmp_path / "data", "root": tmp_path / "root", "plugins": tmp_path / "root" / "plugin-repos"}
    for name in ("mine", "other", ".ledsite/cache/mine"):
        (found["plugins"] / name).mkdir(parents=True)
    found["data"].mkdir()
    (found["data"] / "db").write_text("secret")
    (found["plugins"] / "other" / "token").write_text("secret")
    (found["plugins"] / "mine" / "manager.py").write_text("x = 1")
    (found["root"] / "ux_constants.py").write_text("x = 1")
    (found["plugins"] / "shared_by_all.py").write_text("x = 1")
    (found["plugins"] / "other" / "flags").mkdir()
    (found["plugins"] / "other" / "flags" / "no.png").write_text("picture")
    (found["root"] / "assets").mkdir()
    return found


def order(places: dict[str, Path], **options: Any) -> StartOrder:
    protected = tuple(str(places[name]) for name in ("data", "plugins"))
    spec = HostSpec(
        plugin_id="mine",
        folder=places["plugins"] / "mine",
        root=places["root"],
        entry_point="manager.py",
        class_name="X",
        manifest={},
        config={},
        width=64,
        height=32,
        cache_dir=places["plugins"] / ".ledsite" / "cache" / "mine",
    )
    return StartOrder(confinement=Confinement(protected=protected, **options), spec=spec)


def confined_attempts(start: StartOrder, places: dict[str, Path]) -> dict[str, bool]:
    parent = os.getpid()

    def work() -> dict[str, bool]:
        confine(start, parent=parent)
        attempts: dict[str, Callable[[], object]] = {
            "read own": (places["plugins"] / "mine" / "manager.py").read_text,
            "write own": lambda: (places["plugins"] / "mine" / "new.json").write_text("x"),
            "rename own": lambda: (places["plugins"] / "mine" / "new.json").rename(places["plugins"] / "mine" / "newer.json"),
            "write cache": lambda: (places["plugins"] / ".ledsite" / "cache" / "mine" / "x").write_text("x"),
            "write assets": lambda: (places["root"] / "assets" / "x").write_text("x"),
            "read shared module": (places["root"] / "ux_constants.py").read_text,
            "read shared module among plugins": (places["plugins"] / "shared_by_all.py").read_text,
            "read flags of another": (places["plugins"] / "other" / "flags" / "no.png").read_text,
            "write flags of another": lambda: (places["plugins"] / "other" / "flags" / "no.png").write_text("x"),
            "list root": lambda: list(places["root"].iterdir()),
            "read system": Path("/etc/hostname").read_text if Path("/etc/hostname").exists() else lambda: None,
            "read database": (places["data"] / "db").read_text,
            "read other plugin": (places["plugins"] / "other" / "token").read_text,
            "write root": lambda: (places["root"] / "x").write_text("x"),
            "signal": lambda: os.kill(parent, 0),
            "limits": lambda: resource.prlimit(parent, resource.RLIMIT_NOFILE),
            "priority": lambda: os.setpriority(os.PRIO_PROCESS, parent, 15),
            "priority of all": lambda: os.setpriority(os.PRIO_USER, 0, 15),
            "processors": lambda: os.sched_setaffinity(parent, {0}),
            "own limits": lambda: (resource.prlimit(0, resource.RLIMIT_NOFILE), resource.prlimit(os.getpid(), resource.RLIMIT_NOFILE)),
            "own priority": lambda: (os.setpriority(os.PRIO_PROCESS, 0, 19), os.setpriority(os.PRIO_PROCESS, os.getpid(), 19)),
        }
        done = {}
        for name, attempt in attempts.items():
            try:
                attempt()
                done[name] = True
            except OSError:
                done[name] = False
        return done

    found: dict[str, bool] = in_child(work)
    return found


@needs_landlock
def test_landlock_leaves_a_plugin_what_it_needs_and_nothing_of_ours(places: dict[str, Path]) -> None:
    done = confined_attempts(order(places, landlock=True, drop_capabilities=os.geteuid() == 0), places)
    refused = {name for name, worked in done.items() if not worked}
    others = {"signal", "limits", "priority", "priority of all", "processors"}
    assert refused == {"read database", "read other plugin", "write flags of another", "write root", *others}


@needs_landlock
@needs_root
def test_a_host_that_stays_user_0_reads_no_file_that_only_user_0_may(places: dict[str, Path]) -> None:
    parent = os.getpid()

    def work() -> tuple[str, ...]:
        confine(order(places, landlock=True, drop_capabilities=True), parent=parent)
        return attempt_break_out({"files": ["/etc/shadow", "/etc/passwd"], "folders": ["/var/lib"], "pids": [parent]})

    assert in_child(work) == ("read passwd",)


@needs_landlock
def test_a_data_folder_around_the_plugins_stays_closed(places: dict[str, Path], tmp_path: Path) -> None:
    start = order(places, landlock=True)
    around = StartOrder(confinement=Confinement(landlock=True, protected=(str(tmp_path), str(places["plugins"]))), spec=start.spec)
    done = confined_attempts(around, places)
    assert (done["write own"], done["write cache"], done["read database"]) == (True, True, False)


@needs_root
def test_another_user_reaches_neither_our_files_nor_our_processes(places: dict[str, Path]) -> None:
    nobody = pwd.getpwnam("nobody")
    (places["data"] / "db").chmod(0o600)
    parent = os.getpid()
    start = StartOrder(confinement=Confinement(uid=nobody.pw_uid, gid=nobody.pw_gid))

    def work() -> tuple[tuple[str, ...], int]:
        confine(start, parent=parent)
        return attempt_break_out({"files": [str(places["data"] / "db")], "pids": [parent]}), os.getuid()

    succeeded, uid = in_child(work)
    assert (succeeded, uid) == ((), nobody.pw_uid)
    assert judge(own_uid=0, probe_uid=uid, succeeded=succeeded).level == 3


def test_a_level_is_claimed_only_when_nothing_was_possible() -> None:
    assert judge(own_uid=1000, probe_uid=1000, succeeded=()).level == 2
    assert judge(own_uid=1000, probe_uid=1000, succeeded=("read db",)).level == 1
    assert judge(own_uid=0, probe_uid=0, succeeded=("read db",)).level == 0
    assert judge(own_uid=0, probe_uid=65534, succeeded=("signal 1",)).level == 1
    assert judge(own_uid=0, probe_uid=None, succeeded=()).level == 0
    assert isinstance(judge(own_uid=1000, probe_uid=None, succeeded=()), Isolation)


def test_what_is_protected_is_cut_out_of_what_is_granted(tmp_path: Path) -> None:
    for name in ("a/x", "a/secret", "b"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert list(without(tmp_path, [tmp_path / "a" / "secret"])) == [tmp_path / "a" / "x", tmp_path / "b"]
    assert list(without(tmp_path / "a" / "secret", [tmp_path / "a"])) == []
    assert list(without(tmp_path / "b", [tmp_path / "a"])) == [tmp_path / "b"]
