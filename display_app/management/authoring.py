"""What the commands for authors share: where a plugin lies, its settings, and reading sizes, times and JSON from the command line."""

from __future__ import annotations

import json
import re
from argparse import ArgumentTypeError
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from plugins_app.config import store
from plugins_app.config.defaults import defaults_of, merge
from plugins_app.exceptions import BadRequest, NotFound
from plugins_app.models import Plugin
from plugins_app.package.ids import is_valid_id
from plugins_app.package.manifest import Manifest, read_manifest
from plugins_app.package.paths import PluginPaths
from plugins_app.package.schema import normalise, read_schema

LARGEST = 1024


@dataclass(frozen=True)
class Found:
    """A plugin with the settings that it would get."""

    folder: Path
    manifest: Manifest
    settings: dict[str, Any]


def find_plugin(what: str) -> Found:
    """Find a plugin by its folder, or an installed one by its id (then with the settings it has now); NotFound `no-such-plugin`."""
    folder = Path(what)
    if (folder / "manifest.json").is_file():
        return Found(folder.resolve(), read_manifest(folder), default_settings(folder))
    plugin = Plugin.objects.filter(plugin_id=what).first() if is_valid_id(what) else None
    if plugin is None:
        raise NotFound(
            f"{what[:200]} is neither the folder of a plugin nor an installed plugin.",
            code="no-such-plugin",
            hint="listplugins names what is installed.",
        )
    live = PluginPaths(settings.LEDSITE.plugin_dir).live(plugin.plugin_id)
    return Found(live, read_manifest(live), store.effective_settings(plugin) | {"enabled": True})


def default_settings(folder: Path) -> dict[str, Any]:
    """Return what a plugin starts with when nobody has set anything."""
    return defaults_of(normalise(read_schema(folder))) | {"enabled": True}


def with_values(base: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Return settings with some of them replaced."""
    return merge(base, values)


def global_config() -> dict[str, Any]:
    """Return what every plugin may read besides its own settings."""
    return {"timezone": settings.TIME_ZONE}


def size(text: str) -> tuple[int, int]:
    """Read `128x32`."""
    match = re.fullmatch(r"(\d{1,4})x(\d{1,4})", text)
    if match is None or not all(1 <= int(part) <= LARGEST for part in match.groups()):
        raise ArgumentTypeError(f"{text!r} is not a size like 128x32")
    return int(match[1]), int(match[2])


def moment(text: str) -> float:
    """Read an ISO time, of the product's time zone unless it names one; return seconds since 1970."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a time like 2025-09-23T18:34:56") from error
    return (when if when.tzinfo else timezone.make_aware(when)).timestamp()


def json_object(text: str) -> dict[str, Any]:
    """Read a JSON object, given as text or as the name of a file."""
    try:
        value = json.loads(text if text.lstrip().startswith("{") else Path(text).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ArgumentTypeError(f"{text[:80]!r} is neither a JSON object nor a file with one: {error}") from error
    if not isinstance(value, dict):
        raise ArgumentTypeError(f"{text[:80]!r} is not a JSON object")
    return value


def check_mode(mode: str | None, known: list[str]) -> None:
    """Refuse a mode that a plugin does not have; BadRequest `bad-mode`."""
    if mode and known and mode not in known:
        raise BadRequest(f"The plugin has no mode {mode!r}.", code="bad-mode", hint=f"It has {', '.join(known)}.")
