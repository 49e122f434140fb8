"""Rows of plugins_app in Django's admin, to look at; secrets and settings are not among them."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin

from plugins_app.access import Role
from plugins_app.admin.read_only import ReadOnlyAdmin
from plugins_app.models import AuditEntry, Issue, Operation, Plugin, RegistryEntry, RegistrySource, RepairVerdict, Tombstone

# The queue's own pages would let an administrator of the panel run any function as the user of the worker.
for queue_model in apps.get_app_config("django_q").get_models():
    if admin.site.is_registered(queue_model):
        admin.site.unregister(queue_model)


@admin.register(Plugin)
class PluginAdmin(ReadOnlyAdmin):
    """Installed plugins."""

    list_display = ("name", "plugin_id", "version", "source", "enabled", "position", "missing", "updated_at")
    list_filter = ("source", "enabled", "missing")
    search_fields = ("plugin_id", "name", "author")


@admin.register(Operation)
class OperationAdmin(ReadOnlyAdmin):
    """Work done and under way; its page with the log is Operations."""

    list_display = ("id", "kind", "plugin_id", "status", "phase", "attempts", "requested_by", "created_at", "finished_at")
    list_filter = ("kind", "status")
    search_fields = ("plugin_id", "requested_by", "error_code")
    exclude = ("owner", "arguments", "journal")


@admin.register(RegistrySource)
class RegistrySourceAdmin(ReadOnlyAdmin):
    """Registries."""

    list_display = ("name", "url", "trust", "fetched_at")


@admin.register(RegistryEntry)
class RegistryEntryAdmin(ReadOnlyAdmin):
    """What registries offer."""

    list_display = ("registry_id", "name", "author", "category", "latest_version", "source")
    list_select_related = ("source",)
    list_filter = ("source", "category")
    search_fields = ("registry_id", "name", "description")


@admin.register(Issue)
class IssueAdmin(ReadOnlyAdmin):
    """What a person should know or decide."""

    list_display = ("kind", "subject", "message", "since", "resolved_at")
    list_filter = ("kind",)
    search_fields = ("subject", "message")


@admin.register(RepairVerdict)
class RepairVerdictAdmin(ReadOnlyAdmin):
    """Plugins that cannot be repaired by themselves."""

    list_display = ("plugin_id", "reason", "definitive", "attempts", "since")


@admin.register(Tombstone)
class TombstoneAdmin(ReadOnlyAdmin):
    """Removed plugins."""

    list_display = ("plugin_id", "removed_at", "removed_by", "preserve_config")
    exclude = ("snapshot",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who changed what, and when."""

    read_role = Role.ADMIN
    list_display = ("at", "who", "what", "subject", "details")
    list_filter = ("what",)
    search_fields = ("who", "what", "subject")
