"""The probe, as the installer runs it: a process of its own."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from display_app.hosting import kernel
from display_app.hosting.probe_confinement import _give

CHECKOUT = Path(__file__).parents[3]
PLUGIN = """
from src.plugin_system.base_plugin import BasePlugin

class Sample(BasePlugin):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.start()
    def start(self): ...
    def update(self): ...
    def display(self, force_clear=False): ...
"""
OK = [{"step": "imported"}, {"step": "constructed"}, {"step": "validated"}]

pytestmark = pytest.mark.process


def probe(tmp_path: Path, source: str, *, data: Any = None, **more: Any) -> subprocess.CompletedProcess[str]:
    tree, root = tmp_path / "tree", tmp_path / "root"
    for folder in (tree, root, tmp_path / "scratch"):
        folder.mkdir(exist_ok=True)
    (tree / "manager.py").write_text(textwrap.dedent(source))
    job = {
        "tree": str(tree),
        "root": str(root),
        "plugin_id": "sample",
        "manifest": {"id": "sample", "entry_point": "manager.py", "class_name": "Sample"},
        "settings": {"enabled": True},
        "panel": {"width": 64, "height": 32},
        **more,
    }
    return subprocess.run(
        [sys.executable, "-m", "display_app.hosting.probe"],
        input=json.dumps(job if data is None else data),
        env={"PYTHONPATH": str(CHECKOUT), "TMPDIR": str(tmp_path / "scratch"), "PATH": os.environ["PATH"]},
        cwd=root,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def steps(result: subprocess.CompletedProcess[str]) -> list[dict[str, str]]:
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert lines[0]["step"] == "confined"
    return lines[1:]


def said(step: dict[str, str]) -> str:
    """Return what a sample raised a RuntimeError with."""
    return step["reason"].removeprefix("Starting it failed: ").partition(" (RuntimeError in ")[0]


def test_a_good_plugin_passes_all_steps(tmp_path: Path) -> None:
    result = probe(tmp_path, PLUGIN)
    assert (steps(result), result.returncode) == (OK, 0)


def test_modules_that_plugins_share_are_found_from_the_staging_folder(tmp_path: Path) -> None:
    plugin_dir = tmp_path / "root" / "plugin-repos"
    tree = plugin_dir / ".ledsite" / "staging" / "op1-1"
    tree.mkdir(parents=True)
    (plugin_dir / "shared_here.py").write_text("X = 1")
    (tmp_path / "root" / "shared_above.py").write_text("X = 1")
    (tree / "manager.py").write_text("import shared_here, shared_above\n" + PLUGIN)
    result = probe(tmp_path, "", tree=str(tree))
    assert (steps(result), result.returncode) == (OK, 0)


@pytest.mark.parametrize(
    ("source", "passed", "failure"),
    [
        (
            "raise RuntimeError('no key')",
            0,
            {"at": "import", "reason": "Its code cannot be loaded: no key (RuntimeError in manager.py, line 1)."},
        ),
        ("X = 1", 0, {"at": "class", "reason": "manager.py has no class 'Sample'."}),
        (
            PLUGIN + "    start = None",
            1,
            {"at": "construct", "reason": "Starting it failed: 'NoneType' object is not callable (TypeError in manager.py, line 7)."},
        ),
        (
            PLUGIN + "    def validate_config(self): return False",
            2,
            {"at": "validate", "reason": "The plugin does not accept its settings."},
        ),
    ],
)
def test_a_failure_ends_it_with_a_reason(tmp_path: Path, source: str, passed: int, failure: dict[str, str]) -> None:
    result = probe(tmp_path, source)
    assert (steps(result), result.returncode) == ([*OK[:passed], {"step": "failed", **failure}], 0)


def test_what_the_plugin_prints_does_not_mix_with_the_answers(tmp_path: Path) -> None:
    source = (
        PLUGIN
        + """
    def start(self):
        import os, subprocess, sys
        print("printed")
        sys.__stdout__.write("written\\n")
        os.write(1, b"raw\\n")
        subprocess.run(["echo", "child"])
    """
    )
    result = probe(tmp_path, source)
    assert steps(result) == OK
    assert all(word in result.stderr for word in ("printed", "raw", "child"))


def test_there_is_no_network_for_the_plugin_its_threads_and_its_children(tmp_path: Path) -> None:
    source = (
        PLUGIN
        + """
    def start(self):
        import socket, subprocess, sys, threading
        failures = []
        def attempt():
            try:
                socket.create_connection(("127.0.0.1", 9), timeout=1)
            except OSError as error:
                failures.append(error.errno)
        attempt()
        thread = threading.Thread(target=attempt)
        thread.start()
        thread.join()
        child = "import socket\\ntry: socket.create_connection(('127.0.0.1', 9))\\nexcept OSError as e: raise SystemExit(e.errno)"
        failures.append(subprocess.run([sys.executable, "-c", child]).returncode)
        raise RuntimeError(str(failures))
    """
    )
    (*_, last) = steps(probe(tmp_path, source))
    assert (last["step"], last["at"], said(last)) == ("failed", "construct", "[101, 101, 101]")


def test_threads_left_behind_do_not_keep_it_alive(tmp_path: Path) -> None:
    source = (
        PLUGIN
        + """
    def start(self):
        import threading
        threading.Thread(target=threading.Event().wait).start()
    """
    )
    assert steps(probe(tmp_path, source)) == OK


def test_home_and_temporary_folder_go_away_with_it(tmp_path: Path) -> None:
    source = (
        PLUGIN
        + """
    def start(self):
        import pathlib, tempfile
        (pathlib.Path.home() / "home").write_text("x")
        pathlib.Path(tempfile.mkstemp()[1]).write_text("x")
        self.cache_manager.set("key", 1)
        raise RuntimeError(f"{pathlib.Path.home()} {tempfile.gettempdir()} {self.cache_manager.cache_dir}")
    """
    )
    (*_, last) = steps(probe(tmp_path, source))
    places = said(last).split()
    assert all(place.startswith(str(tmp_path / "scratch")) for place in places)
    assert [path for path in (tmp_path / "scratch").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("data", [[], {}, "text", {"manifest": None}])
def test_bad_input_is_said_to_be_bad(tmp_path: Path, data: Any) -> None:
    result = probe(tmp_path, PLUGIN, data=data)
    assert result.returncode == 2
    (answer,) = [json.loads(line) for line in result.stdout.splitlines()]
    assert (answer["step"], answer["at"]) == ("failed", "input")


@pytest.mark.skipif(kernel.landlock_version() == 0, reason="the kernel has no Landlock")
def test_files_of_others_are_closed_to_the_plugin(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "database").write_text("secret")
    (tmp_path / "root" / "var").mkdir(parents=True)
    (tmp_path / "root" / "var" / "database").write_text("secret")
    source = (
        PLUGIN
        + f"""
    def start(self):
        import pathlib
        outcome = []
        for attempt in (
            lambda: pathlib.Path({str(tmp_path / "private" / "database")!r}).read_text(),
            lambda: pathlib.Path("var/database").read_text(),
            lambda: pathlib.Path("assets/new").write_text("x"),
            lambda: pathlib.Path(__file__).with_name("own").write_text("x"),
            lambda: pathlib.Path("escaped").write_text("x"),
        ):
            try:
                attempt()
                outcome.append("done")
            except PermissionError:
                outcome.append("refused")
        raise RuntimeError(" ".join(outcome))
    """
    )
    (tmp_path / "root" / "assets").mkdir()
    (*_, last) = steps(probe(tmp_path, source, protected=[str(tmp_path / "root" / "var")]))
    assert said(last) == "refused refused done done refused"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_root_becomes_the_user_of_plugins_or_gives_up_its_rights(tmp_path: Path) -> None:
    source = (
        PLUGIN
        + """
    def start(self):
        import os
        capabilities = [line for line in open("/proc/self/status") if line.startswith("CapEff")]
        raise RuntimeError(f"{os.getuid() != 0} {int(capabilities[0].split()[1], 16)}")
    """
    )
    result = probe(tmp_path, source)
    uid = json.loads(result.stdout.splitlines()[0])["uid"]
    assert said(steps(result)[-1]) == f"{uid != 0} 0"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give anything away")
def test_an_installed_plugin_is_given_to_the_user_of_its_host_and_nothing_that_links_lead_to(tmp_path: Path) -> None:
    user, folder = pwd.getpwnam("nobody"), tmp_path / "plugin"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "a").touch()
    (tmp_path / "ours").touch()
    (folder / "link").symlink_to(tmp_path / "ours")
    _give(folder, user)
    given = [folder, folder / "data", folder / "data" / "a", folder / "link"]
    assert ({path.lstat().st_uid for path in given}, (tmp_path / "ours").stat().st_uid) == ({user.pw_uid}, 0)
