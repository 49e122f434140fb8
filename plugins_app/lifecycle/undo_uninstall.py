"""Brings a removed plugin back: row, settings, secrets, order and files as they were."""

from __future__ import annotations

from plugins_app.exceptions import Conflict
from plugins_app.installer.generations import damage, where
from plugins_app.lifecycle.committing import commit
from plugins_app.lifecycle.placing import place_and_end
from plugins_app.lifecycle.rows import restore_row
from plugins_app.models import Plugin, Tombstone
from plugins_app.operations.job import Job

HINT = "Install it from the store."


def run(job: Job) -> None:
    """Restore the rows in one commit, then place the tree; nothing is mirrored."""
    if not job.operation.is_committed():
        _commit(job)
    place_and_end(job, carry=False)


def _commit(job: Job) -> None:
    tombstone = Tombstone.objects.filter(plugin_id=job.plugin_id).first()
    if tombstone is None or not tombstone.can_be_undone() or Plugin.objects.filter(plugin_id__iexact=job.plugin_id).exists():
        raise Conflict(f"The removal of {job.plugin_id} can no longer be undone.", code="nothing-to-undo", hint=HINT)
    problem = damage(job.context.paths, job.plugin_id, tombstone.generation)
    if problem:
        raise Conflict(f"The kept files of {job.plugin_id} cannot be used: {problem}", code="nothing-to-undo", hint=HINT)
    previous = tombstone.snapshot["plugin"].get("previous_generation")
    if previous and where(job.context.paths, job.plugin_id, previous) is None:
        previous = None
    with commit(job, generation=tombstone.generation):
        plugin = restore_row(tombstone.plugin_id, tombstone.snapshot)
        plugin.active_generation, plugin.previous_generation = tombstone.generation, previous
        plugin.missing = False
        plugin.save(update_fields=["active_generation", "previous_generation", "missing"])
        tombstone.delete()
