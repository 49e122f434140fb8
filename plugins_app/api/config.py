"""Settings of a plugin: reading with secrets masked, replacing, changing, resetting; and their schema."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from plugins_app.api.base import ApiView
from plugins_app.api.schema import describe
from plugins_app.api.serializers import read_object
from plugins_app.config import store
from plugins_app.config.location import located
from plugins_app.lifecycle.requests import get_installed

settings_answer = describe(dict)
settings_change = describe(dict, body=dict)  # type: ignore[arg-type]


class ConfigView(ApiView):
    """The settings of a plugin with its defaults; secrets are masked and can only be written."""

    @settings_answer
    def get(self, request: Request, plugin_id: str) -> Response:
        """Show them."""
        return Response(store.masked_settings(get_installed(plugin_id)))

    @settings_change
    def put(self, request: Request, plugin_id: str) -> Response:
        """Replace them: what is not named gets its default; a masked secret stays as it is."""
        return self._save(request, plugin_id, partial=False)

    @settings_change
    def patch(self, request: Request, plugin_id: str) -> Response:
        """Change the named ones; objects are merged."""
        return self._save(request, plugin_id, partial=True)

    def _save(self, request: Request, plugin_id: str, *, partial: bool) -> Response:
        plugin = store.save_settings(plugin_id, read_object(request.data), partial=partial, requested_by=self.requested_by)
        return Response(store.masked_settings(plugin))


class SecretsView(ApiView):
    """Which secrets of a plugin are set; never their values."""

    @settings_answer
    def get(self, request: Request, plugin_id: str) -> Response:
        """List them as JSON pointers into the settings."""
        return Response({"set": store.set_secrets(get_installed(plugin_id))})


class ConfigResetView(ApiView):
    """Puts every setting of a plugin back to its default; secrets are removed."""

    @describe(dict)
    def post(self, request: Request, plugin_id: str) -> Response:
        """Do it at once."""
        store.reset_settings(plugin_id, requested_by=self.requested_by)
        return Response(store.masked_settings(get_installed(plugin_id)))


class ConfigSchemaView(ApiView):
    """The JSON schema of a plugin's settings, as the plugin ships it, but for defaults that are the place of the device."""

    @describe(dict)
    def get(self, request: Request, plugin_id: str) -> Response:
        """Show it; an empty object when the plugin has none."""
        return Response(located(get_installed(plugin_id).schema))
