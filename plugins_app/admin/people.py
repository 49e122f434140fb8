"""Users with their role; for administrators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from rest_framework.authtoken.models import TokenProxy
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminSelectWidget

from plugins_app import audit
from plugins_app.access import Role, has_role, highest, role_of, set_role

apps.get_app_config("auth").verbose_name = "People"
for model in (User, Group, TokenProxy):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class ForAdministrators(ModelAdmin):
    """A model page that administrators alone see and use; every change stands in the audit trail."""

    audit_name = ""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show it to administrators."""
        return has_role(request.user, Role.ADMIN)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let administrators in."""
        return has_role(request.user, Role.ADMIN)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and write down who did it."""
        super().save_model(request, obj, form, change)
        audit.record(request.user.get_username(), f"{self.audit_name}-{'change' if change else 'add'}", str(obj))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, and write down who did it."""
        audit.record(request.user.get_username(), f"{self.audit_name}-delete", str(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete one by one, so that each stands in the trail."""
        for obj in queryset:
            self.delete_model(request, obj)


class RoleField(forms.ChoiceField):
    """The one role of a user."""

    def __init__(self) -> None:
        help_text = (
            "Viewer looks. Operator also turns plugins on and off and changes settings. Administrator also installs and manages people."
        )
        super().__init__(choices=Role.choices, initial=Role.VIEWER.value, widget=UnfoldAdminSelectWidget, help_text=help_text)


class AddUserForm(UserCreationForm):
    """A new user with a role and a password: there is no other way to log in."""

    usable_password = None
    role = RoleField()


class ChangeUserForm(UserChangeForm):
    """A user with a role."""

    role = RoleField()

    def clean(self) -> dict[str, Any]:
        """Keep one active administrator."""
        cleaned: dict[str, Any] = super().clean()
        stays = cleaned.get("role") == Role.ADMIN and cleaned.get("is_active")
        if not stays and is_last_administrator(self.instance):
            raise forms.ValidationError("This is the last administrator who may log in. Make somebody else administrator first.")
        return cleaned

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = role_of(self.instance) or highest(self.instance.groups.values_list("name", flat=True))
        self.fields["role"].initial = (role or Role.VIEWER).value


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ForAdministrators):
    """People who may log in."""

    audit_name = "user"
    form, add_form, change_password_form = ChangeUserForm, AddUserForm, AdminPasswordChangeForm
    list_display = ("username", "role_name", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "role", "is_active")}),
        ("More", {"fields": ("first_name", "last_name", "email", "last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "password1", "password2", "role")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Fetch the roles with the users."""
        found: QuerySet[User] = super().get_queryset(request).prefetch_related("groups")
        return found

    @admin.display(description="role")
    def role_name(self, user: User) -> str:
        """Name a user's role."""
        role = Role.ADMIN if user.is_superuser else highest(group.name for group in user.groups.all())
        return str(role.label) if role else "none"

    def save_related(self, request: HttpRequest, form: ModelForm[User], formsets: Any, change: bool) -> None:
        """Give the chosen role."""
        super().save_related(request, form, formsets, change)
        set_role(form.instance, Role(form.cleaned_data["role"]))

    has_add_permission = has_change_permission = ForAdministrators.has_view_permission

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let administrators delete people, but not the last administrator, nor several at once."""
        return isinstance(obj, User) and has_role(request.user, Role.ADMIN) and not is_last_administrator(obj)


def is_last_administrator(user: User) -> bool:
    """Tell whether nobody else could do an administrator's work."""
    administrators = User.objects.filter(Q(is_superuser=True) | Q(groups__name=Role.ADMIN.value), is_active=True)
    return role_of(user) is Role.ADMIN and not administrators.exclude(pk=user.pk).exists()
