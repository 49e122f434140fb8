"""Strikes: one for each crash, kill or limit; five within ten minutes quarantine a plugin until a person releases it. Pure.

The numbers are defaults: an owner can change them (hosting/limits.py).

An update that did not end mostly waited for a network that is down. Its host is started again so late that an outage alone, however
long, never makes five strikes within ten minutes.
"""

from __future__ import annotations

from dataclasses import dataclass

from display_app.hosting.limits import DEFAULT, Limits

RESTART_DELAYS = (0.1, 0.5, 1.0, 2.0, 4.0)
OVERDUE_DELAYS = (60.0, 120.0, 300.0)


@dataclass(frozen=True)
class Strike:
    """When (seconds of a clock that only goes forward) and why; `is_overdue` when an update did not end."""

    at: float
    reason: str
    is_overdue: bool = False


def with_strike(strikes: tuple[Strike, ...], strike: Strike, limits: Limits = DEFAULT) -> tuple[Strike, ...]:
    """Return the strikes of the last ten minutes with one more."""
    return (*(old for old in strikes if strike.at - old.at < limits.strike_seconds), strike)


def is_too_many(strikes: tuple[Strike, ...], limits: Limits = DEFAULT) -> bool:
    """Tell whether these strikes lead to quarantine."""
    return len(strikes) >= limits.strikes


def restart_delay(strikes: tuple[Strike, ...], now: float, limits: Limits = DEFAULT) -> float:
    """Return the seconds to wait before a host is started again: longer with every recent strike."""
    recent = [strike for strike in strikes if now - strike.at < limits.strike_seconds]
    if not recent:
        return 0.0
    if recent[-1].is_overdue:
        return OVERDUE_DELAYS[min(sum(strike.is_overdue for strike in recent), len(OVERDUE_DELAYS)) - 1]
    return RESTART_DELAYS[min(len(recent), len(RESTART_DELAYS)) - 1]


def quarantine_sentence(strikes: tuple[Strike, ...], limits: Limits = DEFAULT) -> str:
    """Say why a plugin is quarantined."""
    return f"It had to be ended {len(strikes)} times within {_minutes(limits)}, the last time because {strikes[-1].reason}"


def _minutes(limits: Limits) -> str:
    return "a minute" if limits.strike_minutes == 1 else f"{limits.strike_minutes:g} minutes"
