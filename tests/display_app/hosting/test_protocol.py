"""Messages on their way: round trips, and what a plugin's process could send instead."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display_app.hosting.channel import Channel, Closed, memory_file, read_memory_file
from display_app.hosting.protocol import (
    MAX_PACKET,
    Collect,
    Content,
    Drawn,
    Live,
    Loaded,
    ProtocolProblem,
    Published,
    SettingsSaved,
    Show,
    Stop,
    decode,
    encode,
)

MESSAGES = [
    Show(3, "clock", 15.0, 0.0, 180.0, True),
    Collect(4, "static", 8, 100, True, 128),
    Content(4, "scroll", 300, 1, ""),
    Stop(),
    Loaded(("a", "b"), 0.25),
    Drawn(3, True, 15.0, 60.0, True, False),
    SettingsSaved({"feeds": [1, {"a": None}]}),
    Published(3),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_arrives_as_it_was(message: object) -> None:
    assert decode(encode(message)) == message  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"is": "Nonsense"}',
        b'{"is": ["Stop"]}',
        b'{"is": "Stop", "more": 1}',
        b'{"is": "Live"}',
        b'{"is": "Live", "modes": "abc"}',
        b'{"is": "Live", "modes": [1]}',
        b'{"is": "Published", "turn": true}',
        b'{"is": "Published", "turn": "1"}',
        b'{"is": "Published", "turn": 1.5}',
        json.dumps({"is": "Loaded", "modes": [], "seconds": float("nan")}).encode(),
        json.dumps({"is": "Loaded", "modes": ["m"] * 500, "seconds": 1}).encode(),
        b"[" * 100_000,
        b'{"is": "SettingsSaved", "section": {"a": NaN}}',
        b'{"is": "SettingsSaved", "section": {"a": %d}}' % 2**64,
        b'{"is": "SettingsSaved", "section": {"a": "\\ud800"}}',
        b'{"is": "SettingsSaved", "section": {"\\ud800": 1}}',
        b'{"is": "SettingsSaved", "section": {"a": %s}}' % (b"[" * 200 + b"]" * 200),
    ],
)
def test_rubbish_is_refused(packet: bytes) -> None:
    with pytest.raises(ProtocolProblem):
        decode(packet)


def test_half_of_a_character_leaves_as_a_question_mark() -> None:
    assert decode(encode(Loaded(("a\udc80",), 0.25))) == Loaded(("a?",), 0.25)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(packet: bytes) -> None:
    try:
        decode(packet)
    except ProtocolProblem:
        return


def test_what_is_too_long_is_not_sent() -> None:
    with pytest.raises(ProtocolProblem):
        encode(SettingsSaved({"text": "x" * MAX_PACKET}))


def test_a_channel_carries_messages_and_descriptors_and_never_waits() -> None:
    ours, socket = Channel.pair()
    theirs = Channel(socket)
    assert ours.receive() is None
    assert theirs.receive() is None
    fd = memory_file("settings", b"long text")
    ours.send(Live(("a",)), (fd,))
    os.close(fd)
    received = theirs.receive()
    assert received is not None
    message, fds = received
    assert message == Live(("a",))
    assert read_memory_file(fds[0]) == b"long text"
    theirs.close()
    with pytest.raises(Closed):
        ours.receive()
    with pytest.raises(Closed):
        ours.send(Stop())
    ours.close()


def test_a_listener_that_does_not_keep_up_is_not_waited_for() -> None:
    ours, socket = Channel.pair()
    with socket:
        while ours.send(Live(("m" * 1000,))):
            pass
        ours.offer(encode(Stop()))
    ours.close()


def test_rubbish_on_a_channel_closes_the_descriptors_that_came_with_it() -> None:
    ours, socket = Channel.pair()
    theirs = Channel(socket)
    before = len(os.listdir("/proc/self/fd"))
    fd = memory_file("x", b"")
    theirs.send_packet(b"rubbish", (fd,))
    os.close(fd)
    with pytest.raises(ProtocolProblem):
        ours.receive()
    assert len(os.listdir("/proc/self/fd")) == before
    ours.close()
    theirs.close()


def test_what_is_said_with_every_frame_is_read_once() -> None:
    ours, socket = Channel.pair()
    theirs = Channel(socket)
    heard = []
    for turn in (1, 1, 2, 1):
        theirs.offer(encode(Published(turn)))
        heard.append(ours.receive())
    assert [received and received[0] for received in heard] == [Published(1), Published(1), Published(2), Published(1)]
    assert heard[0] is not None and heard[1] is not None and heard[0][0] is heard[1][0]
    ours.close()
    theirs.close()
