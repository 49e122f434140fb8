"""Brings a removed plugin back: row, settings, secrets, order and files as they were, the way back to its earlier version too."""

from __future__ import annotations

from plugins_app.exceptions import Conflict
from plugins_app.installer.generations import damage, where
from plugins_app.lifecycle.committing import commit
from plugins_app.lifecycle.placing import place_and_end, tidy
from plugins_app.lifecycle.rows import restore_row
from plugins_app.models import Plugin, Source, Tombstone
from plugins_app.operations.job import Job

HINT = "Install it from the store."
LOST = "Its files are gone, everything else is back: check the plugins to have it installed again."


def run(job: Job) -> None:
    """Restore the rows in one commit, then place the tree; nothing is mirrored."""
    if not job.operation.is_committed():
        _commit(job)
    if job.journal["generation"]:
        place_and_end(job, carry=False)
    else:
        tidy(job)
        job.succeed()


def _commit(job: Job) -> None:
    tombstone = Tombstone.objects.filter(plugin_id=job.plugin_id).first()
    if tombstone is None or not tombstone.can_be_undone() or Plugin.objects.filter(plugin_id__iexact=job.plugin_id).exists():
        raise Conflict(f"The removal of {job.plugin_id} can no longer be undone.", code="nothing-to-undo", hint=HINT)
    generation = tombstone.generation if _is_here(job, tombstone.generation) else ""
    previous = tombstone.snapshot["plugin"].get("previous_generation")
    if not generation:
        job.warn(LOST)
    elif tombstone.snapshot["plugin"].get("source") != Source.LOCAL and (problem := damage(job.context.paths, job.plugin_id, generation)):
        job.warn(f"Its files are not complete: {problem} Check the plugins to have it installed again.")
    with commit(job, generation=generation):
        plugin = restore_row(tombstone.plugin_id, tombstone.snapshot)
        plugin.active_generation = generation or plugin.active_generation
        plugin.previous_generation = previous if _is_here(job, previous) else None
        plugin.missing = not generation
        plugin.save(update_fields=["active_generation", "previous_generation", "missing"])
        tombstone.delete()


def _is_here(job: Job, generation: str | None) -> bool:
    return bool(generation) and where(job.context.paths, job.plugin_id, str(generation)) is not None
