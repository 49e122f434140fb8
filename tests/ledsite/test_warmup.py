"""What `up` does before it forks."""

from __future__ import annotations

import gc
import sys

import pytest
from django.db import connection

from ledsite.warmup import MODULES, warm_up
from ledsite.wsgi import application


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
