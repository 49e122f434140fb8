"""Returns to the generation before the last update, with what the plugin has written since; a second rollback goes forward again."""

from __future__ import annotations

from plugins_app.config import store as config_store
from plugins_app.exceptions import Conflict
from plugins_app.installer.generations import damage, where
from plugins_app.lifecycle.automatic import refuse
from plugins_app.lifecycle.committing import commit
from plugins_app.lifecycle.migrating import put_back
from plugins_app.lifecycle.placing import place_and_end
from plugins_app.lifecycle.requests import get_installed
from plugins_app.lifecycle.rows import describe
from plugins_app.models import Issue, Plugin, Probation
from plugins_app.operations.job import Job
from plugins_app.package.manifest import read_manifest
from plugins_app.package.schema import read_schema


def run(job: Job) -> None:
    """Switch active and previous generation, then place; by itself it goes back to the files of the switch, too."""
    if not job.operation.is_committed():
        _commit(job)
    place_and_end(job, carry=not job.operation.arguments.get("automatic"))


def _commit(job: Job) -> None:
    plugin = get_installed(job.plugin_id)
    wanted = plugin.previous_generation
    tree = where(job.context.paths, plugin.plugin_id, wanted) if wanted else None
    if not wanted or tree is None or (problem := damage(job.context.paths, plugin.plugin_id, wanted)):
        reason = problem if wanted and tree is not None else "its files are gone."
        raise Conflict(
            f"The earlier version of {plugin.plugin_id} cannot be used: {reason}", code="nothing-to-roll-back", hint="Update it instead."
        )
    manifest, schema = read_manifest(tree), read_schema(tree)
    with commit(job, generation=wanted, versions=[plugin.version, manifest.version]):
        if job.operation.arguments.get("automatic"):
            _end_probation(job, plugin)
        plugin.refresh_from_db()
        describe(plugin, manifest, schema)
        plugin.previous_generation = plugin.active_generation or None
        plugin.active_generation = wanted
        plugin.missing, plugin.setup_problem = False, ""
        replaced, plugin.migrated_values = plugin.migrated_values, {}
        plugin.save()
        if replaced:
            config_store.restore(plugin, put_back(config_store.snapshot(plugin), replaced))


def _end_probation(job: Job, plugin: Plugin) -> None:
    """Refuse the version that failed, unless it has gone from the panel already."""
    failed = Probation.objects.filter(plugin_id=plugin.plugin_id, generation=job.operation.arguments["generation"]).first()
    if failed is None or plugin.active_generation != failed.generation:
        raise Conflict(f"{plugin.plugin_id} has changed meanwhile.", code="nothing-to-roll-back")
    reason = str(job.operation.arguments["reason"])
    refuse(failed, reason)
    Issue.report(
        "update-returned",
        plugin.plugin_id,
        f"{plugin.name} {failed.version} came by itself and failed: {reason} Version {failed.from_version} is back.",
        hint=f"Version {failed.version} is not offered again. Nothing is to be done.",
    )
