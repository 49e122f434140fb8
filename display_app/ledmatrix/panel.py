"""Takes over the settings of the panel through the door that pages and API use; what a person has set here stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from display_app import commands
from display_app.ledmatrix.flat import flatten
from display_app.models import DisplaySettings
from display_app.setting_rules import CHECKS, problem_of, shown_form
from plugins_app.config.location import FIELDS
from plugins_app.config.pointers import ABSENT, parts_of, value_at
from plugins_app.ledmatrix import record
from plugins_app.ledmatrix.choice import choose, mark
from plugins_app.ledmatrix.document import Refused, nested

WHOLE = ("hardware", "durations")  # what `change_settings` takes whole; of the others it takes what is named


@dataclass(frozen=True)
class Changed:
    """One setting that is taken over: what it was and what it becomes."""

    pointer: str
    before: Any
    after: Any


@dataclass(frozen=True)
class PanelOutcome:
    """What becomes of the settings of the panel."""

    taken: tuple[Changed, ...] = ()
    same: tuple[str, ...] = ()
    kept: dict[str, str] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()


def default_settings() -> dict[str, Any]:
    """Return every setting that nobody has changed, by pointer."""
    row = DisplaySettings()
    settings = {name: shown_form(name, getattr(row, name)) for name in CHECKS if name != commands.LOCATION}
    return flatten(settings | {commands.LOCATION: dict.fromkeys(FIELDS, "")})


def plan_panel(theirs: Mapping[str, Any], origins: Mapping[str, str], *, overwrite: bool) -> PanelOutcome:
    """Say what an import would do with settings by pointer; `origins` tells where each stood."""
    present, defaults = commands.read_settings(), default_settings()
    usable, refused = _checked(theirs, origins)
    choice = choose(
        usable,
        here=present,
        is_own=lambda pointer: value_at(present, pointer) not in (defaults.get(pointer, ABSENT), ABSENT),
        mark_of=lambda pointer: _mark_in(present, pointer),
        marks=record.marks_of(record.PANEL),
        overwrite=overwrite,
    )
    taken = dict(choice.take)
    for name, value in _change(taken, present).items():
        if problem := problem_of(name, value):  # each alone is good, all together are not
            refused += [
                Refused(origins.get(pointer, pointer), taken.pop(pointer), _sentence(problem))
                for pointer in list(taken)
                if parts_of(pointer)[0] == name
            ]
    changed = tuple(Changed(pointer, _none(value_at(present, pointer)), value) for pointer, value in taken.items())
    return PanelOutcome(changed, choice.same, choice.kept, tuple(refused))


def take_over_panel(theirs: Mapping[str, Any], origins: Mapping[str, str], *, overwrite: bool, requested_by: str) -> PanelOutcome:
    """Do it, and remember in the same transaction what is there now."""
    with transaction.atomic():
        outcome = plan_panel(theirs, origins, overwrite=overwrite)
        taken = {changed.pointer: changed.after for changed in outcome.taken}
        if taken:
            commands.change_settings(_change(taken, commands.read_settings()), requested_by=requested_by)
        present = commands.read_settings()
        record.remember(record.PANEL, {pointer: _mark_in(present, pointer) for pointer in (*taken, *outcome.same)})
    return outcome


def _checked(theirs: Mapping[str, Any], origins: Mapping[str, str]) -> tuple[dict[str, Any], list[Refused]]:
    usable: dict[str, Any] = {}
    refused: list[Refused] = []
    for pointer, value in theirs.items():
        ((name, setting),) = nested({pointer: value}).items()
        if problem := problem_of(name, setting):
            refused.append(Refused(origins.get(pointer, pointer), value, _sentence(problem)))
        else:
            usable[pointer] = value
    return usable, refused


def _change(taken: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `change_settings` is given for values by pointer."""
    change = nested(dict(taken))
    for name in WHOLE:
        if name in change:
            together = nested({**flatten({name: present[name]}), **flatten({name: change[name]})})
            change[name] = together[name]
    return change


def _mark_in(present: Mapping[str, Any], pointer: str) -> str:
    return mark(_none(value_at(present, pointer)))


def _none(value: Any) -> Any:
    return None if value is ABSENT else value


def _sentence(problem: str) -> str:
    return f"{problem[0].upper()}{problem[1:]}."
