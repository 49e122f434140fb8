"""Writes down, in the process that works: changes of names below the plugin folder, flushes, and commits that are on the medium.

One JSON object a line, in the order in which things happened; what a change destroys is kept beside the log, so that `powercut`
can take changes back. Names are changed by Python and by one system call of ours, so the interpreter's audit events see all of them.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from plugins_app.installer import place

FULL = 2
WRITING = os.O_WRONLY | os.O_RDWR


class Recorder:
    """The log of one process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.kept = folder
        self.root = str(settings.LEDSITE.plugin_dir)
        self.wal = Path(f"{settings.DATABASES['default']['NAME']}-wal")
        self._log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._kept = 0
        self._is_busy = False
        self._original_fsync = os.fsync

    def start(self) -> None:
        """Note what is on the medium already, then watch."""
        files = [entry.stat().st_ino for entry in Path(self.root).rglob("*") if entry.is_file()]
        self._write(op="start", files=files, wal=self._wal_size())
        sys.addaudithook(self._on_event)
        os.fsync = self._fsync
        self._watch_exchange()
        self._watch_commits()

    def _on_event(self, event: str, values: tuple[Any, ...]) -> None:
        handler = _EVENTS.get(event)
        if handler is None or self._is_busy:
            return
        self._is_busy = True
        try:
            handler(self, *values)
        finally:
            self._is_busy = False

    def opened(self, name: Any, mode: Any, flags: int) -> None:
        """Note a file that is made, or emptied."""
        path = self._path(name)
        if path is None or not flags & (WRITING | os.O_CREAT):
            return
        if not os.path.lexists(path):
            if flags & os.O_CREAT:
                self._write(op="create", path=path)
        elif flags & os.O_TRUNC:
            self._write(op="empty", path=path, **self._keep(path))

    def made(self, name: Any, mode: int, dir_fd: int) -> None:
        """Note a new folder."""
        path = self._path(name, dir_fd)
        if path is not None and not os.path.lexists(path) and os.path.isdir(os.path.dirname(path)):
            self._write(op="mkdir", path=path)

    def removed(self, name: Any, dir_fd: int) -> None:
        """Note a file that goes."""
        path = self._path(name, dir_fd)
        if path is not None and os.path.lexists(path):
            self._write(op="unlink", path=path, **self._keep(path))

    def folder_removed(self, name: Any, dir_fd: int) -> None:
        """Note a folder that goes."""
        path = self._path(name, dir_fd)
        if path is not None and os.path.isdir(path) and not os.listdir(path):
            self._write(op="rmdir", path=path)

    def renamed(self, source: Any, target: Any, source_fd: int, target_fd: int) -> None:
        """Note a new name, and what had it before."""
        old, new = self._path(source, source_fd), self._path(target, target_fd)
        if old is None or new is None or not os.path.lexists(old):
            return
        before = self._keep(new) if os.path.isfile(new) else {}
        if os.path.isdir(new):
            before = {"kept": None}
        self._write(op="rename", path=old, target=new, **before)

    def _keep(self, path: str) -> dict[str, Any]:
        found = os.lstat(path)
        if not stat.S_ISREG(found.st_mode):
            return {"link": os.readlink(path)} if stat.S_ISLNK(found.st_mode) else {}
        self._kept += 1
        name = str(self._kept)
        with open(path, "rb") as source, open(self.kept / name, "wb") as target:
            target.write(source.read())
        return {"kept": name, "inode": found.st_ino, "mode": stat.S_IMODE(found.st_mode)}

    def _fsync(self, fd: int) -> None:
        self._original_fsync(fd)
        path = os.readlink(f"/proc/self/fd/{fd}")
        if path.startswith(self.root):
            found = os.fstat(fd)
            self._write(op="sync", path=path, inode=found.st_ino, is_folder=stat.S_ISDIR(found.st_mode))

    def _watch_exchange(self) -> None:
        original = place.exchange

        def exchange(first: Path, second: Path) -> bool:
            done = original(first, second)
            if done:
                self._write(op="exchange", path=str(first), target=str(second))
            return done

        place.exchange = exchange

    def _watch_commits(self) -> None:
        original: Callable[[BaseDatabaseWrapper], None] = BaseDatabaseWrapper.commit

        def commit(wrapper: BaseDatabaseWrapper) -> None:
            original(wrapper)
            ((level,),) = connection.connection.execute("PRAGMA synchronous").fetchall()
            if level >= FULL:
                self._write(op="commit", wal=self._wal_size())

        BaseDatabaseWrapper.commit = commit  # type: ignore[method-assign]

    def _wal_size(self) -> int:
        return self.wal.stat().st_size if self.wal.exists() else 0

    def _path(self, name: Any, dir_fd: int = -1) -> str | None:
        if not isinstance(name, str | bytes | os.PathLike):
            return None
        text = os.fsdecode(name)
        if not os.path.isabs(text):
            folder = os.readlink(f"/proc/self/fd/{dir_fd}") if dir_fd is not None and dir_fd >= 0 else os.getcwd()
            text = os.path.join(folder, text)
        return text if text.startswith(self.root + "/") else None

    def _write(self, **event: Any) -> None:
        os.write(self._log, (json.dumps(event) + "\n").encode())


_EVENTS: dict[str, Callable[..., None]] = {
    "open": Recorder.opened,
    "os.mkdir": Recorder.made,
    "os.remove": Recorder.removed,
    "os.rmdir": Recorder.folder_removed,
    "os.rename": Recorder.renamed,
}
