"""Datagrams that tell the director or a queue process to look at its rows now; their poll is the truth, so a lost one costs only time."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

SOCKET_NAME = "director.sock"


def wake_director() -> None:
    """Wake the director once the running transaction has committed; at once outside of one."""
    transaction.on_commit(partial(send_wakeup, settings.LEDSITE.run_dir))


def wake_queue(queue: str) -> None:
    """Wake whoever serves a queue once the running transaction has committed; at once outside of one."""
    transaction.on_commit(partial(send_wakeup, settings.LEDSITE.run_dir, queue_socket(queue)))


def queue_socket(queue: str) -> str:
    """Name the socket of a queue in the run folder."""
    return f"queue-{queue}.sock"


def send_wakeup(run_dir: Path, name: str = SOCKET_NAME) -> None:
    """Send one datagram without waiting; nobody there, or a full queue, is no error."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        sender.sendto(b"look", str(run_dir / name))


@contextlib.contextmanager
def wakeup_socket(run_dir: Path, name: str = SOCKET_NAME) -> Iterator[socket.socket]:
    """Open the socket that wake-ups come to, non-blocking; one that a killed process left there is replaced."""
    path = run_dir / name
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as listener:
        listener.bind(str(path))
        path.chmod(0o660)
        yield listener
    path.unlink(missing_ok=True)


def drain(listener: socket.socket, *, most: int = 500) -> None:
    """Take the wake-ups that have come; any process of this user can send them, so only so many at once."""
    with contextlib.suppress(BlockingIOError):
        for _ in range(most):
            listener.recv(64)
