"""Errors of plugin code that the contract swallows."""

from __future__ import annotations

import logging

import pytest

from display_app.runtime.guard import tolerate


def fail(error: Exception) -> None:
    raise error


def test_the_answer_or_the_fallback() -> None:
    assert tolerate(lambda: 3, fallback=4, what="a") == 3
    assert tolerate(lambda: int("x"), fallback=4, what="a") == 4


def test_an_error_is_logged_with_its_traceback_but_not_over_and_over(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        for _ in range(5):
            tolerate(lambda: fail(OSError("once")), fallback=None, what="a hook of this test")
        tolerate(lambda: fail(OSError("other")), fallback=None, what="a hook of this test")
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["once", "other"]


def test_an_order_to_end_is_not_swallowed() -> None:
    with pytest.raises(SystemExit):
        tolerate(lambda: fail(SystemExit(1)), fallback=None, what="a")  # type: ignore[arg-type]
