"""How plugins are, over HTTP: states, numbers, last errors, and their logs."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from display_app.health import log_lines, overview
from display_app.status import read_status
from plugins_app.access import Role
from plugins_app.api.base import ApiView
from plugins_app.api.schema import describe, words


class PluginsHealthView(ApiView):
    """Every installed plugin: state, reason and numbers."""

    @describe(dict, name="display_health_plugins_list")
    def get(self, request: Request) -> Response:
        """List them in the order of the panel."""
        rows = overview.plugins_health()
        return Response({"count": len(rows), "safe_mode": read_status()["safe_mode"], "results": rows})


class PluginHealthView(ApiView):
    """One plugin, with the traceback of its last error; tracebacks are logs, so it is for operators."""

    read_role = Role.OPERATOR

    @describe(dict)
    def get(self, request: Request, plugin_id: str) -> Response:
        """Show it."""
        return Response(overview.plugin_health(plugin_id))


class PluginLogView(ApiView):
    """What a plugin has said."""

    read_role = Role.OPERATOR

    @describe(dict, parameters=words("level", "download"))
    def get(self, request: Request, plugin_id: str) -> HttpResponseBase:
        """Answer the last entries from `level` on; `download=1` answers everything as a text file."""
        level = overview.checked_level(request.query_params.get("level", "debug"))
        if request.query_params.get("download"):
            return download(plugin_id)
        return Response({"plugin_id": plugin_id, "level": level.lower(), "entries": overview.log_of(plugin_id, level)})


def download(plugin_id: str) -> HttpResponse:
    """Answer a plugin's whole log as a file. Raise NotFound `not-installed`."""
    overview.find_plugin(plugin_id)
    response = HttpResponse(log_lines.read_log(overview.log_path(plugin_id)), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{plugin_id}.log"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
