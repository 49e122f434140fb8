"""Settings of a plugin: reading with secrets masked, replacing, changing, resetting; and their schema."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from plugins_app.api.base import ApiView
from plugins_app.api.schema import describe
from plugins_app.config import store
from plugins_app.exceptions import BadRequest, NotFound
from plugins_app.models import Plugin

settings_answer = describe(dict)
settings_change = describe(dict, body=dict)  # type: ignore[arg-type]


class ConfigView(ApiView):
    """The settings of a plugin with its defaults; secrets are masked and can only be written."""

    @settings_answer
    def get(self, request: Request, plugin_id: str) -> Response:
        """Show them."""
        return Response(store.masked_settings(find_plugin(plugin_id)))

    @settings_change
    def put(self, request: Request, plugin_id: str) -> Response:
        """Replace them: what is not named gets its default; a masked secret stays as it is."""
        return self._save(request, plugin_id, partial=False)

    @settings_change
    def patch(self, request: Request, plugin_id: str) -> Response:
        """Change the named ones; objects are merged."""
        return self._save(request, plugin_id, partial=True)

    def _save(self, request: Request, plugin_id: str, *, partial: bool) -> Response:
        plugin = store.save_settings(plugin_id, read_settings(request.data), partial=partial, requested_by=self.requested_by)
        return Response(store.masked_settings(plugin))


class SecretsView(ApiView):
    """Which secrets of a plugin are set; never their values."""

    @settings_answer
    def get(self, request: Request, plugin_id: str) -> Response:
        """List them as JSON pointers into the settings."""
        paths = find_plugin(plugin_id).secrets.order_by("path").values_list("path", flat=True)
        return Response({"set": list(paths)})


class ConfigResetView(ApiView):
    """Puts every setting of a plugin back to its default; secrets are removed."""

    @describe(dict)
    def post(self, request: Request, plugin_id: str) -> Response:
        """Do it at once."""
        store.reset_settings(plugin_id, requested_by=self.requested_by)
        return Response(store.masked_settings(find_plugin(plugin_id)))


class ConfigSchemaView(ApiView):
    """The JSON schema of a plugin's settings, as the plugin ships it."""

    @describe(dict)
    def get(self, request: Request, plugin_id: str) -> Response:
        """Show it; an empty object when the plugin has none."""
        return Response(find_plugin(plugin_id).schema)


def find_plugin(plugin_id: str) -> Plugin:
    """Return an installed plugin; raise NotFound `not-installed`."""
    plugin = Plugin.objects.filter(plugin_id=plugin_id).first()
    if plugin is None:
        raise NotFound(f"{plugin_id[:80]} is not installed.", code="not-installed", hint="See /api/v3/plugins/installed.")
    return plugin


def read_settings(data: Any) -> dict[str, Any]:
    """Return the body when it is an object; raise BadRequest when not."""
    if not isinstance(data, dict):
        raise BadRequest("Settings come as a JSON object.", code="invalid-input", hint='Send an object such as {"brightness": 50}.')
    return data
