"""Adopts a folder as it stands: it becomes a plugin with source `local`, which is never overwritten by an update."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from plugins_app import audit
from plugins_app.config import store as config_store
from plugins_app.exceptions import Conflict, PackageError
from plugins_app.failpoints import failpoint
from plugins_app.installer.generations import adopt, identify, where
from plugins_app.installer.locks import hold
from plugins_app.lifecycle.committing import flushed_to_medium
from plugins_app.lifecycle.rows import describe, end_of_order
from plugins_app.models import Issue, Operation, Plugin, RepairVerdict, Revision, Source, Tombstone
from plugins_app.operations.context import Context
from plugins_app.package.compatibility import incompatibility
from plugins_app.package.ids import check_id
from plugins_app.package.manifest import Manifest, read_manifest
from plugins_app.package.schema import read_schema
from plugins_app.reconcile.findings import KINDS
from plugins_app.wakeup import wake_director


def adopt_folder(context: Context, name: str, *, requested_by: str) -> Plugin:
    """Make a plugin of a folder without a row, disabled, under its manifest's id; raise Held when somebody works on that id."""
    paths = context.paths
    folder = paths.plugin_dir / Path(name).name
    manifest = read_manifest(folder)
    plugin_id = check_id(manifest.id)
    with hold(paths.operation_lock(plugin_id)):
        _refuse_taken(folder, plugin_id)
        generation = _generation(context, folder, manifest)
        with flushed_to_medium(), transaction.atomic():
            plugin = Plugin(plugin_id=plugin_id, position=end_of_order(), enabled=False)
            _take_over(plugin, manifest, _schema_of(paths.live(plugin_id)), generation)
            plugin.save(force_insert=True)
            config_store.restore(plugin, {})
            Tombstone.objects.filter(plugin_id__iexact=plugin_id).delete()
            _note(plugin, name, requested_by=requested_by)
        failpoint("adopted-committed")
    return plugin


def keep_as_it_is(context: Context, plugin_id: str, *, requested_by: str) -> Plugin:
    """Let an installed plugin be what stands in its folder now; settings, order and switch stay."""
    paths = context.paths
    with hold(paths.operation_lock(plugin_id)):
        if Operation.objects.committed().filter(plugin_id__iexact=plugin_id).exists():
            raise Conflict(f"{plugin_id} is busy.", code="operation-open", hint="Wait for its operation to end.")
        live = paths.live(plugin_id)
        manifest = read_manifest(live)
        if manifest.id != plugin_id:
            raise PackageError(f"The manifest says {manifest.id}.", code="id-mismatch", hint="Give the folder the same name.")
        generation = _generation(context, live, manifest)
        with flushed_to_medium(), transaction.atomic():
            plugin = Plugin.objects.get(pk=plugin_id)
            previous = plugin.previous_generation
            _take_over(plugin, manifest, _schema_of(live), generation)
            plugin.previous_generation = previous if previous and where(paths, plugin_id, previous) not in (None, live) else None
            plugin.save()
            RepairVerdict.objects.filter(plugin_id__iexact=plugin_id).delete()
            _note(plugin, plugin_id, requested_by=requested_by)
        failpoint("adopted-committed")
    return plugin


def _refuse_taken(folder: Path, plugin_id: str) -> None:
    installed = Plugin.objects.filter(plugin_id__iexact=plugin_id).first()
    if installed is not None:
        raise Conflict(
            f"{installed.plugin_id} is installed already; {folder.name} is another folder of it.",
            code="already-installed",
            hint="Remove one of the two.",
        )
    if Operation.objects.committed().filter(plugin_id__iexact=plugin_id).exists():
        raise Conflict(f"{plugin_id} is busy.", code="operation-open", hint="Wait for its operation to end.")


def _generation(context: Context, folder: Path, manifest: Manifest) -> str:
    """Return the generation that the folder is, with a receipt written when it has none."""
    paths = context.paths
    known = identify(paths, manifest.id, folder) if folder == paths.live(manifest.id) else None
    return known or adopt(paths, folder, plugin_id=manifest.id, version=manifest.version).generation


def _take_over(plugin: Plugin, manifest: Manifest, schema: dict[str, Any], generation: str) -> None:
    describe(plugin, manifest, schema)
    plugin.source, plugin.source_ref, plugin.commit = Source.LOCAL, {}, ""
    plugin.incompatible = incompatibility(manifest.raw) or ""
    plugin.active_generation, plugin.missing = generation, False


def _schema_of(folder: Path) -> dict[str, Any]:
    try:
        return read_schema(folder)
    except PackageError:
        return {}


def _note(plugin: Plugin, name: str, *, requested_by: str) -> None:
    subjects = {name, plugin.plugin_id}
    Issue.objects.filter(kind__in=KINDS, subject__in=subjects, resolved_at=None).update(resolved_at=timezone.now())
    audit.record(requested_by, "adopt", plugin.plugin_id, version=plugin.version)
    Revision.bump("generation", "plugins")
    wake_director()
