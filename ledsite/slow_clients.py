"""Gunicorn's threads for requests that are really there: who connects and is silent, or drips, gets none, or not for long.

A connection costs a thread from its first byte on. Then the head must be there within `HEAD_SECONDS` and the body at
`BODY_BYTES_PER_SECOND`, else the connection is shut down; answers may take as long as they like.
"""

from __future__ import annotations

import contextlib
import errno
import selectors
import socket
import time
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_SECONDS = 5.0
BODY_SECONDS = 5.0
BODY_BYTES_PER_SECOND = 128 * 1024
NOBODY_THERE = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)


class PatientWorker(ThreadWorker):
    """A thread worker that slow clients cannot occupy."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._due: dict[TConn, float] = {}
        self._bodies: dict[TConn, Any] = {}

    def accept(self, listener: socket.socket) -> None:
        """Take a connection and wait for its first byte without a thread."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in NOBODY_THERE:
                raise
            return
        self.nr_conns += 1
        conn = TConn(self.cfg, client, address, listener.getsockname())
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(client, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: TConn) -> Any:
        """Serve one request in a thread, watched."""
        self._due[conn] = time.monotonic() + HEAD_SECONDS
        try:
            return super().handle(conn)
        finally:
            self._due.pop(conn, None)
            self._bodies.pop(conn, None)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Answer a request whose head is there; its body may follow."""
        self._bodies[conn] = req.body
        self._due[conn] = time.monotonic() + BODY_SECONDS + _left(req.body) / BODY_BYTES_PER_SECOND
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """End connections that keep threads waiting; gunicorn's loop comes by here every second."""
        super().murder_pending()
        now = time.monotonic()
        for conn, due in list(self._due.items()):
            if now < due:
                continue
            body = self._bodies.get(conn)
            if body is None or _left(body):
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)
            self._due.pop(conn, None)


def _left(body: Any) -> int:
    """Return how many bytes of a body have not come, as far as the client said how many there are."""
    left = getattr(getattr(body, "reader", None), "length", 0)
    return left if isinstance(left, int) else 0
