"""Strikes: one for each crash, kill or limit; five within ten minutes quarantine a plugin until a person releases it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

STRIKES_TO_QUARANTINE = 5
WINDOW_SECONDS = 600.0
RESTART_DELAYS = (0.1, 0.5, 1.0, 2.0, 4.0)


@dataclass(frozen=True)
class Strike:
    """When (seconds of a clock that only goes forward) and why."""

    at: float
    reason: str


def with_strike(strikes: tuple[Strike, ...], strike: Strike) -> tuple[Strike, ...]:
    """Return the strikes of the last ten minutes with one more."""
    return (*(old for old in strikes if strike.at - old.at < WINDOW_SECONDS), strike)


def is_too_many(strikes: tuple[Strike, ...]) -> bool:
    """Tell whether these strikes lead to quarantine."""
    return len(strikes) >= STRIKES_TO_QUARANTINE


def restart_delay(strikes: tuple[Strike, ...], now: float) -> float:
    """Return the seconds to wait before a host is started again: longer with every recent strike."""
    recent = sum(1 for strike in strikes if now - strike.at < WINDOW_SECONDS)
    return RESTART_DELAYS[min(recent, len(RESTART_DELAYS)) - 1] if recent else 0.0


def quarantine_sentence(strikes: tuple[Strike, ...]) -> str:
    """Say why a plugin is quarantined."""
    return f"It had to be ended {len(strikes)} times within 10 minutes, the last time because {strikes[-1].reason}"
