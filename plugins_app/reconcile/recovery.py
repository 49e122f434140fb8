"""Makes the disk agree with the rows after a kill or a power cut: no request, no installation, nothing that needs a person.

Steps, each of which may be cut short and run again: finish what is committed; drop staging that nobody works in; then per plugin,
with its lock: name stored trees rightly, place the active generation, fall back to the previous one when it is damaged, collect.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from plugins_app import audit
from plugins_app.exceptions import LedsiteError
from plugins_app.failpoints import failpoint
from plugins_app.installer.generations import damage, identify, settle, where
from plugins_app.installer.locks import Held, hold
from plugins_app.installer.place import place
from plugins_app.installer.receipts import read_receipt
from plugins_app.lifecycle.committing import flushed_to_medium
from plugins_app.lifecycle.placing import report_aside, report_undeletable
from plugins_app.lifecycle.rows import describe
from plugins_app.models import Issue, Operation, OperationStatus, Plugin, Revision, Source, Tombstone
from plugins_app.operations.context import Context
from plugins_app.operations.recovery import drop_foreign_staging, finish_committed, requeue_due, taken_up
from plugins_app.package.ids import is_valid_id
from plugins_app.package.manifest import read_manifest
from plugins_app.package.schema import read_schema
from plugins_app.reconcile.findings import INTERRUPTED
from plugins_app.reconcile.gather import has_own_manifest
from plugins_app.wakeup import wake_director

logger = logging.getLogger("plugins_app.reconcile")


@dataclass(frozen=True)
class Fixed:
    """Something that was put right."""

    kind: str
    plugin_id: str
    reason: str


def recover(context: Context, run: Callable[[int], bool]) -> list[Fixed]:
    """Bring disk and operations in order; what concerns one plugin alone never keeps the others from it."""
    left = list(Operation.objects.open().filter(status=OperationStatus.RUNNING))
    finish_committed(run)
    requeue_due(context)
    drop_foreign_staging(context)
    resumed = [Fixed(INTERRUPTED, one.plugin_id or one.kind, f"Its {one.kind} goes on.") for one in taken_up(left)]
    fixed = [recover_plugin(context, plugin_id) for plugin_id in known_ids(context)]
    return [*resumed, *(one for one in fixed if one is not None)]


def known_ids(context: Context) -> list[str]:
    """Return every id that rows, tombstones, the store or receipts know."""
    ids = set(Plugin.objects.values_list("plugin_id", flat=True)) | set(Tombstone.objects.values_list("plugin_id", flat=True))
    for folder in (context.paths.private / "store", context.paths.private / "receipts"):
        ids |= {entry.name for entry in folder.iterdir() if is_valid_id(entry.name)} if folder.is_dir() else set()
    return sorted(ids)


def recover_plugin(context: Context, plugin_id: str) -> Fixed | None:
    """Bring one plugin in order, unless somebody works on it."""
    try:
        with hold(context.paths.operation_lock(plugin_id)):
            if Operation.objects.committed().filter(plugin_id__iexact=plugin_id).exists():
                return None
            fixed = _recover_locked(context, plugin_id)
    except Held:
        return None
    except (LedsiteError, OSError, ValueError) as error:
        Issue.report("recovery-failed", plugin_id, f"The files of {plugin_id} could not be put in order: {error}", hint="Check the disk.")
        return None
    Issue.resolve("recovery-failed", plugin_id)
    return fixed


def _recover_locked(context: Context, plugin_id: str) -> Fixed | None:
    settle(context.paths, plugin_id)
    plugin = Plugin.objects.filter(pk=plugin_id).first()
    fixed = None
    if plugin is not None and plugin.active_generation and plugin.source != Source.LOCAL:
        fixed = _place_active(context, plugin) or _fall_back(context, plugin)
    if plugin is not None and plugin.previous_generation:
        _forget_lost_previous(context, plugin)
    report_undeletable(context.paths, plugin_id)
    return fixed


def _place_active(context: Context, plugin: Plugin) -> Fixed | None:
    """Place the active generation when it stands in the store; a damaged one is left to `_fall_back`."""
    paths, plugin_id, active = context.paths, plugin.plugin_id, plugin.active_generation
    if where(paths, plugin_id, active) in (None, paths.live(plugin_id)) or damage(paths, plugin_id, active):
        return None
    present = identify(paths, plugin_id, paths.live(plugin_id))
    placed = place(paths, plugin_id, active, carry=present is not None and damage(paths, plugin_id, present) is None)
    report_aside(plugin_id, [str(path) for path in placed.aside])
    with transaction.atomic():
        Plugin.objects.filter(pk=plugin_id).update(missing=False)
        Revision.bump("generation", "plugins")
        wake_director()
    return Fixed("misplaced", plugin_id, f"Version {plugin.version} was put back in its place.")


def _fall_back(context: Context, plugin: Plugin) -> Fixed | None:
    """Return to the previous generation when the active one is damaged or gone and the previous is complete."""
    paths, plugin_id, previous = context.paths, plugin.plugin_id, plugin.previous_generation
    if read_receipt(paths, plugin_id, plugin.active_generation) is None and has_own_manifest(paths.live(plugin_id), plugin_id):
        return None  # what stands there may be newer than anything known: a person decides
    problem = damage(paths, plugin_id, plugin.active_generation)
    if not problem or not previous or damage(paths, plugin_id, previous):
        return None
    tree = where(paths, plugin_id, previous)
    if tree is None:
        return None
    manifest, schema = read_manifest(tree), read_schema(tree)
    version = plugin.version
    with flushed_to_medium(), transaction.atomic():
        plugin.refresh_from_db()
        describe(plugin, manifest, schema)
        plugin.active_generation, plugin.previous_generation, plugin.missing = previous, None, False
        plugin.save()
        audit.record("system", "fall-back", plugin_id, reason=problem)
        Revision.bump("generation", "plugins")
        wake_director()
    failpoint("fallen-back")
    report_aside(plugin_id, [str(path) for path in place(paths, plugin_id, previous, carry=False).aside])
    reason = f"Version {version} cannot be used: {problem} Version {manifest.version} is used instead."
    Issue.report("fallen-back", plugin_id, f"{plugin.name}: {reason}", hint="Update it to get the newer version again.")
    return Fixed("damaged", plugin_id, reason)


def _forget_lost_previous(context: Context, plugin: Plugin) -> None:
    """A previous generation without a tree cannot be returned to."""
    plugin.refresh_from_db()
    previous = plugin.previous_generation
    if previous and where(context.paths, plugin.plugin_id, previous) is None:
        Plugin.objects.filter(pk=plugin.pk, previous_generation=previous).update(previous_generation=None)
        Revision.bump("plugins")
