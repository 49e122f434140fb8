"""Time on a stage: it starts where it is told, moves frame by frame, and every module sees the same.

A stage is a process of its own, so its clocks are replaced for good, before anything that reads them is imported. Waiting with
`time.sleep` moves the time instead of spending it, and every look moves it by a microsecond, so that a loop which waits for a clock ends.
Other threads see the same time; what they wait for is real.
"""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable
from typing import Any

TICK = 1e-6
_WITH_SECONDS = ("localtime", "gmtime", "ctime")
_real_monotonic, _real_sleep = time.monotonic, time.sleep


class StageClock:
    """The time of a stage in seconds since 1970; `advance` moves it."""

    def __init__(self, start: float) -> None:
        self._start = start
        self._passed = 0.0
        self._owner = threading.get_ident()

    @property
    def passed(self) -> float:
        """Seconds since the stage began."""
        return self._passed

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._passed += max(0.0, seconds)

    def advance_to(self, passed: float) -> None:
        """Let time pass until so many seconds after the beginning; it never goes back."""
        self._passed = max(self._passed, passed)

    def wall(self) -> float:
        """Return the time of day, as `time.time` does."""
        return self._start + self._look()

    def monotonic(self) -> float:
        """Return the time as `time.monotonic` does."""
        return 1000.0 + self._look()

    def sleep(self, seconds: float) -> None:
        """Let time pass for the thread of the stage; another thread waits in earnest."""
        if threading.get_ident() == self._owner:
            self.advance(seconds)
        else:
            _real_sleep(seconds)

    def _look(self) -> float:
        if threading.get_ident() == self._owner:
            self._passed += TICK
        return self._passed

    def install(self) -> None:
        """Replace the clocks of this process: `time`, `datetime.datetime`, `datetime.date`."""
        functions: dict[str, Callable[..., Any]] = {
            "time": self.wall,
            "time_ns": lambda: int(self.wall() * 1e9),
            "monotonic": self.monotonic,
            "monotonic_ns": lambda: int(self.monotonic() * 1e9),
            "perf_counter": self.monotonic,
            "perf_counter_ns": lambda: int(self.monotonic() * 1e9),
            "sleep": self.sleep,
            **{name: _with_seconds(getattr(time, name), self.wall) for name in _WITH_SECONDS},
        }
        for name, function in functions.items():
            setattr(time, name, function)
        format_time, format_plain = time.strftime, time.asctime
        time.strftime = lambda form, moment=None: format_time(form, time.localtime() if moment is None else moment)
        time.asctime = lambda moment=None: format_plain(time.localtime() if moment is None else moment)
        date_class, datetime_class = _stage_dates(self.wall)
        datetime.date, datetime.datetime = date_class, datetime_class  # type: ignore[misc, assignment]


def real_monotonic() -> float:
    """Return seconds of the real clock, whatever the stage's says."""
    return _real_monotonic()


def real_sleep(seconds: float) -> None:
    """Wait in earnest."""
    _real_sleep(seconds)


def _with_seconds(real: Callable[..., Any], wall: Callable[[], float]) -> Callable[..., Any]:
    return lambda seconds=None: real(wall() if seconds is None else seconds)


class _AlsoReal(type):
    """Dates made in C are of the real class, and belong to the stage's class all the same."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.__mro__[1])

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, cls.__mro__[1])


def _stage_dates(wall: Callable[[], float]) -> tuple[type, type]:
    """Return classes for `datetime.date` and `datetime.datetime` whose present is the stage's."""

    class Date(datetime.date, metaclass=_AlsoReal):
        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(wall())

    class DateTime(datetime.datetime, metaclass=_AlsoReal):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return cls.fromtimestamp(wall(), tz)

        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(wall())

        @classmethod
        def utcnow(cls) -> Any:
            return cls.fromtimestamp(wall(), datetime.UTC).replace(tzinfo=None)

    Date.__name__ = Date.__qualname__ = "date"
    DateTime.__name__ = DateTime.__qualname__ = "datetime"
    return Date, DateTime
