"""The queues as rows (django-q2's ORM broker), with a datagram that tells the queue process to look as soon as a task is committed."""

from __future__ import annotations

from typing import Any

from django_q.brokers.orm import ORM

from plugins_app.models.stamp import Stamp, database_stamp
from plugins_app.wakeup import wake_queue


class WakingBroker(ORM):
    """Rows are the truth, and are looked at every few seconds in any case; a lost datagram costs only time."""

    _empty: Stamp | None = None  # the database in which this queue was found to be empty

    def enqueue(self, task: str) -> int:
        """Insert the row in the running transaction, and wake its queue after the commit."""
        key = int(super().enqueue(task))
        wake_queue(self.list_key)
        return key

    def dequeue(self) -> list[tuple[int, str]] | None:
        """Take a lease on the next task; an empty queue is not searched again before somebody has written to the database."""
        stamp = database_stamp()
        if stamp == self._empty:
            return None
        found: list[tuple[int, str]] | None = super().dequeue()
        self._empty = None if found or self._rows().exists() else stamp  # a row whose lease runs out is no reason to sleep
        return found

    def _rows(self) -> Any:
        return self.get_connection().filter(key=self.list_key)
