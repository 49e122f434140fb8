"""The panel's rows in Django's admin, to look at: the director and the commands write them."""

from __future__ import annotations

from django.contrib import admin

from display_app.models import DisplayCommand, PluginHealth
from plugins_app.admin.read_only import ReadOnlyAdmin


@admin.register(PluginHealth)
class PluginHealthAdmin(ReadOnlyAdmin):
    """Failures and strikes of plugins."""

    list_display = ("plugin_id", "failures", "restarts", "quarantined_at", "last_error_at", "last_error")
    search_fields = ("plugin_id", "last_error")


@admin.register(DisplayCommand)
class DisplayCommandAdmin(ReadOnlyAdmin):
    """What the panel was told."""

    list_display = ("created_at", "kind", "arguments", "requested_by", "taken_at")
    list_filter = ("kind",)
    search_fields = ("requested_by",)
