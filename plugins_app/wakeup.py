"""The datagram that tells the director to look at its rows now; its poll is the truth, so a lost one costs only time."""

from __future__ import annotations

import contextlib
import socket
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

SOCKET_NAME = "director.sock"


def wake_director() -> None:
    """Wake the director once the running transaction has committed; at once outside of one."""
    transaction.on_commit(partial(send_wakeup, settings.LEDSITE.run_dir))


def send_wakeup(run_dir: Path) -> None:
    """Send one datagram without waiting; no director, or a full queue, is no error."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        sender.sendto(b"look", str(run_dir / SOCKET_NAME))
