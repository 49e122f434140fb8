"""The one thread that writes for the director: rows and log files, in order, so that its loop never waits for a lock or a disk."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, connection

ATTEMPTS = 5
PAUSE_SECONDS = 0.5

logger = logging.getLogger(__name__)


class Writer(threading.Thread):
    """Runs jobs one after another; a database that is busy is tried again, a disk that is full is told and left."""

    def __init__(self) -> None:
        super().__init__(name="writer", daemon=True)
        self._jobs: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()

    def put(self, job: Callable[[], object]) -> None:
        """Have something written."""
        self._jobs.put(job)

    def finish(self, *, timeout: float) -> None:
        """Write what waits and end."""
        self._jobs.put(None)
        self.join(timeout)

    def run(self) -> None:
        """Write until told to finish."""
        while (job := self._jobs.get()) is not None:
            self._do(job)
        connection.close()

    def _do(self, job: Callable[[], object]) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                job()
            except DatabaseError:
                if attempt == ATTEMPTS:
                    logger.exception("Could not be written, and is lost")
                    return
                connection.close()
                time.sleep(PAUSE_SECONDS)
            except OSError as error:
                logger.error("Could not be written: %s", error)
                return
            except Exception:  # the last resort of this loop: one bad job must not end it
                logger.exception("Could not be written, and is lost")
                return
            else:
                return
