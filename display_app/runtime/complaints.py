"""What a plugin logged while it refused something: the reason that it gives by writing a log line and returning False."""

from __future__ import annotations

import logging
from types import TracebackType

LONGEST = 200


class Complaints(logging.Handler):
    """A context manager that listens to all loggers; `last` is the last error (or else warning) heard, as one line."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._record: logging.LogRecord | None = None

    @property
    def last(self) -> str:
        """The message, shortened, without a full stop; empty when nothing was heard."""
        if self._record is None:
            return ""
        return " ".join(self._record.getMessage().split())[:LONGEST].rstrip(". ")

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record unless a worse one was heard before."""
        if self._record is None or record.levelno >= self._record.levelno:
            self._record = record

    def __enter__(self) -> Complaints:
        logging.getLogger().addHandler(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        logging.getLogger().removeHandler(self)
