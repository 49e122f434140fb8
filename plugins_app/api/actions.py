"""Actions of a plugin: what its manifest offers, one that is run by a worker, and how far it is."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from plugins_app.access import Role
from plugins_app.actions.ask import ask, find
from plugins_app.actions.offered import Action, actions_of
from plugins_app.api.action_answers import ActionList, ActionRunAnswer
from plugins_app.api.base import KIB, ApiView
from plugins_app.api.schema import describe, takes
from plugins_app.api.serializers import ActionBody, read_body
from plugins_app.lifecycle.requests import get_installed
from plugins_app.models import ActionRun


class ActionsView(ApiView):
    """What a plugin offers besides its settings: scripts that its manifest lists."""

    @describe(ActionList, name="plugin_actions_list")
    def get(self, request: Request, plugin_id: str) -> Response:
        """List them, hidden ones too."""
        rows = [action_body(action) for action in actions_of(get_installed(plugin_id).manifest)]
        return Response({"count": len(rows), "results": rows})


class ActionView(ApiView):
    """Runs one of the scripts that a plugin offers."""

    most_body = 2 * 1024 * KIB

    @takes(ActionBody, ActionRunAnswer, status=202)
    def post(self, request: Request) -> Response:
        """Answer 202 and where it can be followed; `redirect_url` in `params` completes a login."""
        body = read_body(ActionBody, request.data)
        plugin = get_installed(body["plugin_id"])
        run = ask(plugin, body["action_id"], body.get("params") or {}, requested_by=self.requested_by)
        return Response(run_body(run), status=202, headers={"Location": reverse("plugin-action-run", args=[plugin.plugin_id, run.pk])})


class ActionRunView(ApiView):
    """How far a run is, and what came of it."""

    read_role = Role.OPERATOR

    @describe(ActionRunAnswer)
    def get(self, request: Request, plugin_id: str, run_id: int) -> Response:
        """Say so."""
        return Response(run_body(find(get_installed(plugin_id), run_id)))


def action_body(action: Action) -> dict[str, Any]:
    """Return an action as the API shows it; where its script lies is the plugin's business."""
    names = ("id", "title", "description", "section", "code_prompt", "is_hidden", "is_oauth")
    return {**{name: getattr(action, name) for name in names}, "button_text": action.button}


def run_body(run: ActionRun) -> dict[str, Any]:
    """Return a run as the API shows it."""
    names = (
        "plugin_id", "action_id", "status", "message", "answer", "link", "wants_code", "output", "requested_by", "created_at",
        "finished_at",
    )  # fmt: skip
    return {"id": run.pk, **{name: getattr(run, name) for name in names}}
