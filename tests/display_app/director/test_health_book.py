"""The log says once why a plugin does not start, not at every attempt."""

from __future__ import annotations

import logging

import pytest

from display_app.director.health import HealthBook
from display_app.director.rows import Wanted
from display_app.director.writer import Writer
from display_app.hosting.protocol import LoadFailed

pytestmark = pytest.mark.django_db


def test_a_failure_to_start_is_logged_when_it_changes(caplog: pytest.LogCaptureFixture) -> None:
    book = HealthBook(Writer())
    wanted = Wanted("news", "News", "1", "g1", position=0, introduced_at=None, incompatible="", settings_revision=1)
    with caplog.at_level(logging.WARNING):
        for reason in ("No key.", "No key.", "No key.", "The key is wrong."):
            book.did_not_load(wanted, LoadFailed("validate", reason, ""))
    assert [record.getMessage() for record in caplog.records] == ["news did not start: No key.", "news did not start: The key is wrong."]
