"""The folders of the product: there, ours, writable, and used by one `up` at a time."""

from __future__ import annotations

import fcntl
import os
import stat
from pathlib import Path

from ledsite.env import Environment
from ledsite.problems import StartProblem
from plugins_app.package.paths import PluginPaths


def make_folders(environment: Environment) -> None:
    """Create what is missing; raise StartProblem for a folder that cannot be written."""
    for name, folder in (("LEDSITE_DATA_DIR", environment.data_dir), ("LEDSITE_RUN_DIR", environment.run_dir)):
        _make(folder, name=name, mode=0o700)
    _close_to_others(environment.data_dir)
    _refuse_foreign(environment.run_dir)
    for part in ("logs", "snapshots", "uploads"):
        _make(environment.data_dir / part, name="LEDSITE_DATA_DIR", mode=0o700)
    _make(environment.plugin_dir, name="LEDSITE_PLUGIN_DIR", mode=0o755)
    _make(environment.runtime_root / "assets", name="LEDSITE_PLUGIN_DIR", mode=0o755)
    try:
        PluginPaths(environment.plugin_dir).ensure()
    except OSError as error:
        raise _unwritable(environment.plugin_dir, name="LEDSITE_PLUGIN_DIR", error=error) from error


def lock_data_folder(data_dir: Path) -> int:
    """Hold the data folder for this process and what it becomes; raise StartProblem when another one holds it."""
    descriptor = os.open(data_dir / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
        os.close(descriptor)
        raise StartProblem(
            f"ledsite already runs on {data_dir} (process {holder or 'unknown'}): "
            "stop that one first, or set LEDSITE_DATA_DIR to another folder."
        ) from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def _make(folder: Path, *, name: str, mode: int) -> None:
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)
        probe = folder / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise _unwritable(folder, name=name, error=error) from error


def _close_to_others(folder: Path) -> None:
    """Take a folder that was there before away from other users: the database in it has tokens and sessions."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not mode & 0o007:
        return
    try:
        folder.chmod(mode & ~0o007)
    except OSError as error:
        raise StartProblem(f"{folder} is open to every user of this machine, and is not ours to close: run chmod o-rwx on it.") from error


def _refuse_foreign(folder: Path) -> None:
    """Refuse a run folder that somebody else made: `/dev/shm` is open to all users."""
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid() or facts.st_mode & 0o002:
        raise StartProblem(
            f"{folder} does not belong to this user alone: remove it, or set LEDSITE_RUN_DIR to a folder that only this user can write."
        )


def _unwritable(folder: Path, *, name: str, error: OSError) -> StartProblem:
    return StartProblem(f"{folder} cannot be written ({error.strerror}): give this user the right to, or set {name} to another folder.")
