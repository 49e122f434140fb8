"""Connections whose address is checked before the first packet, and a deadline that ends even a dripping answer (pure)."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Callable
from contextvars import ContextVar
from types import TracebackType

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.response import BaseHTTPResponse
from urllib3.util.timeout import Timeout

AddressCheck = Callable[[str, str], None]

_current_deadline: ContextVar[Deadline | None] = ContextVar("_current_deadline", default=None)


class Deadline:
    """Shuts down the connections that are used within it once its seconds are over; read time limits alone miss a slow drip."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._token = _current_deadline.set(self)
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        _current_deadline.reset(self._token)
        self._timer.cancel()
        with self._lock:
            for watched in self._sockets:
                watched.close()
            self._sockets.clear()

    def watch(self, descriptor: int) -> None:
        """Keep a duplicate of a connection's descriptor, so that TLS objects of another thread are never touched."""
        watched = socket.socket(fileno=os.dup(descriptor))
        with self._lock:
            self._sockets.append(watched)
        if self.is_over:
            self._end()

    def _end(self) -> None:
        self.is_over = True
        with self._lock:
            for watched in self._sockets:
                with contextlib.suppress(OSError):
                    watched.shutdown(socket.SHUT_RDWR)


def checked_pool_manager(check: AddressCheck, *, ca_certs: str, pools: int = 10) -> PoolManager:
    """Return a keep-alive pool that connects only to addresses which `check(host, address)` does not refuse."""

    class CheckedHTTPConnection(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, check)

        def getresponse(self) -> BaseHTTPResponse:  # type: ignore[override]
            _watch(self)
            return super().getresponse()

    class CheckedHTTPSConnection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, check)

        def getresponse(self) -> BaseHTTPResponse:  # type: ignore[override]
            _watch(self)
            return super().getresponse()

    class CheckedHTTPPool(HTTPConnectionPool):
        ConnectionCls = CheckedHTTPConnection

    class CheckedHTTPSPool(HTTPSConnectionPool):
        ConnectionCls = CheckedHTTPSConnection

    manager = PoolManager(num_pools=pools, maxsize=10, ca_certs=ca_certs, cert_reqs="CERT_REQUIRED")
    manager.pool_classes_by_scheme = {"http": CheckedHTTPPool, "https": CheckedHTTPSPool}
    return manager


def _connect(connection: HTTPConnection, check: AddressCheck) -> socket.socket:
    # The address that was checked is the one connected to: a second look-up could answer differently.
    host, timeout = connection.host.strip("[]"), Timeout.resolve_default_timeout(connection.timeout)
    try:
        found = socket.getaddrinfo(host, connection.port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        reason = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
        raise NameResolutionError(connection.host, connection, reason) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        check(host, address)
    failure: OSError = OSError("the name has no address")
    for address in addresses:
        try:
            made = socket.create_connection((address, connection.port), timeout)
        except OSError as error:
            failure = error
            continue
        for option in connection.socket_options or ():
            made.setsockopt(*option)
        if (deadline := _current_deadline.get()) is not None:
            deadline.watch(made.fileno())
        return made
    if isinstance(failure, TimeoutError):
        raise ConnectTimeoutError(connection, f"no connection within {timeout} s") from failure
    raise NewConnectionError(connection, str(failure)) from failure


def _watch(connection: HTTPConnection) -> None:
    # A connection kept alive from an earlier request belongs to this request's deadline from now on.
    deadline = _current_deadline.get()
    if deadline is not None and connection.sock is not None:
        deadline.watch(connection.sock.fileno())
