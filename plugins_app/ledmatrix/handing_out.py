"""Gives the settings of installed plugins away as sections of LEDMatrix's documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from plugins_app.config import store
from plugins_app.config.pointers import parts_of, place, pointer_of
from plugins_app.config.secrets import open_sealed
from plugins_app.exceptions import DiskProblem
from plugins_app.ledmatrix.document import OWN_WORDS
from plugins_app.models import Plugin, Source
from plugins_app.package.paths import PluginPaths


@dataclass
class Sections:
    """What is handed out: by id, in the order of the panel; `own` are plugins of this product, `notes` what stays behind."""

    plain: dict[str, dict[str, Any]] = field(default_factory=dict)
    secret: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    own: dict[str, dict[str, Any]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    secrets_left: int = 0


def hand_out(*, with_secrets: bool) -> Sections:
    """Return the settings of all installed plugins as people saved them, with their secrets apart when they are asked for."""
    sections = Sections()
    for plugin in Plugin.objects.in_order():
        snapshot = store.hide_secrets(plugin.schema, store.snapshot(plugin))
        section = {"enabled": plugin.enabled, **snapshot["values"]}
        if plugin.plugin_id in OWN_WORDS:
            sections.notes.append(f"{plugin.plugin_id}: LEDMatrix has another use for this word, so its settings stay here.")
            continue
        sections.order.append(plugin.plugin_id)
        if plugin.source == Source.BUNDLED:
            sections.own[plugin.plugin_id] = section
            continue
        sections.plain[plugin.plugin_id] = section
        if plugin.source != Source.REGISTRY:
            where = PluginPaths(settings.LEDSITE.plugin_dir).live(plugin.plugin_id)
            sections.notes.append(f"{plugin.plugin_id} is in no registry: copy {where} to plugin-repos/ there.")
        if not with_secrets:
            sections.secrets_left += len(snapshot["secrets"])
        elif opened := _opened(plugin.plugin_id, snapshot["secrets"], sections.notes):
            sections.secret[plugin.plugin_id] = beside(snapshot["values"], opened)
    return sections


def beside(values: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
    """Return secrets by pointer as LEDMatrix lays them over settings: objects inside of objects, lists of objects item by item."""
    return _beside(values, [(parts_of(pointer), value) for pointer, value in sorted(secrets.items())])


def _beside(values: Any, secrets: list[tuple[list[str], Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in dict.fromkeys(path[0] for path, _ in secrets):
        inside = [(path[1:], value) for path, value in secrets if path[0] == key]
        inner = values.get(key) if isinstance(values, dict) else None
        if not inside[0][0]:
            found[key] = inside[0][1]
        elif isinstance(inner, list):
            found[key] = _beside_list(inner, inside)
        else:
            found[key] = _beside(inner, inside)
    return found


def _beside_list(items: list[Any], secrets: list[tuple[list[str], Any]]) -> list[Any]:
    if all(isinstance(item, dict) for item in items):
        return [_beside(item, [(path[1:], value) for path, value in secrets if path[0] == str(at)]) for at, item in enumerate(items)]
    whole = {"list": deepcopy(items)}
    for path, value in secrets:
        place(whole, pointer_of(["list", *path]), value)
    return whole["list"]


def _opened(plugin_id: str, sealed: Mapping[str, str], notes: list[str]) -> dict[str, Any]:
    opened: dict[str, Any] = {}
    for pointer, ciphertext in sealed.items():
        try:
            opened[pointer] = json.loads(open_sealed(ciphertext))
        except DiskProblem as problem:
            notes.append(f"{plugin_id}: {problem.message}")
    return opened
