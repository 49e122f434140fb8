"""A notification comes by the transition that is set, and pages of one do not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from display_app.director.notices import Notices
from display_app.director.panel import Panel
from display_app.director.rows import Rows, WaitingNotice
from display_app.director.writer import Writer
from display_app.rotation.notices import Surroundings

WIDTH, HEIGHT = 32, 16
RED = bytes((200, 0, 0)) * WIDTH * HEIGHT


def test_it_comes_by_the_transition_that_is_set(tmp_path: Path) -> None:
    panel = Panel(tmp_path, width=WIDTH, height=HEIGHT)
    notices = Notices(panel, Writer(), wall_clock=lambda _: None)
    panel.put(RED)
    row = WaitingNotice(1, "one two three four five", b"", "#00ff00", False, 10.0, timezone.now() + timedelta(minutes=1))
    notices.settle(Rows(notices=(row,)))
    notices.transition = ("wipe", 3.0)
    notices.look(Surroundings(now=100.0))
    assert notices.is_showing and panel.due_in(0.0) < float("inf")
    panel.set_light(power=False, brightness=50)
    assert panel.due_in(0.0) == float("inf")
    notices.look(Surroundings(now=109.0))
    assert panel.due_in(0.0) == float("inf")
    panel.close()
