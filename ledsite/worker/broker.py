"""The queues as rows (django-q2's ORM broker), with a datagram that tells the queue process to look as soon as a task is committed."""

from __future__ import annotations

from django_q.brokers.orm import ORM

from plugins_app.wakeup import wake_queue


class WakingBroker(ORM):
    """Rows are the truth, and are looked at every few seconds in any case; a lost datagram costs only time."""

    def enqueue(self, task: str) -> int:
        """Insert the row in the running transaction, and wake its queue after the commit."""
        key = int(super().enqueue(task))
        wake_queue(self.list_key)
        return key
