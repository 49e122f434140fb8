"""Deletes for good what an uninstall kept for an undo: files, settings and secrets; the tombstone itself stays."""

from __future__ import annotations

from plugins_app.exceptions import Conflict
from plugins_app.lifecycle.committing import commit
from plugins_app.lifecycle.placing import tidy
from plugins_app.models import Plugin, Tombstone
from plugins_app.operations.job import Job
from plugins_app.uploads.shelf import drop_all


def run(job: Job) -> None:
    """Forget in one commit, then collect the files that no row names any more."""
    if not job.operation.is_committed():
        _commit(job)
    drop_all(job.context.paths, job.plugin_id)
    tidy(job)
    job.succeed()


def forget(tombstone: Tombstone, *, keep_config: bool) -> None:
    """Empty a tombstone, inside the caller's transaction; settings that the next install takes over may stay."""
    kept = {"config": tombstone.snapshot.get("config")} if keep_config and tombstone.preserve_config else {}
    Tombstone.objects.filter(pk=tombstone.pk, removed_at=tombstone.removed_at).update(
        generation="", snapshot=kept, preserve_config=bool(kept)
    )


def _commit(job: Job) -> None:
    with commit(job):
        tombstone = Tombstone.objects.filter(plugin_id__iexact=job.plugin_id).first()
        if tombstone is None or Plugin.objects.filter(plugin_id__iexact=job.plugin_id).exists():
            raise Conflict(
                f"{job.plugin_id} is installed again.", code="nothing-to-purge", hint="Only what was removed can be deleted for good."
            )
        forget(tombstone, keep_config=False)
