"""Rows are read again after every commit, and only then."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from display_app.director.rows import LatestRows, read_rows
from display_app.models import DisplaySettings


@pytest.mark.django_db
def test_nothing_is_read_while_nobody_writes_and_every_change_is_seen():
    latest = LatestRows()
    first = latest.read(after_command=0)
    assert first == read_rows(after_command=0)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert latest.read(after_command=0) is first
    assert len(queries) == 0

    DisplaySettings.objects.update_or_create(pk=1, defaults={"brightness": 12})
    assert latest.read(after_command=0).settings.light.brightness == 12
    assert latest.read(after_command=5) == read_rows(after_command=5)
