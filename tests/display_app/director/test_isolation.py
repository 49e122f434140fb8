"""Which confinement is chosen, what is handed over to the user of plugins, and level 3 with a real panel."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from display_app.director.isolation import hand_over
from display_app.hosting.order import Confinement
from tests.fakes.panel import FakePanelOwner, until

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only user 0 can become another")
NOBODY = pwd.getpwnam("nobody")
AS_NOBODY = Confinement(uid=NOBODY.pw_uid, gid=NOBODY.pw_gid)


def owners(folder: Path) -> dict[str, int]:
    return {path.name: path.lstat().st_uid for path in (folder, *folder.rglob("*"))}


def test_an_ordinary_user_hands_nothing_over(tmp_path: Path) -> None:
    hand_over(tmp_path / "cache", Confinement())
    assert owners(tmp_path / "cache") == {"cache": os.geteuid()}


@needs_root
def test_a_folder_goes_to_the_user_of_plugins_and_back_and_links_are_not_followed(tmp_path: Path) -> None:
    folder, ours = tmp_path / "plugin", tmp_path / "ours"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "x").touch()
    ours.touch()
    (folder / "link").symlink_to(ours)
    hand_over(folder, AS_NOBODY)
    assert owners(folder) == dict.fromkeys(("plugin", "data", "x", "link"), NOBODY.pw_uid)
    assert ours.stat().st_uid == 0
    hand_over(folder, Confinement(drop_capabilities=True))
    assert owners(folder) == dict.fromkeys(("plugin", "data", "x", "link"), 0)


@pytest.fixture
def place_for_all() -> Iterator[Path]:
    """A folder that every user can reach, as /opt/ledsite is."""
    folder = Path(tempfile.mkdtemp(prefix="ledsite-test-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def reachable_python(place_for_all: Path) -> Path:
    """An interpreter that the user of plugins can start, with our packages: this one, or a copy of the system's."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    copy = place_for_all / "venv"
    system = shutil.which(name, path="/usr/bin:/usr/local/bin")
    if system is not None:
        subprocess.run([system, "-m", "venv", "--copies", "--without-pip", str(copy)], check=False, capture_output=True)
        packages = copy / "lib" / name / "site-packages"
        if packages.is_dir():
            (packages / "ours.pth").write_text("\n".join(path for path in sys.path if path.endswith("site-packages")))
    for python in (Path(sys.executable), copy / "bin" / "python"):
        command = [str(python), "-c", "import django, numpy, PIL.Image, requests, display_app.hosting.zygote"]
        if python.exists() and _works_for_nobody(command):
            return python
    pytest.skip("no interpreter with our packages that another user can start")


def _works_for_nobody(command: list[str]) -> bool:
    project = Path(__file__).resolve().parents[3]
    try:
        subprocess.run(command, cwd=project, user=NOBODY.pw_uid, group=NOBODY.pw_gid, extra_groups=[], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


@needs_root
@pytest.mark.process
def test_level_3_is_claimed_when_hosts_run_as_another_user_that_reads_nothing_of_ours(
    make_panel: Callable[..., FakePanelOwner], place_for_all: Path, reachable_python: Path
) -> None:
    panel = make_panel(folder=place_for_all / "panel", python=str(reachable_python))
    panel.data_dir.chmod(0o700)
    panel.run_dir.chmod(0o750)
    panel.install("steady", "steady", {"display_duration": 300})
    panel.install("writing", "writing", {"display_duration": 300})
    panel.start()
    until(lambda: panel.status().get("isolation"), what=lambda: panel.log.read_text())
    assert panel.status()["isolation"]["level"] == 3, panel.log.read_text()
    panel.until_showing("steady")
    until(lambda: panel.plugin("writing").get("state") == "ready", what=lambda: panel.log.read_text())
    hosts = [pid for name, pid in panel.processes().items() if name.startswith("host ")]
    assert len(hosts) == 2
    assert {Path(f"/proc/{pid}").stat().st_uid for pid in hosts} <= {0, NOBODY.pw_uid}  # 0: what may not be looked into by its own user
    assert all(f"Uid:\t{NOBODY.pw_uid}\t" in Path(f"/proc/{pid}/status").read_text() for pid in hosts)
    assert owners(panel.plugin_dir / "writing")["manager.py"] == NOBODY.pw_uid
    neighbour = f"open('/proc/{hosts[0]}/mem', 'rb')"
    assert not _works_for_nobody([str(reachable_python), "-c", neighbour]), "hosts can look into each other"
