"""Threads that run behind the drawing of every host."""

from __future__ import annotations

import os
import threading

from display_app.hosting.ceilings import NICE_BESIDE, step_back


def test_a_thread_steps_back_alone():
    before, seen = os.getpriority(os.PRIO_PROCESS, 0), []

    def work() -> None:
        step_back()
        seen.append((os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [(NICE_BESIDE, os.SCHED_BATCH)]
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
