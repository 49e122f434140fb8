"""What `up` does before it forks."""

from __future__ import annotations

import gc
import sys
from typing import Any

import pytest
from django.db import connection

from ledsite.warmup import LISTS, MODULES, warm_up, warm_up_web
from ledsite.wsgi import application
from plugins_app.access import Role
from plugins_app.models import Revision
from tests.fakes.people import client_of
from tests.fakes.rows import make_offers, make_plugin


@pytest.fixture
def thawed():
    """Let the collector look at everything again afterwards."""
    yield
    gc.unfreeze()


@pytest.mark.django_db(transaction=True)
def test_everything_is_loaded_and_no_database_is_open(thawed):
    warm_up(application)
    assert not [name for name in MODULES if name not in sys.modules]
    assert connection.connection is None or connection.is_in_memory_db()
    assert gc.get_freeze_count() > 0


@pytest.mark.django_db(transaction=True)
def test_what_serves_has_both_lists_ready(django_assert_num_queries: Any) -> None:
    make_offers("hello")
    make_plugin("hello")
    Revision.bump("plugins", "store", "freshness")
    warm_up_web()
    client = client_of(Role.VIEWER)
    client.get("/api/v3/operations")  # now the token is known
    for address, queries in zip(LISTS, (2, 1), strict=True):
        with django_assert_num_queries(queries):
            assert client.get(address).json()["count"] == 1
