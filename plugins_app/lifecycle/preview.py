"""Draws what a plugin of the store shows before anybody installs it: fetched and drawn in staging; only its pictures are kept.

There is no commit: whatever happens, nothing is installed, and no setting and no other plugin is touched.
"""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings

from plugins_app.config import store as config_store
from plugins_app.exceptions import Cancelled
from plugins_app.installer.collect import empty_trash, throw_away
from plugins_app.installer.drawing import DrawingTask, Interrupted
from plugins_app.installer.previews import OFFERED, draw_previews, read_reason
from plugins_app.lifecycle.install import check_expected
from plugins_app.lifecycle.sources import Fetched
from plugins_app.lifecycle.staging import stage, workspace
from plugins_app.models import Phase
from plugins_app.operations.context import Context
from plugins_app.operations.job import Job
from plugins_app.package.manifest import Manifest

KEPT_SECONDS = 30 * 24 * 3600.0
LEFT_OVER_SECONDS = 24 * 3600.0
HALF_DONE = ".drawing-"


def run(job: Job) -> None:
    """Fetch, check, draw, and put the pictures in the place of those that were drawn before."""
    name = f"{OFFERED}op{job.operation.pk}-{job.operation.attempts}"
    with workspace(job) as folder:
        tree, schema = _fetch(job, folder)
        job.advance(Phase.STAGED)
        job.log("Drawing it in a process of its own, without network and with its default settings")
        task = DrawingTask(
            folder=tree,
            settings=config_store.settings_from(schema, {}, enabled=True),
            panel=job.context.panel,
            timezone=settings.TIME_ZONE,
            protected=job.context.protected,
            user=job.context.plugin_user,
        )
        try:
            is_lit = draw_previews(job.context.paths, job.plugin_id, name, task, is_interrupted=job.progress.is_cancelled)
        except Interrupted as error:
            raise Cancelled("Cancelled on request; nothing was changed.") from error
    if not is_lit:
        job.warn(f"There is nothing to see: {read_reason(job.context.paths, job.plugin_id, name)}")
    _drop_others(job, keep=name)
    job.succeed()


def tidy(context: Context) -> None:
    """Throw away pictures that were drawn long ago, and what a worker that was killed has left of one."""
    now = time.time()
    for pattern, seconds in ((f"*/{OFFERED}*", KEPT_SECONDS), (f"*/{HALF_DONE}*", LEFT_OVER_SECONDS)):
        for folder in context.paths.all_previews.glob(pattern):
            if now - folder.stat().st_mtime > seconds:
                throw_away(context.paths, folder)


def _fetch(job: Job, folder: Path) -> tuple[Path, dict[str, object]]:
    def check_id(fetched: Fetched, manifest: Manifest) -> None:
        check_expected(fetched, manifest)

    staged = stage(job, job.operation.arguments["source"], job.operation.arguments, folder, check_id=check_id)
    return staged.fetched.tree, staged.schema


def _drop_others(job: Job, *, keep: str) -> None:
    for folder in sorted(job.context.paths.previews(job.plugin_id).glob(f"{OFFERED}*")):
        if folder.name != keep:
            throw_away(job.context.paths, folder)
    empty_trash(job.context.paths)
