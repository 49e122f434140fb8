"""Tells how an operation gets on: percent and log lines, written at most twice a second."""

from __future__ import annotations

import time
from collections.abc import Callable

from plugins_app.models import Operation, OperationLog

INTERVAL = 0.5
MAX_LINE = 2000
MAX_LINES = 2000

Reporter = Callable[[str], None]


class Progress:
    """Collects what is new and writes it in one go; `reporter` also gets every line at once (for commands)."""

    def __init__(
        self,
        operation_id: int,
        *,
        token: str,
        reporter: Reporter | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._operation_id, self._token = operation_id, token
        self._reporter, self._clock = reporter, clock
        self._lines: list[OperationLog] = []
        self._written_lines = 0
        self._percent: int | None = None
        self._written_at = 0.0
        self._is_cancelled = False

    def line(self, text: str, *, level: str = "info") -> None:
        """Add a log line."""
        if self._reporter is not None:
            self._reporter(text)
        if self._written_lines + len(self._lines) < MAX_LINES or level != "info":
            self._lines.append(OperationLog(operation_id=self._operation_id, level=level, text=text[:MAX_LINE]))
        self._flush_when_due()

    def percent(self, value: float) -> None:
        """Say how far it is, 0 to 100."""
        self._percent = max(0, min(100, int(value)))
        self._flush_when_due()

    def is_cancelled(self) -> bool:
        """Tell whether a person asked it to stop; looks at the row at most twice a second."""
        self._flush_when_due()
        return self._is_cancelled

    def flush(self) -> None:
        """Write what is new and read whether to stop."""
        lines, self._lines = self._lines, []
        self._written_lines += len(lines)
        self._written_at = self._clock()
        if lines:
            OperationLog.objects.bulk_create(lines)
        mine = Operation.objects.filter(pk=self._operation_id, owner=self._token)
        if self._percent is not None:
            mine.update(progress=self._percent)
            self._percent = None
        self._is_cancelled = mine.filter(cancel_requested=True).exists()

    def _flush_when_due(self) -> None:
        if self._clock() - self._written_at >= INTERVAL:
            self.flush()
