"""What a host tells about the code it runs: which calls are under way, which failed, and a beat every second."""

from __future__ import annotations

import logging
import os
import threading
import time
import traceback
from collections.abc import Callable
from typing import NoReturn, Self

import requests
import urllib3

from display_app.hosting.channel import Channel
from display_app.hosting.heartbeat import Beat, BeatWriter
from display_app.hosting.limits import DEFAULT
from display_app.hosting.order import EXIT_OUT_OF_MEMORY, EXIT_TOO_MANY_THREADS
from display_app.hosting.protocol import Failed, Worked

BEAT_SECONDS = 1.0
NETWORK_ERRORS = (requests.RequestException, urllib3.exceptions.HTTPError, ConnectionError, TimeoutError)

logger = logging.getLogger(__name__)


class Call:
    """One kind of call into the plugin, made `with` it: since when one runs, how many there were, how long the last took."""

    def __init__(self) -> None:
        self.since = 0.0
        self.count = 0
        self.last_seconds = 0.0

    def __enter__(self) -> Self:
        """Mark a call as under way."""
        self.since = time.monotonic()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.last_seconds = time.monotonic() - self.since
        self.since = 0.0
        self.count += 1

    def running_for(self) -> float:
        """Return the seconds that the running call has taken; 0 when none runs."""
        since = self.since
        return time.monotonic() - since if since else 0.0


class Reporter:
    """Tells the director of failures, and when everything that failed works again."""

    def __init__(self, control: Channel, *, most_threads: int = DEFAULT.threads) -> None:
        self._control = control
        self._most_threads = most_threads
        self._failing: set[str] = set()

    def guarded(self, where: str, call: Callable[[], object]) -> bool:
        """Run plugin code; an exception becomes a log entry and a message, and False is returned."""
        try:
            call()
        except MemoryError:
            self.give_up(where)
        except (Exception, SystemExit) as error:
            logger.exception("%s failed", where)
            self._failing.add(where)
            self._control.send(Failed(where, _sentence(error), traceback.format_exc()[-8000:], _is_network(error)))
            return False
        if where in self._failing:
            self._failing.discard(where)
            if not self._failing:
                self._control.send(Worked())
        return True

    def give_up(self, where: str) -> NoReturn:
        """End this process, whose plugin wanted more than the kernel gives, itself or for its threads; what it left cannot be trusted."""
        code = EXIT_TOO_MANY_THREADS if threading.active_count() > self._most_threads else EXIT_OUT_OF_MEMORY
        try:
            logger.exception("%s ran out of memory", where)
        finally:
            os._exit(code)


class Pulse(threading.Thread):
    """Writes a beat every second; its silence means that something holds the interpreter."""

    def __init__(self, page: BeatWriter, measure: Callable[[], Beat]) -> None:
        super().__init__(name="pulse", daemon=True)
        self._page = page
        self._measure = measure

    def run(self) -> None:
        """Beat until the process ends."""
        while True:
            self._page.write(self._measure(), at=time.monotonic())
            time.sleep(BEAT_SECONDS)


def _sentence(error: BaseException) -> str:
    text = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _is_network(error: BaseException) -> bool:
    return isinstance(error, NETWORK_ERRORS) or type(error).__module__.partition(".")[0] == "http"
