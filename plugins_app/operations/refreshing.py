"""The operation that asks the registries and GitHub; a forced one fails when a registry gives no good answer."""

from __future__ import annotations

from plugins_app.models import Phase
from plugins_app.operations.job import Job
from plugins_app.store.metadata import refresh_metadata_if_due
from plugins_app.store.refresh import refresh_registries


def run(job: Job) -> None:
    """Refresh every registry source, by force when asked for; what GitHub does not say about repositories is a warning."""
    force = bool(job.operation.arguments.get("force"))
    refresh_registries(force=force, http=job.context.http)
    job.advance(Phase.FETCHED)
    report = refresh_metadata_if_due(force=force)
    if report is not None and report.problem is not None:
        job.warn(f"Stars and last commits stay as they were: {report.problem.message}")
    job.succeed()
