"""Looks at a LEDMatrix folder as a whole: both documents, the panel's words, and what its plugins are here. Nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from display_app.ledmatrix.extension import ORDER_PATH, PLUGINS_PATH, SETTINGS_PATH, read_extension
from display_app.ledmatrix.reading import DURATION, DURATIONS_PATH, PanelWords, read_durations, read_words, with_ids
from display_app.setting_rules import CHECKS
from plugins_app.config.pointers import parts_of, pointer_of, value_at
from plugins_app.ledmatrix.bring import ask_registries
from plugins_app.ledmatrix.document import Document, Refused, Section, read_section, sort_document
from plugins_app.ledmatrix.files import LedmatrixFiles, read_files
from plugins_app.ledmatrix.survey import Candidate, modes_of, survey, survey_own

ROTATION_PATH = "/display/plugin_rotation_order"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Found:
    """Everything that was read, and `order`: the ids here of the plugins that are to stand in front, as they stand there."""

    files: LedmatrixFiles
    document: Document
    words: PanelWords
    candidates: tuple[Candidate, ...] = ()
    order: tuple[str, ...] = ()
    registry_problem: str = ""


@dataclass(frozen=True)
class PanelSettings:
    """Settings of the panel by pointer, where each stood, and what was refused on the way."""

    settings: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()


def look_into(path: Path, *, with_plugins: bool, say: Say, requested_by: str) -> Found:
    """Read a folder and find out what its plugins are here; the registries are asked when none has ever answered."""
    files = read_files(path)
    document = sort_document(files.config, files.secrets)
    words = read_words(document.words)
    if not with_plugins:
        return Found(files, document, words)
    problem = ask_registries(report=say, requested_by=requested_by)
    own = _own_sections(document)
    rotation = _names(document, ROTATION_PATH)
    candidates = [*survey(files, document.sections), *survey_own(own)]
    ids = {name: each.plugin_id for each in candidates for name in (each.plugin_id, *each.keys) if not each.left_out}
    order = list(dict.fromkeys(ids[name] for name in (*_rotation(document, rotation, own), *ids) if name in ids))
    places = {plugin_id: place for place, plugin_id in enumerate(order)}
    candidates.sort(key=lambda each: places.get(each.plugin_id, len(places)))
    return Found(files, document, with_ids(words, ids), tuple(candidates), tuple(order), problem)


def panel_settings(found: Found) -> PanelSettings:
    """Return what the folder says of the panel; asked again when plugins were installed, whose modes are known then."""
    settled = {each.plugin_id for each in found.candidates if DURATION in each.section.values}
    durations, origins, refused = read_durations(found.words, modes=modes_of(found.candidates), settled=settled)
    read = {**found.words.settings, **durations}
    extension, more = read_extension(value_at(found.document.words, SETTINGS_PATH), read=read, names=CHECKS)
    covered = {f"{DURATIONS_PATH}{pointer_of(parts_of(pointer)[2:])}" for pointer in extension if is_duration(pointer)}
    return PanelSettings(
        settings={**read, **extension},
        origins={**found.words.origins, **origins, **dict.fromkeys(extension, SETTINGS_PATH)},
        refused=(*(each for each in refused if each.path not in covered), *more),
    )


def is_duration(pointer: str) -> bool:
    """Tell whether a setting is about the seconds of one mode."""
    return pointer.startswith("/durations/")


def _rotation(document: Document, rotation: list[str], own: list[Section]) -> list[str]:
    """Return the order with the plugins of this product in it, when an export wrote it and it is as it was written."""
    whole, ours = _names(document, ORDER_PATH), {section.key for section in own}
    return whole if [name for name in whole if name not in ours] == rotation else rotation


def _own_sections(document: Document) -> list[Section]:
    entries = value_at(document.words, PLUGINS_PATH)
    if not isinstance(entries, dict):
        return []
    return [read_section(key, values, {}) for key, values in entries.items() if isinstance(values, dict)]


def _names(document: Document, pointer: str) -> list[str]:
    found = value_at(document.words, pointer)
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []
