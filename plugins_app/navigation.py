"""The menu of the admin, by role, and the label that warns on every page: plugins are not isolated, the panel is in safe mode."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from plugins_app.access import Role, has_role
from plugins_app.panel import read_panel

MAIN = (
    ("Panel", "monitor", "admin:index"),
    ("Store", "storefront", "store-page"),
    ("Installed plugins", "extension", "installed-page"),
    ("Operations", "pending_actions", "operations-page"),
    ("Upkeep", "build", "upkeep-page"),
    ("Ticker", "swipe_left", "ticker-page"),
    ("Notifications", "campaign", "notifications-page"),
    ("Panel settings", "tune", "panel-settings"),
)
PEOPLE = (
    ("Users", "group", "admin:auth_user_changelist"),
    ("Tokens", "key", "tokens-page"),
    ("GitHub", "cloud_download", "github-page"),
    ("Audit trail", "history", "admin:plugins_app_auditentry_changelist"),
)
ROWS = (
    ("Notices", "notifications", "admin:plugins_app_issue_changelist"),
    ("Registries", "dns", "admin:plugins_app_registrysource_changelist"),
    ("Plugin health", "monitor_heart", "plugin-health-page"),
    ("Commands to the panel", "terminal", "admin:display_app_displaycommand_changelist"),
    ("API", "api", "api-docs"),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups of the menu that a person may use."""
    groups: list[dict[str, Any]] = [{"items": _items(MAIN, request)}]
    if has_role(request.user, Role.ADMIN):
        groups.append({"title": "People", "separator": True, "items": _items(PEOPLE, request)})
    if has_role(request.user, Role.OPERATOR):
        groups.append({"title": "Under the hood", "separator": True, "collapsible": True, "items": _items(ROWS, request)})
    return groups


def warning_label(request: HttpRequest) -> list[str] | None:
    """Return the red label of isolation level 0 (docs/architecture.md) and of the safe mode, None when there is nothing to warn of."""
    panel = read_panel(settings.LEDSITE.run_dir)
    isolation = panel.data.get("isolation")
    warnings = ["Plugins are not isolated"] if isinstance(isolation, dict) and isolation.get("level") == 0 else []
    warnings += ["Safe mode"] if panel.safe_mode else []
    return [", ".join(warnings), "danger"] if warnings else None


def _items(entries: tuple[tuple[str, str, str], ...], request: HttpRequest) -> list[dict[str, Any]]:
    links = [(title, icon, reverse(name)) for title, icon, name in entries]
    index = reverse("admin:index")
    here = next((link for _, _, link in links if request.path == link or (link != index and request.path.startswith(link))), "")
    return [{"title": title, "icon": icon, "link": link, "active": link == here} for title, icon, link in links]
