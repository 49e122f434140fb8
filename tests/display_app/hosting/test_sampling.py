"""What a process uses, by /proc, of this very process."""

from __future__ import annotations

import os
from dataclasses import replace

from display_app.hosting.sampling import Sample, sample

MIB = 1024 * 1024
FAKE = Sample(memory_bytes=7, resident_bytes=0, threads=0, cpu_seconds=0.0)


def present() -> Sample:
    found = sample(os.getpid())
    assert found is not None
    return found


def test_it_measures_memory_threads_and_time():
    found = present()
    assert MIB < found.memory_bytes <= found.resident_bytes
    assert found.threads >= 1
    assert found.cpu_seconds > 0


def test_the_memory_found_last_holds_while_nothing_moves():
    last = replace(FAKE, resident_bytes=present().resident_bytes)
    found = sample(os.getpid(), last=last, watch_above=2**40)
    assert found is not None
    assert found.memory_bytes == 7
    assert found.threads >= 1


def test_the_memory_is_measured_anew_when_it_moved_or_comes_near_the_limit():
    for last, watch_above in ((FAKE, 2**40), (replace(FAKE, resident_bytes=present().resident_bytes), MIB)):
        found = sample(os.getpid(), last=last, watch_above=watch_above)
        assert found is not None
        assert found.memory_bytes > MIB


def test_a_process_that_is_gone_is_nothing():
    assert sample(2**22 + 7) is None
