"""Installed plugins: the list, and every change to what is installed or runs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from plugins_app.access import Role
from plugins_app.api import kept
from plugins_app.api.authentication import revisions_of
from plugins_app.api.base import ApiView, accepted
from plugins_app.api.schema import answers_bundled, answers_operation, answers_plugins, answers_removed, answers_versions, takes
from plugins_app.api.serializers import (
    InstallBody,
    InstallFromUrlBody,
    OrderBody,
    PluginBody,
    ToggleBody,
    UninstallBody,
    UpdateBody,
    UploadBody,
    read_body,
)
from plugins_app.lifecycle import enable, listing, requests
from plugins_app.lifecycle.bundled_listing import bundled_plugins
from plugins_app.lifecycle.removed import removed_plugins
from plugins_app.lifecycle.versions import versions_of


class InstalledView(ApiView):
    """The installed plugins in the order of the panel, each with its state and the reason for it."""

    @answers_plugins
    def get(self, request: Request) -> HttpResponseBase:
        """List them; `refresh` looks at the folders again first."""
        seen = listing.look(refresh=request.query_params.get("refresh") in ("1", "true"), revisions=revisions_of(request))

        def build() -> tuple[dict[str, Any], None]:
            found, head = self.page(request, seen.rows())
            return {**head, "results": found}, None

        if not kept.is_plain(request):
            return Response(build()[0])
        return kept.answer(request, ("installed", *self.cut(request)), key=seen.key, build=build)


class BundledView(ApiView):
    """The plugins that come with the product, installed or not."""

    @answers_bundled
    def get(self, request: Request) -> Response:
        """List them."""
        rows = bundled_plugins()
        return Response({"count": len(rows), "results": rows})


class InstallView(ApiView):
    """Installs a plugin from the registry, or one that comes with the product."""

    write_role = Role.ADMIN

    @answers_operation(InstallBody)
    def post(self, request: Request) -> Response:
        """Queue the installation."""
        body = read_body(InstallBody, request.data)
        operation = requests.request_install(
            body["plugin_id"], version=body.get("version"), enable=body["enable"], requested_by=self.requested_by
        )
        return accepted(operation)


class InstallFromUrlView(ApiView):
    """Installs a plugin from an https address or a GitHub repository; it starts disabled."""

    write_role = Role.ADMIN

    @answers_operation(InstallFromUrlBody)
    def post(self, request: Request) -> Response:
        """Queue the installation."""
        body = read_body(InstallFromUrlBody, request.data)
        operation = requests.request_install_from_url(
            body["url"], plugin_path=body["plugin_path"], branch=body["branch"], requested_by=self.requested_by
        )
        return accepted(operation)


class InstallUploadView(ApiView):
    """Installs a plugin from a zip in the field `file` of a multipart form; it starts disabled."""

    write_role = Role.ADMIN
    most_body = settings.LARGEST_UPLOAD
    parser_classes = (MultiPartParser,)

    @answers_operation(UploadBody, multipart=True)
    def post(self, request: Request) -> Response:
        """Queue the installation."""
        file = read_body(UploadBody, request.data)["file"]
        return accepted(requests.request_install_upload(file, filename=file.name, requested_by=self.requested_by))


class UpdateView(ApiView):
    """Updates a plugin to the version of its registry."""

    @answers_operation(UpdateBody)
    def post(self, request: Request) -> Response:
        """Queue the update; without a `version` to the newest."""
        body = read_body(UpdateBody, request.data)
        return accepted(requests.request_update(body["plugin_id"], version=body.get("version"), requested_by=self.requested_by))


class VersionsView(ApiView):
    """The versions of an installed plugin that can be had; no request is made for it."""

    @answers_versions
    def get(self, request: Request, plugin_id: str) -> Response:
        """List them, the newest first."""
        return Response(versions_of(plugin_id))


class UninstallView(ApiView):
    """Removes a plugin; `preserve_config` keeps its settings for a later installation."""

    write_role = Role.ADMIN

    @answers_operation(UninstallBody)
    def post(self, request: Request) -> Response:
        """Queue the removal."""
        body = read_body(UninstallBody, request.data)
        operation = requests.request_uninstall(body["plugin_id"], preserve_config=body["preserve_config"], requested_by=self.requested_by)
        return accepted(operation)


class RemovedView(ApiView):
    """What was removed and is still kept: for an undo, or its settings for the next installation."""

    @answers_removed
    def get(self, request: Request) -> Response:
        """List it, the last removed first."""
        found, head = self.page(request, removed_plugins())
        return Response({**head, "results": found})


class UndoUninstallView(ApiView):
    """Brings a removed plugin back with its settings."""

    @answers_operation(PluginBody)
    def post(self, request: Request) -> Response:
        """Queue the undo."""
        return accepted(requests.request_undo_uninstall(read_body(PluginBody, request.data)["plugin_id"], requested_by=self.requested_by))


class PurgeView(ApiView):
    """Deletes for good what an uninstall kept for an undo."""

    write_role = Role.ADMIN

    @answers_operation(PluginBody)
    def post(self, request: Request) -> Response:
        """Queue it."""
        return accepted(requests.request_purge(read_body(PluginBody, request.data)["plugin_id"], requested_by=self.requested_by))


class RollbackView(ApiView):
    """Puts the previous version of a plugin back."""

    @answers_operation(PluginBody)
    def post(self, request: Request) -> Response:
        """Queue the rollback."""
        return accepted(requests.request_rollback(read_body(PluginBody, request.data)["plugin_id"], requested_by=self.requested_by))


class ToggleView(ApiView):
    """Turns a plugin on or off."""

    @takes(ToggleBody)
    def post(self, request: Request) -> Response:
        """Do it at once."""
        body = read_body(ToggleBody, request.data)
        plugin = enable.set_enabled(body["plugin_id"], enabled=body["enabled"], requested_by=self.requested_by)
        return Response({"plugin_id": plugin.plugin_id, "enabled": plugin.enabled})


class OrderView(ApiView):
    """Sets the order in which plugins are shown."""

    @takes(OrderBody)
    def post(self, request: Request) -> Response:
        """Put the named plugins first, in this order; the others keep theirs behind them."""
        ids = read_body(OrderBody, request.data)["plugin_ids"]
        enable.set_order(ids, requested_by=self.requested_by)
        return Response({"plugin_ids": ids})
