"""What one plugin may use: the numbers, which an owner can change, each with its default, its range and its words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, Self

MIB = 1024 * 1024
HARD_MEMORY = 1.5  # the kernel's limit, as a multiple of what the director allows: for what grows between two looks
RESERVED_MB = 64  # address space that a host has and never fills: the kernel counts it


def _number(default: float, low: float, high: float, *, title: str, note: str, unit: str = "seconds") -> Any:
    return field(default=default, metadata={"low": low, "high": high, "title": title, "note": note, "unit": unit})


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Seconds, bytes and counts; what is beyond them passes the turn on, ends a host, quarantines a plugin or leaves it alone."""

    turn_seconds: float = _number(
        1.0, 0.2, 10.0, title="First picture of a turn", note="A plugin that brings no new picture in this time is passed over."
    )
    construct_seconds: float = _number(60.0, 2.0, 600.0, title="Start", note="Importing and constructing a plugin.")
    first_display_seconds: float = _number(30.0, 1.0, 300.0, title="First drawing", note="The first display() of a started plugin.")
    display_seconds: float = _number(10.0, 1.0, 300.0, title="Drawing", note="Every display() after the first.")
    update_seconds: float = _number(30.0, 1.0, 600.0, title="Update", note="update(), which fetches data.")
    update_grace_seconds: float = _number(90.0, 0.0, 600.0, title="Grace for an update", note="How much longer a slow network may take.")
    silence_seconds: float = _number(
        30.0, 3.0, 300.0, title="Silence", note="A process that gives no sign of life for so long is ended, whatever it does."
    )
    stop_seconds: float = _number(2.0, 0.5, 30.0, title="Clean-up", note="What a plugin may take when it is asked to end.")
    memory_mb: int = _number(
        256,
        64,
        4096,
        title="Memory",
        unit="MB",
        note="More ends the plugin. The kernel refuses much more than that, from its next start.",
    )
    threads: int = _number(200, 20, 2000, title="Threads", unit="at once", note="More ends the plugin.")
    strikes: int = _number(5, 2, 50, title="Crashes until quarantine", unit="times", note="Each crash, kill or broken limit is one.")
    strike_minutes: float = _number(10.0, 1.0, 1440.0, title="Within", unit="minutes", note="Older crashes are forgotten.")
    failures: int = _number(3, 1, 50, title="Errors until a pause", unit="in a row", note="Exceptions of update() or display().")
    pause_seconds: float = _number(300.0, 10.0, 86400.0, title="First pause", note="Then it is tried once; each failure doubles the pause.")
    longest_pause_seconds: float = _number(3600.0, 10.0, 86400.0, title="Longest pause", note="The doubling ends here.")

    @classmethod
    def of(cls, changed: object) -> Self:
        """Return the defaults with what an owner has `changed`; what is unknown or out of range counts as not changed."""
        if not isinstance(changed, Mapping):
            return cls()
        given = [(each, changed[each.name]) for each in fields(cls) if each.name in changed]
        good: dict[str, Any] = {each.name: _typed(each, value) for each, value in given if not problem(each, value)}
        return cls(**good)

    @property
    def hard_memory_bytes(self) -> int:
        """Return the size at which the kernel refuses a host more memory."""
        return int(self.memory_mb * HARD_MEMORY + RESERVED_MB) * MIB

    @property
    def strike_seconds(self) -> float:
        """Return for how long a strike counts."""
        return self.strike_minutes * 60


DEFAULT = Limits()


def in_words(seconds: float) -> str:
    """Return a length of time as it stands in a sentence."""
    return "a second" if seconds == 1 else f"{seconds:g} seconds"


def problem(each: Field[Any], value: object) -> str | None:
    """Return what is wrong with a value for one of the numbers; None when nothing is."""
    low, high, is_whole = each.metadata["low"], each.metadata["high"], each.type == "int"
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high and not (is_whole and value % 1):
        return None
    return f"must be a {'whole ' if is_whole else ''}number from {low:g} to {high:g}"


def problem_of(changed: object) -> str | None:
    """Return what is wrong with an object of changed numbers; null stands for the default."""
    if not isinstance(changed, dict):
        return "must be an object of names and numbers"
    known = {each.name: each for each in fields(Limits)}
    for name, value in changed.items():
        if name not in known:
            return f"has no {str(name)[:40]!r}; known are {', '.join(known)}"
        if value is not None and (wrong := problem(known[name], value)):
            return f"{name} {wrong}"
    return None


def merged(old: object, changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what differs from the defaults after a checked change."""
    values = {**(old if isinstance(old, dict) else {}), **changed}
    typed = {each.name: _typed(each, values[each.name]) for each in fields(Limits) if values.get(each.name) is not None}
    return {name: value for name, value in typed.items() if value != getattr(DEFAULT, name)}


def _typed(each: Field[Any], value: Any) -> float:
    return int(value) if each.type == "int" else float(value)
