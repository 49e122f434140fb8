"""A packet socket between two of our processes: messages with descriptors, never blocking the side that must not wait."""

from __future__ import annotations

import array
import os
import socket
from typing import Self

from display_app.hosting.protocol import MAX_PACKET, Message, ProtocolProblem, Published, decode, encode

MAX_DESCRIPTORS = 8
_ROOM = socket.CMSG_SPACE(MAX_DESCRIPTORS * array.array("i").itemsize)
# Plain numbers: joining members of an enumeration takes as long as receiving a packet.
_RECEIVE_FLAGS = int(socket.MSG_CMSG_CLOEXEC | socket.MSG_DONTWAIT)
_TRUNCATED = int(socket.MSG_TRUNC)
_DONT_WAIT = int(socket.MSG_DONTWAIT)


class Closed(Exception):
    """The other side is gone."""


class Channel:
    """One end of a `SOCK_SEQPACKET` pair."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self._published: tuple[bytes, Message] | None = None  # heard with every frame, in the same words as long as a turn lasts

    @classmethod
    def pair(cls) -> tuple[Self, socket.socket]:
        """Return our end, non-blocking, and the socket that is handed to the other process."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        return cls(ours), theirs

    def fileno(self) -> int:
        """Return the descriptor, for selectors."""
        return self.socket.fileno()

    def send(self, message: Message, fds: tuple[int, ...] = ()) -> bool:
        """Send one message; False when the other side does not keep up (non-blocking), Closed when it is gone."""
        return self.send_packet(encode(message), fds)

    def send_packet(self, packet: bytes, fds: tuple[int, ...] = ()) -> bool:
        """Send a message that is already encoded."""
        try:
            socket.send_fds(self.socket, [packet], fds) if fds else self.socket.send(packet)
        except BlockingIOError:
            return False
        except OSError as error:
            raise Closed from error
        return True

    def offer(self, packet: bytes) -> None:
        """Send an encoded message that may be lost: dropped when the other side does not keep up."""
        try:
            self.socket.send(packet, _DONT_WAIT)
        except BlockingIOError:
            return
        except OSError as error:
            raise Closed from error

    def receive(self) -> tuple[Message, list[int]] | None:
        """Return the next message with its descriptors, None when none waits; Closed at the end, ProtocolProblem for rubbish."""
        try:
            # Not socket.recv_fds: it drops its flags before Python 3.12.
            packet, ancillary, flags, _ = self.socket.recvmsg(MAX_PACKET + 1, _ROOM, _RECEIVE_FLAGS)
        except BlockingIOError:
            return None
        except OSError as error:
            raise Closed from error
        fds = _descriptors(ancillary) if ancillary else []
        if not packet and not fds:
            raise Closed
        try:
            if flags & _TRUNCATED or len(packet) > MAX_PACKET:
                raise ProtocolProblem("too long")
            return self._decode(packet), fds
        except ProtocolProblem:
            close_all(fds)
            raise

    def _decode(self, packet: bytes) -> Message:
        if self._published is not None and packet == self._published[0]:
            return self._published[1]
        message = decode(packet)
        if isinstance(message, Published):
            self._published = (packet, message)
        return message

    def close(self) -> None:
        """Close this end."""
        self.socket.close()


def _descriptors(ancillary: list[tuple[int, int, bytes]]) -> list[int]:
    fds = array.array("i")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
    return list(fds)


def close_all(fds: list[int] | tuple[int, ...]) -> None:
    """Close descriptors that nobody wants."""
    for fd in fds:
        os.close(fd)


def memory_file(name: str, content: bytes) -> int:
    """Return a descriptor of an anonymous file with `content`: for what is too long for a packet."""
    fd = os.memfd_create(name, os.MFD_CLOEXEC)
    os.write(fd, content)
    return fd


def read_memory_file(fd: int) -> bytes:
    """Return what `memory_file` was given, and close the descriptor."""
    with os.fdopen(fd, "rb") as file:
        file.seek(0)
        return file.read()
