"""Removes a plugin: row, settings and secrets go in the commit that writes the tombstone, then its host ends, then the files go."""

from __future__ import annotations

import time
from typing import Any

from django.db import transaction
from django.utils import timezone

from plugins_app.config import store as config_store
from plugins_app.exceptions import DiskProblem, LedsiteError
from plugins_app.failpoints import failpoint
from plugins_app.installer.generations import identify, where
from plugins_app.installer.locks import Held, is_held
from plugins_app.installer.place import place, withdraw
from plugins_app.lifecycle.committing import commit, flushed_to_medium
from plugins_app.lifecycle.placing import report_aside, tidy
from plugins_app.lifecycle.requests import get_installed
from plugins_app.lifecycle.rows import restore_row, snapshot_row
from plugins_app.models import Issue, OperationStatus, Phase, Plugin, RepairVerdict, Revision, Tombstone
from plugins_app.operations.job import Job

STOP_SECONDS = 5.0
POLL_SECONDS = 0.02


class WillNotStop(LedsiteError):
    """The plugin's process did not end in time."""

    default_code = "plugin-will-not-stop"


def run(job: Job) -> None:
    """Go through the phases from where the operation stands; what cannot be completed after the commit is taken back."""
    if not job.operation.is_committed():
        _commit(job)
    try:
        _take_out(job)
    except (WillNotStop, DiskProblem, Held, OSError) as error:
        _compensate(job, error)
        return
    tidy(job)
    job.succeed()


def _take_out(job: Job) -> None:
    if job.operation.phase == Phase.COMMITTED:
        _wait_for_host(job)
        job.advance(Phase.STOPPED)
    withdrawn = withdraw(job.context.paths, job.plugin_id)
    report_aside(job.plugin_id, [str(withdrawn.aside)] if withdrawn.aside else [])


def _commit(job: Job) -> None:
    plugin = get_installed(job.plugin_id)
    generation = _generation_to_keep(job, plugin)
    with commit(job):
        plugin.refresh_from_db()
        config = _snapshot_config(job, plugin)
        Tombstone.objects.filter(plugin_id__iexact=plugin.plugin_id).delete()
        Tombstone.objects.create(
            plugin_id=plugin.plugin_id,
            generation=generation,
            preserve_config=bool(job.operation.arguments.get("preserve_config")),
            snapshot={"name": plugin.name, "version": plugin.version, "plugin": snapshot_row(plugin), "config": config},
            removed_by=job.operation.requested_by,
        )
        plugin.delete()
        RepairVerdict.objects.filter(plugin_id__iexact=plugin.plugin_id).delete()
        Issue.objects.filter(subject__iexact=plugin.plugin_id, resolved_at=None).update(resolved_at=timezone.now())


def _generation_to_keep(job: Job, plugin: Plugin) -> str:
    """Return what an undo would place: the active generation, else what stands in its place; empty when the files are gone."""
    paths, active = job.context.paths, plugin.active_generation
    if active and where(paths, plugin.plugin_id, active) is not None:
        return active
    return identify(paths, plugin.plugin_id, paths.live(plugin.plugin_id)) or ""


def _snapshot_config(job: Job, plugin: Plugin) -> dict[str, Any]:
    """Keep settings and secrets for undo; a disk that cannot give them does not keep a person from removing the plugin (ruling H)."""
    try:
        return config_store.snapshot(plugin)
    except (OSError, LedsiteError) as error:
        job.warn(f"Completed, but its configuration cannot be restored: {error}")
        return {}


def _wait_for_host(job: Job) -> None:
    """Wait until the director has stopped the host, which the kernel tells by the live lock (ruling L)."""
    lock = job.context.paths.live_lock(job.plugin_id)
    deadline = time.monotonic() + STOP_SECONDS
    while is_held(lock):
        if time.monotonic() >= deadline:
            raise WillNotStop(
                f"The process of {job.plugin_id} does not end; nothing was removed.", hint="Restart the display, then uninstall it again."
            )
        time.sleep(POLL_SECONDS)


def _compensate(job: Job, error: Exception) -> None:
    """Take the commit back: row, settings, secrets, order and the wish to be on the panel are as they were."""
    problem = error if isinstance(error, LedsiteError) else DiskProblem(f"The files cannot be moved: {error}.", hint="Check the disk.")
    job.log(problem.message, level="error")
    job.progress.flush()
    with flushed_to_medium(), transaction.atomic():
        tombstone = Tombstone.objects.get(plugin_id=job.plugin_id)
        plugin = restore_row(tombstone.plugin_id, tombstone.snapshot)
        tombstone.delete()
        Revision.bump("generation", "plugins")
        job.end(
            OperationStatus.FAILED,
            phase=Phase.CLAIMED,
            error_code=problem.code,
            error_message=problem.message,
            error_hint=problem.hint or "Nothing was removed.",
        )
    failpoint("compensated")
    _put_back(job, plugin)


def _put_back(job: Job, plugin: Plugin) -> None:
    """Place the tree again when it was moved before the failure; what does not succeed now is repaired by converge."""
    paths, active = job.context.paths, plugin.active_generation
    if not active or where(paths, plugin.plugin_id, active) in (None, paths.live(plugin.plugin_id)):
        return
    try:
        place(paths, plugin.plugin_id, active, carry=False)
    except (LedsiteError, OSError) as error:
        reason = f"The files of {plugin.plugin_id} are not in their place: {error}"
        Issue.report("missing", plugin.plugin_id, reason, actions=["retry", "remove"])
