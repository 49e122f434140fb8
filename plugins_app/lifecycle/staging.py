"""Prepares a generation where nobody sees it: fetch, check, requirements, probe, store; everything before the commit of install and update.

Only new folders are touched, so a failure or a kill leaves nothing but staging, which goes away with the attempt or with recovery.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins_app.config import store as config_store
from plugins_app.exceptions import LedsiteError, NetworkProblem, PackageError
from plugins_app.installer.collect import collect, empty_trash, throw_away
from plugins_app.installer.generations import new_name, store_tree
from plugins_app.installer.probe import ProbeResult, probe
from plugins_app.installer.requirements import Provided, install_requirements
from plugins_app.lifecycle.rows import kept_generations
from plugins_app.lifecycle.sources import Fetched, fetch
from plugins_app.models import Phase
from plugins_app.operations.job import Job
from plugins_app.package.compatibility import incompatibility
from plugins_app.package.manifest import Manifest, read_manifest
from plugins_app.package.schema import read_schema


@dataclass(frozen=True)
class Staged:
    """A checked plugin in a staging folder."""

    fetched: Fetched
    manifest: Manifest
    schema: dict[str, Any]
    provided: Provided


@contextlib.contextmanager
def workspace(job: Job) -> Iterator[Path]:
    """Give an empty staging folder; afterwards it is gone, and so is what was stored without being committed."""
    paths, operation = job.context.paths, job.operation
    discard_attempts(job)
    folder = paths.staged(operation.pk, operation.attempts)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        throw_away(paths, folder)
        if operation.is_committed():
            empty_trash(paths)
        else:
            collect(paths, job.plugin_id, keep=kept_generations(job.plugin_id))


def discard_attempts(job: Job) -> None:
    """Remove what earlier attempts of the operation left in staging."""
    for folder in job.context.paths.staging.glob(f"op{job.operation.pk}-*"):
        throw_away(job.context.paths, folder)


def stage(job: Job, source: str, ref: dict[str, Any], folder: Path, *, check_id: Callable[[Fetched, Manifest], None]) -> Staged:
    """Fetch and check a plugin and install what it requires; `check_id` says whether it is the right one."""
    fetched = fetch(job, source, ref, folder)
    job.advance(Phase.FETCHED)
    job.check_cancelled()
    manifest = read_manifest(fetched.tree)
    if problem := incompatibility(manifest.raw):
        raise PackageError(problem, code="incompatible", hint="Look for another version of the plugin, or update this product.")
    check_id(fetched, manifest)
    staged = Staged(fetched, manifest, _schema_of(job, fetched.tree), _install_requirements(job, fetched.tree))
    job.check_cancelled()
    return staged


def try_out(job: Job, staged: Staged, snapshot: dict[str, Any]) -> ProbeResult:
    """Import and construct the plugin in a throw-away process with the settings it would get; raise when it cannot be imported."""
    job.log("Trying it out")
    values = config_store.settings_from(staged.schema, snapshot, enabled=True)
    context = job.context
    result = probe(
        staged.fetched.tree,
        staged.manifest,
        values,
        root=context.paths.root,
        panel=context.panel,
        protected=context.protected,
        user=context.plugin_user,
        on_wait=job.check_cancelled,
    )
    if not result.importable:
        raise _cannot_be_loaded(staged, result.reason)
    if not result.constructed:
        job.warn(f"It does not start with its present settings: {result.reason}")
    job.advance(Phase.STAGED)
    return result


def store_generation(job: Job, staged: Staged) -> str:
    """Make the staged tree a stored generation; return its name."""
    job.check_cancelled()
    fetched, operation = staged.fetched, job.operation
    generation = new_name(operation.pk, operation.attempts)
    store_tree(
        job.context.paths,
        fetched.tree,
        plugin_id=staged.manifest.id,
        generation=generation,
        version=staged.manifest.version,
        operation=operation.pk,
        source=fetched.source,
        archive_sha256=fetched.archive_sha256,
        commit=fetched.commit,
        files=fetched.files,
    )
    job.advance(Phase.STORED, generation=generation)
    return generation


def _schema_of(job: Job, tree: Path) -> dict[str, Any]:
    """Read the schema; a bad one costs the form, not the plugin."""
    try:
        return read_schema(tree)
    except PackageError as error:
        job.warn(f"Its settings have no form: {error.message}")
        return {}


def _install_requirements(job: Job, tree: Path) -> Provided:
    target = tree / ".deps"
    provided = install_requirements(tree, target=target, lock_fd=job.lock.fd, on_line=job.progress.line, on_wait=job.check_cancelled)
    for warning in provided.warnings:
        job.warn(warning)
    return provided


def _cannot_be_loaded(staged: Staged, reason: str) -> LedsiteError:
    """Blame what could not be installed where something could not; for the moment only when the network was down."""
    name, lacking = staged.manifest.name, staged.provided.lacking
    if lacking and staged.provided.is_for_now:
        return NetworkProblem(
            f"{lacking} cannot be fetched now, and {name} cannot be loaded without: {reason}",
            code="requirements-unreachable",
            hint="Is this machine online? Try again when it is.",
        )
    hint = f"It needs {lacking}, which cannot be installed here; the log says why." if lacking else "Ask the plugin's author."
    return PackageError(f"{name} cannot be loaded: {reason}", code="cannot-be-imported", hint=f"{hint} Nothing was changed.")
