"""The panel over HTTP: its state, what it shall show, its settings."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from display_app import commands, status
from plugins_app.access import Role, has_role
from plugins_app.api.base import ApiView
from plugins_app.api.permissions import RoleMissing
from plugins_app.api.schema import describe
from plugins_app.api.serializers import PluginBody, PluginId, StrictText, read_body, read_object

ADMIN_FIELDS = {"hardware", "limits"}


class ShowBody(serializers.Serializer[Any]):
    """Body of on-demand."""

    plugin_id = PluginId(max_length=200)
    mode = StrictText(required=False, allow_null=True, max_length=100)
    duration = serializers.FloatField(required=False, allow_null=True, min_value=1, max_value=86400)
    pinned = serializers.BooleanField(default=False)


class PauseBody(serializers.Serializer[Any]):
    """Body of pause."""

    paused = serializers.BooleanField(default=True)


class StatusView(ApiView):
    """What the panel shows now and next, and whether everything behind it lives."""

    @describe(dict)
    def get(self, request: Request) -> Response:
        """Read it."""
        return Response(status.read_status())


class OnDemandView(ApiView):
    """Shows a plugin at once, out of turn."""

    @describe(dict)
    def get(self, request: Request) -> Response:
        """Say what was asked for and goes on, and how the wish before it ended, with the reason."""
        state = status.read_status()
        return Response({"current": state["on_demand"], "last": state["last_on_demand"]})

    @describe(dict, body=ShowBody, status=202)
    def post(self, request: Request) -> Response:
        """Show it for `duration` seconds, or until DELETE when `pinned`."""
        body = read_body(ShowBody, request.data)
        mode, duration = body.get("mode"), body.get("duration")
        command = commands.show(body["plugin_id"], mode=mode, duration=duration, pinned=body["pinned"], requested_by=self.requested_by)
        answer = {"id": command.pk, "plugin_id": body["plugin_id"], "mode": mode, "duration": duration, "pinned": body["pinned"]}
        return Response(answer, status=202, headers={"Location": reverse("display-on-demand")})

    @describe(None, status=204)
    def delete(self, request: Request) -> Response:
        """Go back to the rotation."""
        commands.stop_showing(requested_by=self.requested_by)
        return Response(status=204)


class ReleaseView(ApiView):
    """Gives a plugin that was stopped after crashes another chance."""

    @describe(dict, body=PluginBody, status=202)
    def post(self, request: Request) -> Response:
        """Start it again."""
        body = read_body(PluginBody, request.data)
        commands.release(body["plugin_id"], requested_by=self.requested_by)
        return Response(body, status=202)


class SafeModeView(ApiView):
    """Whether only bundled plugins run, because the panel ended again and again and no plugin could be blamed."""

    @describe(dict)
    def get(self, request: Request) -> Response:
        """Answer `{active, since, reason, hint}`; the last three are null when it is off."""
        found = status.read_status()["safe_mode"]
        return Response({"active": found is not None, "since": None, "reason": None, "hint": None} | (found or {}))

    @describe(None, status=204)
    def delete(self, request: Request) -> Response:
        """Leave it: all plugins run again."""
        commands.leave_safe_mode(requested_by=self.requested_by)
        return Response(status=204)


class NextView(ApiView):
    """Goes on to the next plugin of the rotation."""

    @describe(dict, status=202)
    def post(self, request: Request) -> Response:
        """Do it."""
        commands.show_next(requested_by=self.requested_by)
        return Response({}, status=202)


class PauseView(ApiView):
    """Stops the rotation on what is shown, or lets it go on."""

    @describe(dict, body=PauseBody)
    def post(self, request: Request) -> Response:
        """Do it."""
        return Response(commands.change_settings(read_body(PauseBody, request.data), requested_by=self.requested_by))


class SettingsView(ApiView):
    """Brightness, power, pause, durations; and hardware options and limits of plugins, which are for administrators."""

    @describe(dict)
    def get(self, request: Request) -> Response:
        """Show them."""
        return Response(commands.read_settings())

    @describe(dict, body=dict)  # type: ignore[arg-type]
    def patch(self, request: Request) -> Response:
        """Change the named ones; the answer says of each whether it is live or needs the driver restarted."""
        values = read_object(request.data)
        if ADMIN_FIELDS & set(values) and not has_role(request.user, Role.ADMIN):
            raise RoleMissing(Role.ADMIN)
        return Response(commands.change_settings(values, requested_by=self.requested_by))
