"""The report of a check: a table of modes and sizes, then each problem with what, why and what to do; as text or as JSON. Pure."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator
from typing import Any

from display_app.authoring.findings import Finding, Level, of_mode
from display_app.authoring.rendering import Rendering
from plugins_app.package.manifest import Manifest

WIDTH = 100
INDENT = 10


def as_text(manifest: Manifest | None, renderings: list[Rendering], findings: list[Finding]) -> Iterator[str]:
    """Yield the lines of a report for people."""
    if manifest is not None:
        refused = renderings[0].network if renderings else ""
        yield f"{manifest.name} {manifest.version} ({manifest.id}), network {f'refused by {refused}' if refused else 'not refused'}"
    yield from _table(renderings)
    for number, one in enumerate(findings, 1):
        yield ""
        yield from _paragraph(f"{number}. {one.level.value}", one.text)
        for name, text in (("where", one.where), ("why", one.why), ("do", one.do)):
            yield from _paragraph(f"   {name}", text)
    yield ""


def as_json(manifest: Manifest | None, renderings: list[Rendering], findings: list[Finding], *, is_good: bool) -> dict[str, Any]:
    """Return the report for programs."""
    about = None if manifest is None else {"id": manifest.id, "name": manifest.name, "version": manifest.version}
    return {
        "plugin": about,
        "can_be_published": is_good,
        "sizes": [
            {
                "size": f"{one.width}x{one.height}",
                "network": f"refused by {one.network}" if one.network else "",
                "update_seconds": one.update_seconds,
                "modes": {name: _mark(one, name) for name in one.mode_names},
                "refused": one.refused,
            }
            for one in renderings
        ],
        "findings": [{name: getattr(one, name) for name in ("level", "where", "text", "why", "do")} for one in findings],
    }


def verdict(findings: list[Finding], *, is_good: bool) -> str:
    """Say in one line how it ended."""
    counts = Counter(one.level for one in findings)
    said = [f"{counts[level]} {level.value}{'s' if counts[level] > 1 else ''}" for level in Level if counts[level]]
    return f"{', '.join(said) or 'Nothing to mend'}. It {'can' if is_good else 'cannot'} be published{'' if is_good else ' as it is'}."


def _table(renderings: list[Rendering]) -> Iterator[str]:
    """Show what each mode does at each size."""
    names = list(dict.fromkeys(name for one in renderings for name in one.mode_names))
    if not names:
        return
    wide = min(max(map(len, names)), 40)
    yield ""
    yield f"{'':<{wide}}  " + " ".join(f"{f'{one.width}x{one.height}':<10}" for one in renderings).rstrip()
    for name in names:
        yield f"{name[:wide]:<{wide}}  " + " ".join(f"{_mark(one, name):<10}" for one in renderings).rstrip()


def _mark(rendering: Rendering, name: str) -> str:
    """Say in a word what a mode does."""
    mode = rendering.modes.get(name)
    if mode is None or not mode.is_done:
        return "-"
    marks = [one.mark for one in of_mode(mode, rendering) if one.mark]
    return marks[0] if marks else "ok"


def _paragraph(label: str, text: str) -> Iterator[str]:
    if text:
        lines = textwrap.wrap(text, WIDTH - INDENT - 4, break_long_words=False, break_on_hyphens=False)
        yield f"{label:<{INDENT + 3}} {lines[0]}"
        yield from (" " * (INDENT + 4) + line for line in lines[1:])
