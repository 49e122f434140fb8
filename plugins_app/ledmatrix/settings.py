"""Takes over the settings of one plugin: what its schema refuses is named and left, what a person has set here stays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from plugins_app.config import store
from plugins_app.config.location import located
from plugins_app.config.pointers import ABSENT, value_at
from plugins_app.config.secret_paths import masked_pointer, secret_paths
from plugins_app.exceptions import BadRequest
from plugins_app.ledmatrix import record
from plugins_app.ledmatrix.choice import Choice, choose, mark
from plugins_app.ledmatrix.document import LONGEST_POINTER, Refused, Section, is_placeholder, leaves, nested
from plugins_app.models import Plugin

Snapshot = Mapping[str, Any]


@dataclass(frozen=True)
class Settling:
    """What becomes of the settings of one plugin; `secrets` counts those that it has there."""

    choice: Choice = field(default_factory=Choice)
    refused: tuple[Refused, ...] = ()
    secrets: int = 0
    called_secret: frozenset[str] = field(default=frozenset(), repr=False)


def look_at(plugin: Plugin, section: Section, *, marks: Mapping[str, str], overwrite: bool) -> Settling:
    """Work out what would be taken over; nothing is saved. The row may be one that was never saved."""
    secret = _Secrets(plugin, section)
    theirs, unusable = _usable(section, secret)
    snapshot = store.snapshot(plugin)
    choice = choose(
        theirs,
        here=store.effective_settings(plugin),
        is_own=lambda pointer: _is_own(snapshot, pointer),
        mark_of=lambda pointer: mark_in(snapshot, pointer),
        marks=marks,
        overwrite=overwrite,
    )
    fitting, refused = _fitting(plugin, choice.take, is_secret=secret.is_in)
    settled = Choice(fitting, choice.same, choice.kept)
    return Settling(settled, (*section.refused, *unusable, *refused), secret.count, section.secrets)


def take_over(plugin: Plugin, settling: Settling, *, requested_by: str) -> None:
    """Save what was worked out, and remember in the same transaction what is there now."""
    choice = settling.choice
    with transaction.atomic():
        if choice.take:
            store.save_settings(
                plugin.plugin_id, nested(choice.take), partial=True, requested_by=requested_by, secrets=settling.called_secret
            )
        snapshot = store.snapshot(plugin)
        marks = {pointer: mark_in(snapshot, pointer) for pointer in (*choice.take, *choice.same)}
        record.remember(record.subject_of(plugin.plugin_id), marks)


def mark_in(snapshot: Snapshot, pointer: str) -> str:
    """Name what a snapshot has at and below a pointer; of secrets it is the ciphertext, which a new secret changes."""
    value = value_at(snapshot["values"], pointer)
    return mark([None if value is ABSENT else value, sorted(_below(snapshot["secrets"], pointer).items())])


class _Secrets:
    """Which settings of a section are secrets: by the schema, by their names, or because they stood in the file for secrets."""

    def __init__(self, plugin: Plugin, section: Section) -> None:
        self._places = secret_paths(located(plugin.schema), section.values) | section.secrets
        set_places = {place for place in self._places if not is_placeholder(value_at(section.values, place))}
        self.count = len({place for place in set_places if value_at(section.values, place) not in (ABSENT, None)})

    def is_at(self, pointer: str) -> bool:
        """Tell whether the setting is one as a whole."""
        return pointer in self._places

    def is_in(self, pointer: str) -> bool:
        """Tell whether the setting is one or has one inside."""
        return any(place == pointer or place.startswith(f"{pointer}/") for place in self._places)


def _usable(section: Section, secret: _Secrets) -> tuple[dict[str, Any], list[Refused]]:
    """Leave out what says nothing: empty secrets and those of a template; refuse what cannot be kept."""
    theirs: dict[str, Any] = {}
    refused: list[Refused] = []
    for pointer, value in leaves(section.values).items():
        if secret.is_at(pointer) and (is_placeholder(value) or masked_pointer(value, pointer) is not None):
            continue
        if len(pointer) > LONGEST_POINTER:
            refused.append(Refused(pointer[:LONGEST_POINTER], None, "Its name is too long."))
        else:
            theirs[pointer] = value
    return theirs, refused


def _fitting(plugin: Plugin, take: dict[str, Any], *, is_secret: Callable[[str], bool]) -> tuple[dict[str, Any], list[Refused]]:
    """Take away what the schema refuses, until it takes the rest."""
    fitting, refused = dict(take), []
    while fitting:
        try:
            store.tried_settings(plugin, nested(fitting), partial=True)
        except BadRequest as problem:
            for pointer, reason in _blamed(fitting, problem).items():
                value = fitting.pop(pointer)
                refused.append(Refused(pointer, None if is_secret(pointer) else value, reason))
        else:
            break
    return fitting, refused


def _blamed(values: Collection[str], problem: BadRequest) -> dict[str, str]:
    """Return the settings that a refusal is about, with its reason: at the place, around it, below it, or else beside it."""
    blamed: dict[str, str] = {}
    for detail in problem.details or []:
        place, reason = str(detail["path"]), str(detail["message"])
        for pointer in _about(values, place):
            blamed.setdefault(pointer, reason)
    return blamed or dict.fromkeys(values, problem.message)


def _about(values: Collection[str], place: str) -> list[str]:
    found = [pointer for pointer in values if pointer == place or place.startswith(f"{pointer}/") or pointer.startswith(f"{place}/")]
    while not found and place:
        place = place.rpartition("/")[0]
        found = [pointer for pointer in values if pointer.startswith(f"{place}/")]
    return found


def _is_own(snapshot: Snapshot, pointer: str) -> bool:
    return value_at(snapshot["values"], pointer) is not ABSENT or bool(_below(snapshot["secrets"], pointer))


def _below(secrets: Mapping[str, str], pointer: str) -> dict[str, str]:
    return {place: text for place, text in secrets.items() if place == pointer or place.startswith(f"{pointer}/")}
