"""The breaker for exceptions: three in a row open it for 300 s, then one trial; a failed trial doubles the wait, up to an hour. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

FAILURES_TO_OPEN = 3
FIRST_WAIT_SECONDS = 300.0
LONGEST_WAIT_SECONDS = 3600.0


@dataclass(frozen=True)
class Breaker:
    """`failures` in a row; `open_until` is None while calls are allowed; `wait` is how long it opens next time."""

    failures: int = 0
    open_until: float | None = None
    wait: float = FIRST_WAIT_SECONDS
    on_trial: bool = False

    def failed(self, now: float) -> Breaker:
        """Count an exception."""
        failures = self.failures + 1
        if self.open_until is not None or (failures < FAILURES_TO_OPEN and not self.on_trial):
            return replace(self, failures=failures)
        wait = min(self.wait * 2, LONGEST_WAIT_SECONDS) if self.on_trial else self.wait
        return Breaker(failures=failures, open_until=now + wait, wait=wait)

    def worked(self) -> Breaker:
        """Forget everything after a success."""
        return Breaker()

    def is_open(self) -> bool:
        """Tell whether the plugin is to be left alone."""
        return self.open_until is not None

    def try_again(self, now: float) -> Breaker:
        """Allow one trial once the wait is over."""
        if self.open_until is None or now < self.open_until:
            return self
        return replace(self, open_until=None, on_trial=True)
