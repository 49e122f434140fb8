"""Installs a plugin: new, or in the place of one whose files are gone."""

from __future__ import annotations

import copy
from typing import Any

from django.db.models.base import ModelState
from django.utils import timezone

from plugins_app.config import store as config_store
from plugins_app.exceptions import Conflict, PackageError
from plugins_app.installer.generations import damage, where
from plugins_app.installer.probe import ProbeResult
from plugins_app.lifecycle.committing import commit
from plugins_app.lifecycle.placing import place_and_end
from plugins_app.lifecycle.rows import describe, end_of_order
from plugins_app.lifecycle.sources import Fetched
from plugins_app.lifecycle.staging import Staged, discard_attempts, stage, store_generation, try_out, workspace
from plugins_app.lifecycle.uploads import drop_upload
from plugins_app.models import Issue, Plugin, RepairVerdict, Source, Tombstone
from plugins_app.operations.job import Job
from plugins_app.package.manifest import Manifest

REPAIRED = ("missing", "damaged", "unknown-folder", "foreign-folder", "no-receipt", "version-mismatch")


def run(job: Job) -> None:
    """Go through the phases from where the operation stands."""
    arguments = job.operation.arguments
    if not job.operation.is_committed():
        _prepare_and_commit(job, arguments)
    discard_attempts(job)
    place_and_end(job, carry=bool(arguments.get("repair")))
    drop_upload(arguments.get("path", ""), folder=job.context.uploads)


def _prepare_and_commit(job: Job, arguments: dict[str, Any]) -> None:
    def check_id(fetched: Fetched, manifest: Manifest) -> None:
        check_expected(fetched, manifest)
        check_version(arguments.get("version") or "", manifest)
        job.take_over_id(manifest.id)
        if manifest.id != arguments.get("repair"):
            _refuse_second(manifest.id)

    with workspace(job) as folder:
        staged = stage(job, arguments["source"], arguments, folder, check_id=check_id)
        result = try_out(job, staged, _known_settings(job.plugin_id, heir_of=arguments.get("repair", "")))
        generation = store_generation(job, staged)
        _commit(job, staged, generation, result)


def check_expected(fetched: Fetched, manifest: Manifest) -> None:
    """Refuse an archive whose manifest names another plugin than the one that was asked for."""
    expected = {plugin_id.lower() for plugin_id in fetched.expected_ids}
    if expected and manifest.id.lower() not in expected:
        raise PackageError(
            f"The archive contains {manifest.id}, which is another plugin than the one asked for.",
            code="id-mismatch",
            hint="Tell the owner of the registry; nothing was changed.",
        )


def check_version(chosen: str, manifest: Manifest) -> None:
    """Refuse an archive that is another version than the one that was chosen."""
    if chosen and manifest.version.removeprefix("v") != chosen.removeprefix("v"):
        raise PackageError(
            f"The archive contains version {manifest.version}, not {chosen}.",
            code="version-mismatch",
            hint="Leave the version out for the newest; nothing was changed.",
        )


def _refuse_second(plugin_id: str) -> None:
    plugin = Plugin.objects.filter(plugin_id__iexact=plugin_id).first()
    if plugin is not None and (not plugin.missing or plugin.plugin_id != plugin_id):
        raise Conflict(
            f"{plugin.plugin_id} is installed already, version {plugin.version}.", code="already-installed", hint="Use update to renew it."
        )


def _row_to_renew(plugin_id: str, heir_of: str) -> Plugin | None:
    """Return the row whose files are gone; a repair may find that the plugin has got another id, and then takes the row over."""
    found = Plugin.objects.filter(pk=plugin_id).first()
    return found or Plugin.objects.filter(pk=heir_of, missing=True).first()


def _known_settings(plugin_id: str, *, heir_of: str) -> dict[str, Any]:
    """Return the settings that the plugin will start with: its own when the row is still there, those kept at its removal, or none."""
    plugin = _row_to_renew(plugin_id, heir_of)
    if plugin is not None:
        return config_store.snapshot(plugin)
    tombstone = Tombstone.objects.filter(plugin_id__iexact=plugin_id, preserve_config=True).first()
    return dict(tombstone.snapshot.get("config") or {}) if tombstone is not None else {}


def _commit(job: Job, staged: Staged, generation: str, result: ProbeResult) -> None:
    plugin_id = staged.manifest.id
    present = _row_to_renew(plugin_id, job.operation.arguments.get("repair", ""))
    previous = _previous(job, present) if present is not None and present.plugin_id == plugin_id else None
    with commit(job, generation=generation, versions=["", staged.manifest.version]):
        present = _row_to_renew(plugin_id, job.operation.arguments.get("repair", ""))
        settings = _known_settings(plugin_id, heir_of=job.operation.arguments.get("repair", ""))
        plugin = _renamed(present, plugin_id) or Plugin(plugin_id=plugin_id, position=end_of_order())
        describe(plugin, staged.manifest, staged.schema)
        plugin.source, plugin.source_ref, plugin.commit = staged.fetched.source, staged.fetched.source_ref, staged.fetched.commit
        plugin.active_generation, plugin.previous_generation = generation, previous
        plugin.missing, plugin.setup_problem = False, result.reason
        _switch_on(plugin, job.operation.arguments)
        plugin.save()
        if present is None or present.plugin_id != plugin_id:
            config_store.restore(plugin, config_store.hide_secrets(staged.schema, settings))
        Tombstone.objects.filter(plugin_id__iexact=plugin_id).delete()
        RepairVerdict.objects.filter(plugin_id__iexact=plugin_id).delete()
        Issue.objects.filter(subject__iexact=plugin_id, kind__in=REPAIRED, resolved_at=None).update(resolved_at=timezone.now())


def _previous(job: Job, plugin: Plugin) -> str | None:
    """Return what a rollback may return to: what was live until now when it is there, else what was before it."""
    paths = job.context.paths
    for name in (plugin.active_generation, plugin.previous_generation):
        if name and where(paths, plugin.plugin_id, name) is not None and damage(paths, plugin.plugin_id, name) is None:
            return name
    return None


def _renamed(present: Plugin | None, plugin_id: str) -> Plugin | None:
    """Give a row another key: the old one goes, with its settings, which the caller writes anew."""
    if present is None or present.plugin_id == plugin_id:
        return present
    renamed = copy.copy(present)
    present.delete()
    renamed.plugin_id = plugin_id
    renamed._state = ModelState()
    return renamed


def _switch_on(plugin: Plugin, arguments: dict[str, Any]) -> None:
    """Put what a person installs from the registry on the panel, and show it at once; a repair keeps what was."""
    if arguments.get("repair") or not arguments.get("enable"):
        return
    plugin.enabled = True
    if plugin.source == Source.REGISTRY:
        plugin.introduced_at = timezone.now()
