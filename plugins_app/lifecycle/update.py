"""Replaces the generation of an installed plugin by the newest; settings go along, files that the plugin wrote too."""

from __future__ import annotations

from plugins_app.config import store as config_store
from plugins_app.exceptions import DiskProblem, PackageError
from plugins_app.installer.generations import where
from plugins_app.installer.mirror import CARRY_LIMIT, measure_written
from plugins_app.installer.probe import ProbeResult
from plugins_app.lifecycle.committing import commit
from plugins_app.lifecycle.install import check_version
from plugins_app.lifecycle.migrating import Migrated, migrate, refusals
from plugins_app.lifecycle.placing import place_and_end
from plugins_app.lifecycle.requests import get_installed, registry_id_of, registry_of
from plugins_app.lifecycle.rows import describe
from plugins_app.lifecycle.sources import Fetched
from plugins_app.lifecycle.staging import Staged, discard_attempts, stage, store_generation, try_out, workspace
from plugins_app.lifecycle.uploads import drop_upload
from plugins_app.models import Plugin, Probation, Source
from plugins_app.operations.job import Job
from plugins_app.package.manifest import Manifest
from plugins_app.package.versions import is_newer
from plugins_app.store.catalogue import find_entry
from plugins_app.store.refresh import refresh_registries


def run(job: Job) -> None:
    """Go through the phases from where the operation stands."""
    if not job.operation.is_committed():
        plugin = get_installed(job.plugin_id)
        if not _is_wanted(job, plugin):
            chosen = job.operation.arguments.get("version")
            job.log(f"{plugin.plugin_id} {plugin.version} is {'installed already' if chosen else 'the newest version'}.")
            job.succeed()
            return
        _prepare_and_commit(job, plugin)
    discard_attempts(job)
    place_and_end(job, carry=True)
    drop_upload(job.operation.arguments.get("path", ""), folder=job.context.uploads)


def _is_wanted(job: Job, plugin: Plugin) -> bool:
    """Ask the registry, never a stale answer, whether there is something newer; other sources do not say before the download."""
    if plugin.source != Source.REGISTRY or plugin.missing:
        return True
    if chosen := job.operation.arguments.get("version"):
        return bool(chosen.removeprefix("v") != plugin.version.removeprefix("v"))
    registry = registry_of(plugin)
    refresh_registries(force=True, only=registry, http=job.context.http)
    latest = find_entry(registry_id_of(plugin), registry=registry).latest_version
    return not latest or is_newer(latest, plugin.version)


def _prepare_and_commit(job: Job, plugin: Plugin) -> None:
    def check_id(fetched: Fetched, manifest: Manifest) -> None:
        if manifest.id != plugin.plugin_id:
            raise PackageError(
                f"The new version calls itself {manifest.id}, not {plugin.plugin_id}.",
                code="id-mismatch",
                hint="The old version stays. Uninstall it and install the new one when it is meant.",
            )

        check_version(arguments.get("version") or arguments.get("to") or "", manifest)

    arguments = job.operation.arguments
    ref = plugin.source_ref | arguments
    if plugin.source == Source.REGISTRY:
        ref = {"registry_id": registry_id_of(plugin)} | ref | {"registry": registry_of(plugin)}
    with workspace(job) as folder:
        staged = stage(job, plugin.source, ref, folder, check_id=check_id)
        migrated = migrate(config_store.snapshot(plugin), staged.schema)
        for sentence in (*migrated.given_up, *_new_wishes(plugin, staged, migrated)):
            job.warn(sentence)
        if arguments.get("automatic"):
            _refuse_by_itself(plugin, staged, migrated)
        result = try_out(job, staged, migrated.snapshot)
        _refuse_worse(plugin, result)
        _refuse_too_much(job, plugin)
        generation = store_generation(job, staged)
        _commit(job, plugin, staged, generation=generation, result=result)


def _new_wishes(plugin: Plugin, staged: Staged, migrated: Migrated) -> list[str]:
    """Say what the new schema asks for that no default gives and the old one did not ask for."""
    before = refusals(plugin.schema, config_store.snapshot(plugin))
    after = refusals(staged.schema, migrated.snapshot)
    return [f"The new version wants other settings: {after[wish]}" for wish in sorted(after.keys() - before.keys())]


def _refuse_by_itself(plugin: Plugin, staged: Staged, migrated: Migrated) -> None:
    """An update that nobody asked for changes no setting and asks for none."""
    if migrated.given_up or _new_wishes(plugin, staged, migrated) or (plugin.schema and not staged.schema):
        raise PackageError(
            f"{plugin.name} {staged.manifest.version} does not take the present settings as they are.",
            code="update-refused",
            hint="Update it by hand, then look at its settings.",
        )


def _refuse_worse(plugin: Plugin, result: ProbeResult) -> None:
    if not result.constructed and not plugin.setup_problem and not plugin.missing:
        raise PackageError(
            f"The new version does not start with the present settings: {result.reason}",
            code="update-refused",
            hint="The old version stays. Change its settings, or wait for the next version.",
        )


def _refuse_too_much(job: Job, plugin: Plugin) -> None:
    size = measure_written(job.context.paths, plugin.plugin_id, plugin.active_generation) if plugin.active_generation else 0
    if size > CARRY_LIMIT:
        raise DiskProblem(
            f"The plugin has written {size // 2**20} MiB into its folder, more than an update carries over.",
            code="too-much-written",
            hint=f"Remove what it does not need from its folder; {CARRY_LIMIT // 2**20} MiB can be carried.",
        )


def _commit(job: Job, plugin: Plugin, staged: Staged, *, generation: str, result: ProbeResult) -> None:
    old, version = plugin.active_generation, plugin.version
    previous = old if old and where(job.context.paths, plugin.plugin_id, old) is not None else None
    with commit(job, generation=generation, versions=[version, staged.manifest.version]):
        plugin.refresh_from_db()
        describe(plugin, staged.manifest, staged.schema)
        plugin.source_ref, plugin.commit = staged.fetched.source_ref, staged.fetched.commit
        plugin.active_generation, plugin.previous_generation = generation, previous
        plugin.missing, plugin.setup_problem = False, result.reason
        before = config_store.snapshot(plugin)
        migrated = migrate(before, staged.schema)
        plugin.migrated_values = migrated.replaced
        plugin.save()
        if job.operation.arguments.get("automatic"):
            facts = {"generation": generation, "version": plugin.version, "from_version": version}
            Probation.objects.create(plugin_id=plugin.plugin_id, **facts)
        if migrated.snapshot != before:
            config_store.restore(plugin, migrated.snapshot)
