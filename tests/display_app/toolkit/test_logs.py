"""Loggers for plugins."""

from __future__ import annotations

import logging

import pytest

from display_app.toolkit.logs import get_logger


def test_a_logger_by_name() -> None:
    assert get_logger("sample") is logging.getLogger("sample")


def test_with_an_id_its_records_carry_it(caplog: pytest.LogCaptureFixture) -> None:
    get_logger("sample", plugin_id="clock").warning("hello")
    assert caplog.records[-1].plugin_id == "clock"
