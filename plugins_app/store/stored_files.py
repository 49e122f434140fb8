"""What is known of a plugin's own files: out of its own tree where it is installed, else what a worker fetched out of its repository."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from django.conf import settings

from plugins_app.models import Plugin, PluginFacts, RegistryEntry
from plugins_app.package.manifest import Manifest
from plugins_app.package.paths import PluginPaths
from plugins_app.package.reading import read_plain
from plugins_app.package.schema import read_schema
from plugins_app.store import documents, parts

KIB = 1024
State = Literal["stored", "fetching", "failed", "none"]


@dataclass(frozen=True)
class Files:
    """What is known of a plugin's own files, where it was read, and whether a worker fetches them now."""

    state: State
    origin: Literal["installed", "repository"]
    readme: str = ""
    manifest: dict[str, Any] = field(default_factory=dict)
    schema: dict[str, Any] = field(default_factory=dict)
    requirements: str = ""
    has_picture: bool = False
    fetched_at: datetime | None = None
    problem: dict[str, str] | None = None
    notes: dict[str, str] = field(default_factory=dict)
    offered: dict[str, Any] = field(default_factory=dict)
    """Of an installed plugin: the manifest in its repository, when there is an update and a worker has fetched it."""


def files_of(entry: RegistryEntry | None, plugin: Plugin | None, *, asks: bool, is_forced: bool, has_update: bool = False) -> Files:
    """Return what is stored; `asks`: and let a worker fetch what is missing or old, unless the plugin is installed and up to date."""
    facts = documents.facts_of(entry) if entry is not None else None
    if entry is not None and asks and (plugin is None or plugin.missing or has_update):
        facts = documents.ask(entry, facts, is_forced=is_forced)
    has_picture = facts is not None and bool(facts.picture)
    if plugin is not None and not plugin.missing:
        tree = PluginPaths(settings.LEDSITE.plugin_dir).live(plugin.plugin_id)
        return Files(
            state="stored",
            origin="installed",
            readme=_first_of(tree, parts.NAMES["readme"]),
            manifest=plugin.manifest,
            schema=plugin.schema,
            requirements=_first_of(tree, parts.NAMES["requirements"]),
            has_picture=has_picture,
            fetched_at=plugin.updated_at,
            offered=facts.manifest if facts is not None and has_update else {},
        )
    if facts is None:
        return Files(state="none", origin="repository")
    return Files(
        state=_state_of(facts),
        origin="repository",
        readme=facts.readme,
        manifest=facts.manifest,
        schema=facts.schema,
        requirements=facts.requirements,
        has_picture=has_picture,
        fetched_at=facts.fetched_at,
        problem=facts.problem,
        notes=facts.notes,
    )


def files_in(folder: Path, manifest: Manifest) -> Files:
    """Read those of a plugin that lies in a folder of the product."""
    return Files(
        state="stored",
        origin="repository",
        readme=_first_of(folder, parts.NAMES["readme"]),
        manifest=manifest.raw,
        schema=read_schema(folder),
        requirements=_first_of(folder, parts.NAMES["requirements"]),
    )


def _state_of(facts: PluginFacts) -> State:
    if documents.is_fetching(facts):
        return "fetching"
    if facts.problem is not None:
        return "failed"
    return "stored" if facts.fetched_at is not None else "none"


def _first_of(tree: Path, names: tuple[str, ...]) -> str:
    """Read one named file of a plugin's tree: one look at the disk, for one page."""
    for name in names:
        try:
            return read_plain(tree / name, limit=256 * KIB).decode("utf-8-sig", "replace")
        except OSError:
            continue
    return ""
