"""When a crashed process is tried again."""

from __future__ import annotations

import pytest

from ledsite.supervisor.backoff import next_delay, recent


@pytest.mark.parametrize(("failures", "delay"), [(1, 0.1), (2, 0.5), (3, 1.0), (4, 2.0), (5, None), (9, None)])
def test_the_fifth_failure_within_a_minute_is_the_last(failures, delay):
    assert next_delay([100.0 + number for number in range(failures)], now=110.0) == delay


def test_old_failures_are_forgiven():
    assert recent([0.0, 39.9, 40.1, 99.0], now=100.0) == [40.1, 99.0]
    assert next_delay([0.0, 1.0, 2.0, 3.0, 99.0], now=100.0) == 0.1
