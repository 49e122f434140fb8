"""Adopts a folder that a person put there: it becomes a plugin with source `local`, disabled, and is never overwritten."""

from __future__ import annotations

from django.db import transaction

from plugins_app import audit
from plugins_app.config import store as config_store
from plugins_app.exceptions import PackageError
from plugins_app.failpoints import failpoint
from plugins_app.installer.generations import adopt, identify
from plugins_app.installer.locks import hold
from plugins_app.lifecycle.committing import flushed_to_medium
from plugins_app.lifecycle.rows import describe, end_of_order
from plugins_app.models import Plugin, Revision, Source
from plugins_app.operations.context import Context
from plugins_app.package.compatibility import incompatibility
from plugins_app.package.manifest import read_manifest
from plugins_app.package.schema import read_schema
from plugins_app.wakeup import wake_director


def adopt_folder(context: Context, plugin_id: str, *, requested_by: str) -> Plugin:
    """Write a receipt for the folder as it stands, then its row; raise Held when somebody works on that id."""
    paths = context.paths
    live = paths.live(plugin_id)
    with hold(paths.operation_lock(plugin_id)):
        manifest = read_manifest(live)
        if manifest.id != plugin_id:
            raise PackageError(f"The manifest says {manifest.id}.", code="id-mismatch", hint="Give the folder the same name.")
        try:
            schema = read_schema(live)
        except PackageError:
            schema = {}
        generation = identify(paths, plugin_id, live) or adopt(paths, live, plugin_id=plugin_id, version=manifest.version).generation
        with flushed_to_medium(), transaction.atomic():
            plugin = Plugin(plugin_id=plugin_id, source=Source.LOCAL, position=end_of_order(), enabled=False)
            describe(plugin, manifest, schema)
            plugin.incompatible = incompatibility(manifest.raw) or ""
            plugin.active_generation = generation
            plugin.save(force_insert=True)
            config_store.restore(plugin, {})
            audit.record(requested_by, "adopt", plugin_id, version=manifest.version)
            Revision.bump("generation", "plugins")
            wake_director()
        failpoint("adopted-committed")
    return plugin
