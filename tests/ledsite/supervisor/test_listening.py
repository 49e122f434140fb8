"""The listening socket: one clear sentence when it cannot be had."""

from __future__ import annotations

import socket

import pytest

from ledsite.problems import StartProblem
from ledsite.supervisor.listening import listen


def test_it_listens_at_once():
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname(), timeout=5):
        pass


def test_a_port_in_use_is_named():
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(StartProblem, match=f"^Port {port} on 127.0.0.1 is in use by another program: .*LEDSITE_BIND"):
            listen("127.0.0.1", port)


def test_a_foreign_address_is_named():
    with pytest.raises(StartProblem, match=r"^Port 80 on 192\.0\.2\.1 cannot be opened"):
        listen("192.0.2.1", 80)


def test_a_name_that_is_none_is_named():
    with pytest.raises(StartProblem, match="LEDSITE_BIND names no such host"):
        listen("no such host", 80)
