"""The listening socket: bound here, before anything starts, and handed down to the web process."""

from __future__ import annotations

import errno
import socket

from ledsite.problems import StartProblem

BACKLOG = 256


def listen(host: str, port: int) -> socket.socket:
    """Bind and listen; raise StartProblem with the reason when that cannot be."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError as error:
        raise StartProblem(f"LEDSITE_BIND names {host}, which is no address here ({error}): use 127.0.0.1 or 0.0.0.0.") from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise StartProblem(_reason(error, host=host, port=port)) from error
    return listener


def _reason(error: OSError, *, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use by another program: stop that one, or set LEDSITE_BIND to another port."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than this user has: set LEDSITE_BIND to a port from 1024 up."
    return f"Port {port} on {host} cannot be opened ({error.strerror}): check LEDSITE_BIND."
