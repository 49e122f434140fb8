"""Judges what came of performances: for a plugin's author, what is wrong, why it matters, and what to do. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from display_app.authoring.rendering import ModeRendering, Rendering

STILL_DRAW_SECONDS = 0.25
LONGEST_DRAW_SECONDS = 1.0
LONGEST_UPDATE_SECONDS = 30.0
SLOW = "slow"


class Level(StrEnum):
    """How much a finding matters: an error fails the check."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing to know. `where` is a part of the plugin, a size, or a mode with a size; `mark` one word for a table."""

    level: Level
    where: str
    text: str
    why: str = ""
    do: str = ""
    mark: str = ""


def of_load(rendering: Rendering) -> Iterator[Finding]:
    """Say why the plugin did not start, or what its update did."""
    where = f"{rendering.width}x{rendering.height}"
    if rendering.failed_at == "validate":
        text = f"It waits for settings: {rendering.reason}"
        yield Finding(
            Level.WARNING,
            where,
            text,
            why="validate_config() says no, so it is shown as one that needs configuration.",
            do="Give what it needs with --config to have the rest checked.",
        )
    elif rendering.failed_at:
        text = f"It fails at {_STEPS.get(rendering.failed_at, rendering.failed_at)}: {rendering.reason}"
        yield Finding(Level.ERROR, where, text, why="It is never shown.", do=_HOW_TO_START.get(rendering.failed_at, ""))
    elif not rendering.is_complete:
        yield Finding(
            Level.ERROR,
            where,
            rendering.reason,
            why="On the panel its process is ended, and after some of that the plugin is put aside.",
            do="Give every request a timeout, and end every loop.",
        )
    yield from _of_update(rendering, where)


def of_mode(mode: ModeRendering, rendering: Rendering) -> Iterator[Finding]:
    """Say what one mode does on one size."""
    where = f"{mode.mode} at {rendering.width}x{rendering.height}"
    if mode.problem:
        why, do = "The panel goes on to the next plugin.", "Catch what may be missing, and return False when there is nothing to show."
        yield Finding(Level.ERROR, where, f"display() raises {mode.problem}", why, do, "raises")
    elif not mode.is_done:
        return
    elif not mode.shots:
        yield _without_picture(mode, rendering, where)
    elif not mode.is_lit:
        why = _what_was_refused(rendering) or "A black panel looks broken, and takes its time from other plugins."
        yield Finding(Level.WARNING, where, "Every picture is black.", why, _with_answers(rendering, "Return False"), "black")
    yield from _slowness(mode, where)
    if mode.cut:
        text, do = f"Text is cut off at the edge: {_quoted(mode.cut)}", "Use a smaller font, shorten it, or scroll it."
        yield Finding(Level.WARNING, where, text, "Nobody can read it on this panel.", do, "cut")
    if mode.touching:
        text = f"Text touches the left or right edge: {_quoted(mode.touching)}"
        yield Finding(Level.NOTE, where, text, "It fits by chance.", "See that longer ones fit, too.")


def merged(findings: Iterable[Finding], sizes: int = 0) -> list[Finding]:
    """Join findings that say the same of several sizes, then of several modes; errors first. `sizes`: how many there are in all."""
    by_size: dict[tuple[Finding, str], list[str]] = {}
    by_mode: dict[tuple[Finding, str], list[str]] = {}
    slowest: dict[tuple[Level, str], Finding] = {}
    for one in findings:
        mode, _, size = one.where.rpartition(" at ")
        same = slowest.setdefault((one.level, mode), one) if one.mark == SLOW else one
        by_size.setdefault((replace(same, where=""), mode), []).append(size)
    for (one, mode), found in by_size.items():
        by_mode.setdefault((one, _sizes(found, sizes)), []).append(mode)
    joined = [replace(one, where=_place(modes, place)) for (one, place), modes in by_mode.items()]
    return sorted(joined, key=lambda one: list(Level).index(one.level))


def _of_update(rendering: Rendering, where: str) -> Iterator[Finding]:
    if rendering.update_problem:
        text = f"update() raises {rendering.update_problem}"
        why = _what_was_refused(rendering) or "Three times in a row, and the plugin has a pause of five minutes."
        yield Finding(Level.WARNING, where, text, why, "Catch it, and show what you have.")
    if rendering.update_seconds > LONGEST_UPDATE_SECONDS:
        text = f"update() takes {rendering.update_seconds:.0f} s without network."
        yield Finding(Level.ERROR, where, text, "After 30 s it counts as hung.", "Use shorter timeouts, and fetch less at once.")


def _without_picture(mode: ModeRendering, rendering: Rendering, where: str) -> Finding:
    if mode.declined:
        why = _what_was_refused(rendering) or "That is how a mode says so; the panel goes on to the next."
        do = _with_answers(rendering, "")
        return Finding(Level.NOTE, where, "It says that it has nothing to show.", why, do, "nothing")
    why, do = "A picture that is not sent is not shown.", "Call update_display() when it is drawn, or return False."
    return Finding(Level.ERROR, where, "It never calls update_display().", why, do, "no picture")


def _slowness(mode: ModeRendering, where: str) -> Iterator[Finding]:
    text, do = f"display() takes up to {mode.slowest * 1000:.0f} ms.", "Fetch and prepare pictures in update()."
    if mode.slowest > LONGEST_DRAW_SECONDS:
        yield Finding(Level.ERROR, where, text, "Without a picture after 1 s the panel goes on to the next plugin.", do, SLOW)
    elif mode.slowest > STILL_DRAW_SECONDS:
        yield Finding(Level.WARNING, where, text, "A smaller computer takes several times as long.", do, SLOW)


def _what_was_refused(rendering: Rendering) -> str:
    """Say which requests were refused, empty when none were."""
    if not rendering.refused:
        return ""
    more = len(rendering.refused) - 1
    others = f" and {more} more" if more else ""
    return f"The web was refused: {rendering.refused[0]}{others}."


def _with_answers(rendering: Rendering, otherwise: str) -> str:
    """Advise to give it data where it was refused some."""
    if not rendering.refused:
        return f"{otherwise} when there is nothing to show." if otherwise else ""
    words = "--record FILE lets it into the web once; --answers FILE checks it with what that said."
    return f"{otherwise} while there is nothing to show. {words}" if otherwise else words


def _place(modes: list[str], sizes: str) -> str:
    names = ", ".join(filter(None, modes))
    return f"{names} at {sizes}" if names else sizes


def _sizes(found: list[str], total: int) -> str:
    names = list(dict.fromkeys(found))
    return "every size" if total > 1 and len(names) == total else ", ".join(names)


def _quoted(texts: list[str]) -> str:
    shown = ", ".join(f'"{text}"' for text in texts[:4])
    return f"{shown} and {len(texts) - 4} more" if len(texts) > 4 else shown


_STEPS = {"import": "the import", "class": "finding its class", "construct": "construction"}
_HOW_TO_START = {
    "import": "Ship what it imports, or name it in requirements.txt; here --deps FOLDER gives packages.",
    "class": "Let class_name in manifest.json name the class, and entry_point its module.",
    "construct": "Let __init__ only take note of settings; fetch in update().",
}
