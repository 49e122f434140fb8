"""Reads files that plugins could have replaced by something else: plain files only, links not followed, size limited."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


class TooLarge(OSError):
    """The file is larger than what may be read of it."""


def read_plain(path: Path, *, limit: int) -> bytes:
    """Return the content of a plain file; OSError for links, pipes, devices and folders, TooLarge above `limit` bytes."""
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is no plain file", str(path))
        body = file.read(limit + 1)
    if len(body) > limit:
        raise TooLarge(errno.EFBIG, f"it is larger than {limit // 1024} KiB", str(path))
    return body
