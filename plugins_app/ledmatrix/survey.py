"""Finds out for every plugin of a LEDMatrix folder what it is here: installed, on offer in a registry, only a folder, or unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from plugins_app.exceptions import NotFound, PackageError
from plugins_app.ledmatrix.document import OWN_WORDS, Section, merged
from plugins_app.ledmatrix.files import LedmatrixFiles
from plugins_app.lifecycle.bundled import find_bundled
from plugins_app.lifecycle.requests import folder_id_of
from plugins_app.models import Plugin, RegistryEntry, Source, Tombstone
from plugins_app.package.discovery import FoundFolder
from plugins_app.package.manifest import parse_manifest
from plugins_app.package.schema import read_schema
from plugins_app.store.catalogue import find_entry
from plugins_app.store.sources import all_sources

# What LEDMatrix called its displays before they were plugins, where one plugin has taken their place.
FORMER_NAMES = {"clock": "clock-simple", "youtube": "youtube-stats", "news_manager": "news"}


class Origin(StrEnum):
    """Where a plugin can be had."""

    INSTALLED = "installed"
    REGISTRY = "registry"
    PRODUCT = "product"
    FOLDER = "folder"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Candidate:
    """One plugin: its section, the names that it has there, and what it is here; `left_out` says why nothing is done about it."""

    section: Section
    keys: tuple[str, ...]
    plugin_id: str
    origin: Origin
    registry_id: str = ""
    folder: FoundFolder | None = None
    plugin: Plugin | None = None
    schema: dict[str, Any] | None = field(default=None, repr=False)
    left_out: str = ""


@dataclass(frozen=True)
class _Place:
    """What a name stands for here."""

    plugin_id: str
    origin: Origin
    registry_id: str = ""
    folder: FoundFolder | None = None
    plugin: Plugin | None = None


def is_registry_known() -> bool:
    """Tell whether any registry has ever answered."""
    return any(source.fetched_at for source in all_sources())


def survey(files: LedmatrixFiles, sections: Iterable[Section]) -> list[Candidate]:
    """Return every plugin of the folder as they stand in the file, then those that have a folder only."""
    folders = _by_name(files.folders)
    named = {section.key: section for section in sections}
    without = [each.manifest.id for each in files.folders if each.manifest and each.manifest.id not in OWN_WORDS]
    found: dict[str, Candidate] = {}
    for key in dict.fromkeys([*named, *without]):
        place = _place_of(key, folders)
        present = found.get(place.plugin_id.lower())
        section = named.get(key)
        if present is None:
            found[place.plugin_id.lower()] = _candidate(key, section or Section(key), place)
        elif section is not None:
            found[place.plugin_id.lower()] = _joined(present, key, section)
    return [replace(each, left_out=_reason(each, files)) for each in found.values()]


def survey_own(sections: Iterable[Section]) -> list[Candidate]:
    """Return the plugins of this product that an exported configuration speaks of."""
    found = []
    for section in sections:
        own = find_bundled(section.key)
        plugin = Plugin.objects.filter(plugin_id__iexact=section.key, source=Source.BUNDLED, missing=False).first()
        origin = Origin.INSTALLED if plugin else Origin.PRODUCT if own else Origin.UNKNOWN
        reason = "" if plugin or own else "This version of the product has no plugin of that id."
        schema = plugin.schema if plugin else None
        found.append(Candidate(section, (section.key,), section.key, origin, plugin=plugin, schema=schema, left_out=reason))
    return found


def modes_of(candidates: Iterable[Candidate]) -> dict[str, str]:
    """Name the plugin of every mode, as far as manifests tell; empty when several have one of that name."""
    manifests = {plugin.plugin_id: plugin.manifest for plugin in Plugin.objects.filter(missing=False).only("manifest")}
    for candidate in candidates:
        if candidate.folder is not None and candidate.folder.manifest is not None:
            manifests.setdefault(candidate.plugin_id, candidate.folder.manifest.raw)
    owners: dict[str, str] = {}
    for plugin_id, raw in manifests.items():
        for mode in _modes_in(plugin_id, raw):
            owners[mode] = "" if owners.get(mode, plugin_id) != plugin_id else plugin_id
    return owners


def in_words(candidate: Candidate) -> str:
    """Say where a plugin was found."""
    if candidate.origin == Origin.REGISTRY and candidate.registry_id != candidate.plugin_id:
        return f"registry ({candidate.registry_id})"
    return str(candidate.origin)


def _modes_in(plugin_id: str, raw: dict[str, Any]) -> tuple[str, ...]:
    try:
        return parse_manifest(raw).display_modes
    except PackageError:
        return (plugin_id,)


def _candidate(key: str, section: Section, place: _Place) -> Candidate:
    schema = place.plugin.schema if place.plugin else _schema_of(place.folder)
    return Candidate(section, (key,), place.plugin_id, place.origin, place.registry_id, place.folder, place.plugin, schema)


def _joined(present: Candidate, key: str, section: Section) -> Candidate:
    """Let two sections of one plugin be one: what stands under its present id counts more."""
    is_present_id = key.lower() == present.plugin_id.lower()
    first, second = (section, present.section) if is_present_id else (present.section, section)
    return replace(present, section=merged(first, second), keys=(*present.keys, key))


def _place_of(key: str, folders: dict[str, FoundFolder]) -> _Place:
    folder = folders.get(key.lower())
    wanted = folder.manifest.id if folder and folder.manifest else key
    names = [wanted] if folder else [wanted, FORMER_NAMES.get(wanted, wanted.replace("_", "-"))]
    if wanted in FORMER_NAMES and not folder:
        names.reverse()
    entry = next(filter(None, map(_entry, names)), None)
    expected = wanted if folder or entry is None else folder_id_of(entry)
    folder = folder or folders.get(expected.lower())
    plugin = _installed([expected, *([] if entry else names)], entry.registry_id if entry else "")
    registry_id = entry.registry_id if entry else ""
    if plugin is not None:
        return _Place(plugin.plugin_id, Origin.INSTALLED, registry_id, folder, plugin)
    origin = Origin.REGISTRY if entry else Origin.FOLDER if folder else Origin.UNKNOWN
    return _Place(expected, origin, registry_id, folder)


def _installed(names: list[str], registry_id: str) -> Plugin | None:
    for name in names:
        found = Plugin.objects.filter(plugin_id__iexact=name, missing=False).first()
        if found is not None:
            return found
    return (
        Plugin.objects.filter(source=Source.REGISTRY, source_ref__registry_id=registry_id, missing=False).first() if registry_id else None
    )


def _entry(name: str) -> RegistryEntry | None:
    try:
        return find_entry(name)
    except NotFound:
        return None


def _by_name(folders: Iterable[FoundFolder]) -> dict[str, FoundFolder]:
    """Find folders by the id in their manifest, else by their own name."""
    usable = [each for each in folders if each.manifest]
    return {each.name.lower(): each for each in usable} | {each.manifest.id.lower(): each for each in usable if each.manifest}


def _schema_of(folder: FoundFolder | None) -> dict[str, Any] | None:
    if folder is None:
        return None
    try:
        return read_schema(folder.path)
    except PackageError:
        return {}


def _reason(candidate: Candidate, files: LedmatrixFiles) -> str:
    """Say why nothing is done about a plugin; empty when something is."""
    plugin = candidate.plugin
    if plugin is not None and plugin.source == Source.BUNDLED:
        return f"{plugin.name} of this product has the same id."
    if candidate.origin in (Origin.UNKNOWN, Origin.FOLDER) and not is_registry_known():
        return "No registry could be asked for it."
    if candidate.origin == Origin.UNKNOWN:
        known = "No registry has it, and its folder is not there."
        return known if candidate.section.enabled else f"{known} It was switched off."
    if candidate.origin == Origin.REGISTRY and candidate.plugin_id not in candidate.keys and not candidate.section.enabled:
        return "It was switched off there, under a name of earlier versions."
    if candidate.origin == Origin.REGISTRY and files.shows_installed and candidate.folder is None and not candidate.section.enabled:
        return "It was switched off and not installed there."
    if candidate.origin == Origin.FOLDER and not candidate.section.enabled and not candidate.section.values:
        return "It was never set up there, and no registry has it."
    return ""


def was_removed(candidate: Candidate) -> bool:
    """Tell whether a person has removed the plugin here."""
    return Tombstone.objects.filter(plugin_id__iexact=candidate.plugin_id).exists()
