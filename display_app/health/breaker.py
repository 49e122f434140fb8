"""The breaker for exceptions: three in a row open it for 300 s, then one trial; a failed trial doubles the wait, up to an hour. Pure.

The numbers are defaults: an owner can change them (hosting/limits.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from display_app.hosting.limits import DEFAULT, Limits


@dataclass(frozen=True)
class Breaker:
    """`failures` in a row; `open_until` is None while calls are allowed; `wait` is how long it was open last, 0 when never."""

    failures: int = 0
    open_until: float | None = None
    wait: float = 0.0
    on_trial: bool = False

    def failed(self, now: float, limits: Limits = DEFAULT) -> Breaker:
        """Count an exception."""
        failures = self.failures + 1
        if self.open_until is not None or (failures < limits.failures and not self.on_trial):
            return replace(self, failures=failures)
        wait = min(self.wait * 2, limits.longest_pause_seconds) if self.on_trial else limits.pause_seconds
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
