"""The network is gone for a process, in each of the three ways."""

from __future__ import annotations

import subprocess
import sys

import pytest

from display_app.hosting.no_network import ARCHITECTURES, _filter_code

pytestmark = pytest.mark.process

ATTEMPTS = """
import socket, sys
from display_app.hosting import no_network
{setup}
print(no_network.refuse_network())
for attempt in (
    lambda: socket.create_connection(("127.0.0.1", 9), timeout=2),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 9)),
    lambda: socket.getaddrinfo("example.org", 80),
):
    try:
        attempt()
        print("REACHED")
    except OSError as error:
        print("refused")
socket.socketpair()
"""
WITHOUT_FILTER = "no_network._install_filter = lambda libc: False"
WITHOUT_NAMESPACE = WITHOUT_FILTER + "; no_network.CLONE_NEWUSER = -1"


@pytest.mark.parametrize(("setup", "ways"), [("", {"seccomp"}), (WITHOUT_FILTER, {"namespace", "python"}), (WITHOUT_NAMESPACE, {"python"})])
def test_nothing_is_reached(setup: str, ways: set[str]) -> None:
    result = subprocess.run([sys.executable, "-c", ATTEMPTS.format(setup=setup)], capture_output=True, text=True, timeout=30, check=False)
    way, *outcomes = result.stdout.split()
    assert result.stderr == ""
    assert way in ways
    assert outcomes == ["refused"] * 3


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_decides_as_its_description_says(machine: str) -> None:
    """Interpret the program by hand, since one machine can only run its own."""
    import struct

    audit_arch, socket_call = ARCHITECTURES[machine]
    program = [struct.unpack_from("HBBI", _filter_code(audit_arch, socket_call), offset) for offset in range(0, 9 * 8, 8)]

    def decide(arch: int, call: int) -> int:
        accumulator, position = 0, 0
        while True:
            code, yes, no, value = program[position]
            position += 1
            if code == 0x20:
                accumulator = arch if value == 4 else call
            elif code == 0x15:
                position += yes if accumulator == value else no
            elif code == 0x45:
                position += yes if accumulator & value else no
            else:
                return int(value)

    killed, refused, allowed = 0x80000000, 0x00050000 | 101, 0x7FFF0000
    assert decide(audit_arch, socket_call) == refused
    assert decide(audit_arch, 425) == refused
    assert decide(audit_arch, 0x40000000 | socket_call) == refused
    assert decide(audit_arch, 0x40000000) == refused
    assert [decide(audit_arch, call) for call in (0, 1, 57, 231, socket_call + 1)] == [allowed] * 5
    assert decide(0x40000003, socket_call) == killed
