"""Asks for an action of a plugin: a new row for a worker, one at a time for each plugin."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from plugins_app import audit
from plugins_app.actions.offered import find_action
from plugins_app.config.secrets import seal
from plugins_app.exceptions import BadRequest, Conflict, NotFound, OperationOpen
from plugins_app.models import ActionRun, Operation, Plugin

MOST_OPEN = 4
MOST_PARAMS = 1024 * 1024
KEPT = 30
KEPT_HOURS = 24
TASK = "plugins_app.tasks.run_action"


def ask(plugin: Plugin, action_id: str, params: dict[str, Any], *, requested_by: str) -> ActionRun:
    """Return the run that a worker will do.

    Raises NotFound `no-such-action`, Conflict `action-running` while another of the plugin's has not ended, OperationOpen.
    """
    action = find_action(plugin.manifest, action_id)
    if plugin.missing or not plugin.active_generation:
        raise Conflict(f"The files of {plugin.name} are gone.", code="nothing-to-run", hint="Install it again.")
    given = json.dumps(params) if params else ""
    if len(given) > MOST_PARAMS:
        raise BadRequest("The parameters have more than 1 MB.", code="params-too-large", hint="Send less at once.")
    with transaction.atomic():
        ActionRun.objects.give_up()
        if operation := Operation.objects.open().filter(plugin_id__iexact=plugin.plugin_id).first():
            raise OperationOpen(operation)
        if ActionRun.objects.open().filter(plugin_id__iexact=plugin.plugin_id).exists():
            raise Conflict(f"Another action of {plugin.name} has not ended.", code="action-running", hint="Wait for it to end.")
        if ActionRun.objects.open().count() >= MOST_OPEN:
            raise Conflict("Other actions are waiting.", code="too-many-actions", hint="Try again in a few seconds.")
        run = ActionRun.objects.create(
            plugin_id=plugin.plugin_id, action_id=action.id, sealed_params=seal(given) if given else "", requested_by=requested_by
        )
        audit.record(requested_by, "action", plugin.plugin_id, action=action.id)
        async_task(TASK, run.pk, cluster="slow", save=False, task_name=f"action-{run.pk}")
    return run


def find(plugin: Plugin, run_id: int) -> ActionRun:
    """Return a run of a plugin; NotFound `no-such-run`."""
    ActionRun.objects.give_up()
    run = ActionRun.objects.filter(pk=run_id, plugin_id=plugin.plugin_id).first()
    if run is None:
        raise NotFound("There is no such run any more.", code="no-such-run", hint="Start it again.")
    return run


def last_runs(plugin: Plugin) -> dict[str, ActionRun]:
    """Return the last run of each action of a plugin, by the action's id."""
    ActionRun.objects.give_up()
    return {run.action_id: run for run in ActionRun.objects.filter(plugin_id=plugin.plugin_id).order_by("pk")}


def drop_old() -> None:
    """Forget runs that are old, too many, or of a plugin that is gone."""
    ActionRun.objects.give_up()
    closed = ActionRun.objects.exclude(pk__in=ActionRun.objects.open())
    closed.filter(created_at__lt=timezone.now() - timedelta(hours=KEPT_HOURS)).delete()
    closed.exclude(plugin_id__in=Plugin.objects.values("plugin_id")).delete()
    closed.filter(pk__in=list(closed.values_list("pk", flat=True)[KEPT:])).delete()
