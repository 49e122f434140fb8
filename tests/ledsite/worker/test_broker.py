"""An empty queue is searched again when somebody has written, and only then; a task that is done at the moment is no empty queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ

from ledsite.worker.broker import WakingBroker

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker() -> WakingBroker:
    return WakingBroker("slow")


def test_an_empty_queue_is_not_searched_again_while_nobody_writes(broker: WakingBroker) -> None:
    assert not broker.dequeue()
    with CaptureQueriesContext(connection) as queries:
        assert not broker.dequeue()
    assert len(queries) == 0


def test_a_task_is_found_though_the_queue_was_empty(broker: WakingBroker) -> None:
    assert not broker.dequeue()
    key = WakingBroker("slow").enqueue("a task")
    assert broker.dequeue() == [(key, "a task")]


def test_a_queue_with_a_task_that_is_leased_is_searched_again_though_nobody_has_written(broker: WakingBroker) -> None:
    OrmQ.objects.create(key="slow", payload="a task", lock=timezone.now() + timedelta(minutes=1))
    assert not broker.dequeue()
    with CaptureQueriesContext(connection) as queries:
        assert not broker.dequeue()
    assert len(queries) > 0
