"""The director's writer: a job that fails is lost, the next one is done."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from display_app.director import writer as writer_module
from display_app.director.handle import TALK_BURST, Talk
from display_app.director.writer import Writer


@pytest.mark.parametrize(
    "error", [DatabaseError("busy"), OSError("full"), UnicodeEncodeError("utf-8", "x", 0, 1, "half"), RecursionError()]
)
def test_a_bad_job_does_not_end_the_writer(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "PAUSE_SECONDS", 0.0)
    done: list[str] = []

    def fail() -> None:
        raise error

    writer = Writer()
    writer.put(fail)
    writer.put(lambda: done.append("next"))
    writer.start()
    writer.finish(timeout=5)
    assert done == ["next"]


def test_a_host_may_talk_in_bursts_but_not_without_end() -> None:
    talk = Talk(now=0.0)
    assert all(talk.has_room(now=0.0) for _ in range(TALK_BURST))
    assert not talk.has_room(now=0.0)
    assert talk.has_room(now=1.0)
