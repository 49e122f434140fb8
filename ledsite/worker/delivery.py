"""Tasks out of a queue, and their results back into it, in django-q2's own format: at least once, whatever dies in between."""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError
from django_q.brokers import Broker
from django_q.monitor import save_cached, save_task
from django_q.signing import BadSignature, SignedPackage

logger = logging.getLogger(__name__)


def take_task(broker: Broker) -> dict[str, Any] | None:
    """Take a lease on the first task that waits and return it, None when there is none that can be read."""
    for key, package in broker.dequeue() or ():
        try:
            task: dict[str, Any] = SignedPackage.loads(package)
        except (TypeError, BadSignature):
            logger.exception("A task of the queue %s cannot be read and is thrown away", broker.list_key)
            broker.fail(key)
            return None
        return task | {"cluster": broker.list_key, "ack_id": key}
    return None


def settle(task: dict[str, Any], broker: Broker) -> None:
    """Keep the result where it is wanted and take the task out of the queue; one that stays there is done again, which does no harm."""
    (save_cached if task.get("cached") else save_task)(task, broker)
    if not task["success"]:
        logger.error("%s failed: %s", task["name"], task["result"])
    try:
        if task["success"] or task.get("ack_failure"):
            broker.acknowledge(task["ack_id"])
    except DatabaseError as error:
        logger.warning("%s was done and cannot be taken out of the queue now: %s", task["name"], error)
