"""Runs one action that was asked for; a worker's work, never the web's."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from plugins_app.actions.ask import drop_old
from plugins_app.actions.offered import Action, find_action
from plugins_app.actions.outcome import MOST_OUTPUT, Outcome, as_address, failed, read_outcome
from plugins_app.actions.process import Ran, ScriptTask, run_script
from plugins_app.config.location import device_location
from plugins_app.config.pointers import value_at
from plugins_app.config.secrets import open_sealed
from plugins_app.config.store import effective_settings, save_settings, set_secrets, settings_revision
from plugins_app.exceptions import LedsiteError
from plugins_app.installer.locks import Held, hold
from plugins_app.lifecycle.starting import start_anew
from plugins_app.models import ActionRun, ActionStatus, Operation, Plugin
from plugins_app.models.action import ACTION_SECONDS
from plugins_app.operations.context import Context

CODE = "redirect_url"

logger = logging.getLogger(__name__)


class _InTheWay(Exception):
    """The plugin is about to be changed: that comes first, and needs its files."""


def run(context: Context, run_id: int, *, seconds: float = ACTION_SECONDS) -> None:
    """Run it once, whoever else was told to; one whose worker was killed is ended, since nobody holds its lock."""
    asked = ActionRun.objects.filter(pk=run_id).first()
    if asked is None:
        return
    try:
        with hold(context.paths.action_lock(asked.plugin_id), wait=1.0):
            if asked.claim():
                _run(context, asked, seconds=seconds)
            else:
                ActionRun.objects.filter(pk=asked.pk).interrupt()
    except Held:
        return
    drop_old()


def _run(context: Context, asked: ActionRun, *, seconds: float) -> None:
    try:
        outcome = _outcome(context, asked, seconds=seconds)
    except (OSError, LedsiteError) as error:
        outcome = failed(f"It could not be run: {error}"[:500])
    with transaction.atomic():
        _finish(asked, outcome)


def _outcome(context: Context, asked: ActionRun, *, seconds: float) -> Outcome:
    plugin = Plugin.objects.filter(pk=asked.plugin_id, missing=False).first()
    if plugin is None:
        return failed("The plugin is gone.")
    action = find_action(plugin.manifest, asked.action_id)
    params = json.loads(open_sealed(asked.sealed_params)) if asked.sealed_params else {}
    given, revision = effective_settings(plugin), settings_revision(plugin)
    secrets = [value for value in (value_at(given, pointer) for pointer in set_secrets(plugin)) if isinstance(value, str)]
    secrets += [params[CODE]] if isinstance(params.get(CODE), str) else []
    task = _task(context, plugin, action, params, given)
    try:
        _make_way(plugin)
        ran = run_script(task, seconds=seconds, most_output=MOST_OUTPUT, on_wait=lambda: _make_way(plugin))
    except _InTheWay:
        return failed("It was ended: the plugin is being changed. Start it again afterwards.")
    outcome = _judge(action, ran, secrets, seconds=seconds)
    problem = _take_settings(plugin, ran, given, revision, by=f"action {action.id}")
    if problem:
        outcome = failed(f"{outcome.message} {problem}".strip(), output=outcome.output)
    elif outcome.is_good and not outcome.wants_code and not action.is_hidden:
        start_anew(plugin.plugin_id)
    return outcome


def _task(context: Context, plugin: Plugin, action: Action, params: dict[str, Any], given: dict[str, Any]) -> ScriptTask:
    code = params.get(CODE)
    if isinstance(code, str):
        params = {**params, CODE: as_address(code)}
    text = json.dumps(params) if params else ""
    return ScriptTask(
        paths=context.paths,
        plugin_id=plugin.plugin_id,
        manifest=plugin.manifest,
        script=action.script,
        settings=given,
        shared={"timezone": settings.TIME_ZONE, "location": device_location()},
        text=f"{params[CODE]}\n" if action.is_oauth and isinstance(code, str) else text,
        panel=context.panel,
        asks_for_link=action.is_oauth and not isinstance(code, str),
        protected=context.protected,
        user=context.plugin_user,
    )


def _judge(action: Action, ran: Ran, secrets: list[str], *, seconds: float) -> Outcome:
    if ran.is_cut:
        return failed(f"It was ended: it printed more than {MOST_OUTPUT // 1024} KB.", output=ran.output, secrets=secrets)
    if ran.ended.timed_out:
        return failed(f"It was ended: it did not come to an end within {seconds:g} seconds.", output=ran.output, secrets=secrets)
    return read_outcome(action, ran.output, code=ran.ended.code, secrets=secrets)


def _make_way(plugin: Plugin) -> None:
    if Operation.objects.open().filter(plugin_id__iexact=plugin.plugin_id).exists():
        raise _InTheWay


def _take_settings(plugin: Plugin, ran: Ran, given: dict[str, Any], revision: int, *, by: str) -> str:
    """Save what a script has written into its own section of `config.json`; return what kept it from being saved."""
    if ran.settings is None or ran.settings == json.loads(json.dumps(given)):
        return ""
    values = {name: value for name, value in ran.settings.items() if name != "enabled"}
    try:
        save_settings(plugin.plugin_id, values, partial=False, requested_by=by, if_revision=revision)
    except LedsiteError as error:
        logger.warning("The settings that %s of %s left are refused: %s", by, plugin.plugin_id, error.message)
        return f"Its changes to the settings were not saved: {error.message}"
    return ""


def _finish(asked: ActionRun, outcome: Outcome) -> None:
    ActionRun.objects.filter(pk=asked.pk, status=ActionStatus.RUNNING).update(
        status=ActionStatus.DONE if outcome.is_good else ActionStatus.FAILED,
        message=outcome.message,
        answer=outcome.answer,
        link=outcome.link,
        wants_code=outcome.wants_code,
        output=outcome.output,
        finished_at=timezone.now(),
    )
