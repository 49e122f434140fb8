"""Reads files that plugins could have replaced by something else: plain files only, links not followed, size limited."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


class TooLarge(OSError):
    """The file is larger than what may be read of it."""


def read_plain(path: Path, *, limit: int) -> bytes:
    """Return the content of a plain file; OSError for links, pipes, devices and folders, TooLarge above `limit` bytes."""
    with open_plain(path) as file:
        body = file.read(limit + 1)
    if len(body) > limit:
        raise TooLarge(errno.EFBIG, f"it is larger than {limit // 1024} KiB", str(path))
    return body


def open_plain(path: Path) -> BinaryIO:
    """Open a plain file for reading; OSError for links, pipes, devices and folders, at once."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise OSError(errno.EINVAL, "it is no plain file", str(path))
