"""Plugins of our own: they come with the product, are installed at its first start, and can be had again after a removal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from plugins_app.installer.previews import AHEAD
from plugins_app.models import Operation, OperationKind, Plugin, Source, Tombstone
from plugins_app.operations.create import create, open_operation
from plugins_app.package.manifest import Manifest, read_manifest
from plugins_app.package.versions import is_newer


@dataclass(frozen=True)
class Bundled:
    """One plugin of our own, as it lies in the product."""

    folder: Path
    manifest: Manifest

    @property
    def id(self) -> str:
        """Its id."""
        return self.manifest.id

    @property
    def generation(self) -> str:
        """Return the name under which pictures of it are kept while it is not installed."""
        return f"{AHEAD}{re.sub('[^0-9a-z]', 'x', self.manifest.version.lower())[:20] or '0'}"


def all_bundled() -> tuple[Bundled, ...]:
    """Return all of them, by id; they change with the product only."""
    return _read(settings.BUNDLED_DIR)


def find_bundled(plugin_id: str) -> Bundled | None:
    """Return one by its id."""
    return next((one for one in all_bundled() if one.id.lower() == plugin_id.lower()), None)


def not_installed() -> list[Bundled]:
    """Return those that were removed, or are not there yet."""
    installed = {name.lower() for name in Plugin.objects.filter(missing=False).values_list("plugin_id", flat=True)}
    return [one for one in all_bundled() if one.id.lower() not in installed]


def install(own: Bundled, *, enable: bool = True, requested_by: str) -> Operation:
    """Install one because a person wants it, also again."""
    arguments = {"source": Source.BUNDLED, "path": str(own.folder), "enable": enable}
    return create(OperationKind.INSTALL, plugin_id=own.id, arguments=arguments, requested_by=requested_by)


def bring_up_to_date(own: Bundled, *, requested_by: str) -> Operation | None:
    """Install one, or update it to the version that this product brings; None when there is nothing to do.

    One that a person removed stays removed.
    """
    plugin = Plugin.objects.filter(plugin_id__iexact=own.id).first()
    if plugin is None:
        if Tombstone.objects.filter(plugin_id__iexact=own.id).exists():
            return None
        kind = OperationKind.INSTALL
    elif plugin.source != Source.BUNDLED or not (plugin.missing or is_newer(own.manifest.version, plugin.version)):
        return None
    else:
        kind = OperationKind.INSTALL if plugin.missing else OperationKind.UPDATE
    arguments = {"source": Source.BUNDLED, "path": str(own.folder), "enable": True}
    open_one = open_operation(kind=kind, plugin_id=own.id)
    return open_one or create(kind, plugin_id=own.id, arguments=arguments, requested_by=requested_by)


@cache
def _read(folder: Path) -> tuple[Bundled, ...]:
    return tuple(Bundled(path.parent, read_manifest(path.parent)) for path in sorted(folder.glob("*/manifest.json")))
