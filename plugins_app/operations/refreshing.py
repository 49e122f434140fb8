"""The operation that asks the registries; a forced one never answers with what was known before."""

from __future__ import annotations

from plugins_app.models import Phase
from plugins_app.operations.job import Job
from plugins_app.store.refresh import refresh_registries


def run(job: Job) -> None:
    """Refresh every registry source, by force when asked for."""
    refresh_registries(force=bool(job.operation.arguments.get("force")), http=job.context.http)
    job.advance(Phase.FETCHED)
    job.succeed()
