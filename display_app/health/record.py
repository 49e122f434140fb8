"""One plugin's health as the director knows it: strikes, breaker, the last error and why it must not run. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from display_app.health.breaker import Breaker
from display_app.health.strikes import Strike, is_too_many, quarantine_sentence, restart_delay, with_strike
from display_app.hosting.limits import DEFAULT, Limits

FIRST_RETRY_SECONDS = 60.0
LONGEST_RETRY_SECONDS = 3600.0


@dataclass(frozen=True)
class Record:
    """The health of one generation of a plugin; times are of a clock that only goes forward."""

    plugin_id: str
    generation: str = ""
    strikes: tuple[Strike, ...] = ()
    breaker: Breaker = field(default_factory=Breaker)
    restarts: int = 0
    last_error: str = ""
    last_traceback: str = ""
    quarantine_reason: str = ""
    start_after: float = 0.0
    load_failures: int = 0
    failed_at: str = ""
    is_offline: bool = False

    def struck(self, now: float, reason: str, *, is_overdue: bool = False, limits: Limits = DEFAULT) -> Record:
        """Count a crash, kill or limit, or an update that did not end; the fifth quarantines."""
        strikes = with_strike(self.strikes, Strike(now, reason, is_overdue), limits)
        return replace(
            self,
            strikes=strikes,
            restarts=self.restarts + 1,
            last_error=reason,
            last_traceback="",
            start_after=now + restart_delay(strikes, now, limits),
            quarantine_reason=quarantine_sentence(strikes, limits) if is_too_many(strikes, limits) else "",
        )

    def raised(self, now: float, reason: str, traceback: str, *, network: bool, limits: Limits = DEFAULT) -> Record:
        """Count an exception of update or display."""
        return replace(self, breaker=self.breaker.failed(now, limits), last_error=reason, last_traceback=traceback, is_offline=network)

    def worked(self) -> Record:
        """Note a success after failures."""
        return replace(self, breaker=self.breaker.worked(), is_offline=False)

    def loaded(self) -> Record:
        """Note that the plugin was constructed."""
        return replace(self, load_failures=0, failed_at="")

    def did_not_load(self, now: float, at: str, reason: str, traceback: str) -> Record:
        """Note why the plugin did not start, and when to try again."""
        wait = min(FIRST_RETRY_SECONDS * 2**self.load_failures, LONGEST_RETRY_SECONDS)
        return replace(
            self,
            load_failures=self.load_failures + 1,
            failed_at=at,
            last_error=reason,
            last_traceback=traceback,
            start_after=now + wait,
        )

    def fault(self) -> str:
        """Say what speaks against this generation, empty when nothing does; a network that is down is nobody's fault."""
        if faults := [strike.reason for strike in self.strikes if not strike.is_overdue]:
            return faults[-1]
        if self.load_failures:
            return f"It does not start: {self.last_error}"
        return f"It raised again and again: {self.last_error}" if self.breaker.is_open() and not self.is_offline else ""

    def may_start(self, now: float) -> bool:
        """Tell whether its host may be started now."""
        return not self.quarantine_reason and now >= self.start_after

    def is_held_back(self, now: float) -> bool:
        """Tell whether a failure keeps it from running now: a wait, an open breaker, a start that failed, quarantine."""
        return bool(self.quarantine_reason or self.failed_at) or self.breaker.is_open() or self.start_after > now

    def released(self) -> Record:
        """Give it another chance: a person said so, its settings changed, or another version is in place."""
        return Record(
            self.plugin_id, self.generation, restarts=self.restarts, last_error=self.last_error, last_traceback=self.last_traceback
        )
