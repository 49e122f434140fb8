"""The base of model pages whose rows a room owns: everybody with a role reads, nobody writes here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin

from plugins_app.access import Role, has_role


class ReadOnlyAdmin(ModelAdmin):
    """A list and a detail page without any way to change; `read_role` says for whom."""

    read_role = Role.OPERATOR
    list_per_page = 50
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Name what a detail page shows, without building the form that Django would ask: nobody fills it in."""
        return [field.name for field in self.opts.fields if field.editable and not field.auto_created]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let in who has the role."""
        return has_role(request.user, self.read_role)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show it in the menu to the same people."""
        return has_role(request.user, self.read_role)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False
