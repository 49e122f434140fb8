"""What an import found and did, as text for a person and as JSON for a program; no secret is in either (pure)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from plugins_app.package.jsonfile import clean_text

if TYPE_CHECKING:
    from display_app.ledmatrix.importing import ImportReport
    from plugins_app.ledmatrix.document import Refused
    from plugins_app.ledmatrix.outcome import PluginOutcome

PLANNED = ("plugin", "found", "on", "to take", "same", "kept", "refused", "secrets", "what happens")
DONE = (*PLANNED[:3], "taken", *PLANNED[4:8], "what was done")
LONGEST = 70
ENVIRONMENT_FILE = "the environment of this product (docs/configuration.md; with the service: /etc/ledsite/environment), then restart it"


def as_text(report: ImportReport) -> str:
    """Return the report for a person; afterwards without the settings of the panel one by one, which stood there before."""
    parts = (_panel(report), _environment(report), _plugins(report), _refused(report), _kept(report), _left(report))
    blocks = ["\n".join(lines) for lines in (list(part) for part in parts) if lines]
    return "\n\n".join([f"LEDMatrix in {_word(report.path, 300)}", *blocks])


def closing_words(report: ImportReport) -> str:
    """Return the sentence at the end."""
    if not report.is_complete:
        return "Not everything could be done. What is done stays: run this again for the rest."
    if not report.is_done:
        return (
            "Nothing was changed: this is what would be done."
            if report.is_change
            else "Everything is here already: nothing would be changed."
        )
    return "Done." if report.is_change else "Everything is here already: nothing was changed."


def as_json(report: ImportReport) -> dict[str, Any]:
    """Return the report for a program."""
    panel = report.panel
    return {
        "path": report.path,
        "done": report.is_done,
        "complete": report.is_complete,
        "changes": report.is_change,
        "panel": {
            "taken": {each.pointer: {"before": each.before, "after": each.after} for each in panel.taken},
            "same": list(panel.same),
            "kept": panel.kept,
        },
        "environment": [{"name": each.name, "there": each.wanted, "here": each.here} for each in report.environment],
        "plugins": [outcome.as_dict() for outcome in report.plugins],
        "order_changes": report.order_changes,
        "github_token": report.github_token or None,
        "refused": [{"path": each.path, "value": each.value, "reason": each.reason} for each in _all_refused(report)],
        "left_out": dict(report.left_out),
        "registry_problem": report.registry_problem or None,
    }


def _panel(report: ImportReport) -> Iterator[str]:
    taken, same = report.panel.taken, report.panel.same
    if taken or same:
        what = "taken over" if report.is_done else "to take over"
        yield f"Panel: {_count(len(taken), 'setting')} {what}, {len(same)} the same already"
    for each in () if report.is_done else taken:
        yield f"  {each.pointer.strip('/'):<44} {_value(each.before)} -> {_value(each.after)}"
    if report.github_token:
        yield f"GitHub token: {report.github_token}"


def _environment(report: ImportReport) -> Iterator[str]:
    differing = [each for each in report.environment if each.wanted != each.here]
    for each in report.environment:
        if each not in differing:
            yield f"{each.name} is {each.here} here too."
    if differing:
        yield f"Put into {ENVIRONMENT_FILE}:"
    for each in differing:
        yield f"  {each.name}={_word(each.wanted)}    (here it is {each.here})"


def _plugins(report: ImportReport) -> Iterator[str]:
    if report.registry_problem:
        yield f"The registry could not be asked: {_word(report.registry_problem, 300)}"
    if not report.plugins:
        return
    rows = [DONE if report.is_done else PLANNED, *(_row(outcome, is_done=report.is_done) for outcome in report.plugins)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(PLANNED))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    if any(not outcome.is_checked and not outcome.left_out for outcome in report.plugins):
        yield "?: what the plugin knows of these is seen when it is installed."
    if report.order_changes:
        yield f"They {'stand' if report.is_done else 'will stand'} in front, in this order."


def _row(outcome: PluginOutcome, *, is_done: bool) -> tuple[str, ...]:
    others = ", ".join(key for key in outcome.keys if key != outcome.plugin_id)
    name = f"{outcome.plugin_id} ({others} there)" if others else outcome.plugin_id
    is_left = bool(outcome.left_out or outcome.problem)
    counts = (len(outcome.taken), outcome.same, len(outcome.kept), len(outcome.refused))
    settings = [f"{counts[0]}{'' if outcome.is_checked else '?'}", *map(str, counts[1:])]
    cells = ["-"] * 4 if is_left else settings
    happens = _happens(outcome, is_done=is_done)
    return (_word(name), outcome.found, "yes" if outcome.enabled else "no", *cells, str(outcome.secrets), happens)


def _happens(outcome: PluginOutcome, *, is_done: bool) -> str:
    if outcome.problem:
        return f"NOT DONE: {_word(outcome.problem['message'], 200)} {_word(outcome.problem['hint'], 200)}".rstrip()
    if outcome.left_out:
        lost = f" ({_count(outcome.settings, 'setting')})" if outcome.settings else ""
        return f"left out{lost}: {outcome.left_out}"
    said = []
    if outcome.action == "install":
        said.append(f"install{'ed' if is_done else ''}{' from its folder' if outcome.found == 'folder' else ''}")
    if outcome.taken:
        said.append("set")
    if outcome.switch is not None:
        said.append(f"switch{'ed' if is_done else ''} {'on' if outcome.switch else 'off'}")
    return ", ".join(said) or "nothing: it is so already"


def _refused(report: ImportReport) -> Iterator[str]:
    found = list(_all_refused(report))
    lines = [f"  {_word(each.path, 120)} = {_value(each.value)}: {each.reason}" for each in found]
    if lines:
        yield f"Refused, and left in LEDMatrix's file ({len(lines)}):"
        yield from lines


def _all_refused(report: ImportReport) -> Iterator[Refused]:
    yield from report.refused
    yield from report.panel.refused
    for outcome in report.plugins:
        for each in outcome.refused:
            yield type(each)(f"/{outcome.plugin_id}{each.path}", each.value, each.reason)


def _kept(report: ImportReport) -> Iterator[str]:
    kept = dict(report.panel.kept)
    for outcome in report.plugins:
        kept |= {f"/{outcome.plugin_id}{pointer}": reason for pointer, reason in outcome.kept.items()}
    if kept:
        yield f"Kept as it is here; --overwrite takes what is there ({len(kept)}):"
    for pointer, reason in kept.items():
        yield f"  {_word(pointer, 120)}: {reason}"


def _left(report: ImportReport) -> Iterator[str]:
    lines = [f"  {_word(path, 120)}: {_word(reason, 300)}" for path, reason in report.left_out.items()]
    lines += [
        f"  {outcome.plugin_id}: files of its folder there that it has not here: {_word(', '.join(outcome.own_files), 300)}"
        for outcome in report.plugins
        if outcome.own_files
    ]
    if lines:
        yield "Does not come over:"
        yield from lines


def _value(value: Any) -> str:
    if value is None:
        return "-"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return _word(text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}...", LONGEST)


def _word(text: str, limit: int = LONGEST) -> str:
    return clean_text(text, limit=limit)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
