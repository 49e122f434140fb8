"""Judges what came of performances: pure sentences for a plugin's author, each an error, a warning or a note."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from display_app.authoring.rendering import ModeRendering, Rendering

FRAME_SECONDS = 1 / 60
STILL_DRAW_SECONDS = 0.25
LONGEST_DRAW_SECONDS = 1.0
LONGEST_UPDATE_SECONDS = 30.0


class Level(StrEnum):
    """How much a finding matters: an error fails the check."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing to know; `where` is a part of the plugin, or a mode with the sizes concerned."""

    level: Level
    where: str
    text: str


def of_load(rendering: Rendering) -> Iterator[Finding]:
    """Say why the plugin did not start, or what its update did without network."""
    where = f"{rendering.width}x{rendering.height}"
    if rendering.failed_at == "validate":
        yield Finding(Level.WARNING, where, f"It waits for settings: {rendering.reason} Give them with --config to check more.")
    elif rendering.failed_at:
        yield Finding(Level.ERROR, where, f"It fails at {_STEPS.get(rendering.failed_at, rendering.failed_at)}: {rendering.reason}")
    elif not rendering.is_complete:
        yield Finding(Level.ERROR, where, rendering.reason)
    if rendering.update_problem:
        text = f"update() raises without network: {rendering.update_problem}. Catch it, and show what you have."
        yield Finding(Level.WARNING, where, text)
    if rendering.update_seconds > LONGEST_UPDATE_SECONDS:
        yield Finding(Level.ERROR, where, f"update() takes {rendering.update_seconds:.0f} s without network; after 30 s it counts as hung.")


def of_mode(mode: ModeRendering, rendering: Rendering) -> Iterator[Finding]:
    """Say what one mode does on one size."""
    where = f"{mode.mode} at {rendering.width}x{rendering.height}"
    if mode.problem:
        yield Finding(Level.ERROR, where, f"display() raises {mode.problem}")
    elif not mode.is_done:
        return
    elif not mode.shots:
        answer = "says that it has nothing to show" if mode.declined else "never calls update_display()"
        yield Finding(Level.NOTE if mode.declined else Level.ERROR, where, f"Nothing is shown: it {answer}.")
    elif not mode.is_lit:
        yield Finding(Level.WARNING, where, "Every picture is black. Return False when there is nothing to show.")
    yield from _slowness(mode, rendering, where)
    if mode.cut:
        yield Finding(Level.WARNING, where, f"Text is cut off at the edge: {_quoted(mode.cut)}")
    if mode.touching:
        yield Finding(Level.NOTE, where, f"Text touches the left or right edge: {_quoted(mode.touching)}")


def _slowness(mode: ModeRendering, rendering: Rendering, where: str) -> Iterator[Finding]:
    taken = f"display() takes up to {mode.slowest * 1000:.0f} ms"
    if mode.slowest > LONGEST_DRAW_SECONDS:
        yield Finding(Level.ERROR, where, f"{taken}; without a picture after 1 s the panel goes on to the next plugin.")
    elif mode.slowest > STILL_DRAW_SECONDS:
        yield Finding(Level.WARNING, where, f"{taken}. Prepare pictures in update().")


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Join findings that say the same of several sizes; errors first."""
    together: dict[tuple[Level, str, str], list[str]] = {}
    for one in findings:
        mode, _, size = one.where.rpartition(" at ")
        together.setdefault((one.level, mode, one.text), []).append(size)
    order = list(Level)
    found = [Finding(level, _place(mode, sizes), text) for (level, mode, text), sizes in together.items()]
    return sorted(found, key=lambda one: order.index(one.level))


def _place(mode: str, sizes: list[str]) -> str:
    where = ", ".join(dict.fromkeys(sizes))
    return f"{mode} at {where}" if mode else where


def _quoted(texts: list[str]) -> str:
    shown = ", ".join(f'"{text}"' for text in texts[:4])
    return f"{shown} and {len(texts) - 4} more" if len(texts) > 4 else shown


_STEPS = {"import": "the import", "class": "finding its class", "construct": "construction"}
