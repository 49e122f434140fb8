"""Where the output of the children goes: everything into rotated files, what deserves attention also to the terminal."""

from __future__ import annotations

import logging
import os
import re
import select
from logging.handlers import RotatingFileHandler
from pathlib import Path

QUIET = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ (INFO|DEBUG) ")
LONGEST_LINE = 4000
ATOMIC_BYTES = 4096  # a pipe that is ready takes this much without blocking
FILE_BYTES = 1_000_000
OLD_FILES = 2


class Console:
    """Writes to one terminal without ever waiting for it, and to one log file per process."""

    def __init__(self, log_dir: Path, *, descriptor: int = 1) -> None:
        self._log_dir = log_dir
        self._descriptor = descriptor
        self._files: dict[str, RotatingFileHandler] = {}

    def say(self, text: str) -> None:
        """Tell the person at the terminal something, and keep it in up.log."""
        self._to_file("up", text)
        self._to_terminal(f"{text}\n")

    def pass_on(self, name: str, line: str) -> None:
        """Take one line of a child's output."""
        line = line[:LONGEST_LINE]
        self._to_file(name, line)
        if line.strip() and not QUIET.match(line):
            self._to_terminal(f"{name:>8} | {line}\n")

    def close(self) -> None:
        """Close the log files."""
        for handler in self._files.values():
            handler.close()

    def _to_terminal(self, text: str) -> None:
        """Write when the terminal takes it; a stopped or closed one must not stop the panel."""
        try:
            if select.select([], [self._descriptor], [], 0)[1]:
                os.write(self._descriptor, text.encode(errors="replace")[:ATOMIC_BYTES])
        except (OSError, ValueError):
            pass

    def _to_file(self, name: str, line: str) -> None:
        handler = self._files.get(name)
        if handler is None:
            logging.raiseExceptions = False  # a full disk loses log lines, nothing else
            handler = RotatingFileHandler(self._log_dir / f"{name}.log", maxBytes=FILE_BYTES, backupCount=OLD_FILES, delay=True)
            self._files[name] = handler
        handler.emit(logging.makeLogRecord({"msg": line}))
