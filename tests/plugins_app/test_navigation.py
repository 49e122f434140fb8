"""The menu by role, and the warning that every page carries when plugins are not isolated."""

from __future__ import annotations

import json
import re
import time

import pytest
from django.test import Client

from plugins_app.access import Role
from plugins_app.panel import STATUS_NAME
from tests.fakes.people import make_user

pytestmark = pytest.mark.django_db
MENU = {
    Role.VIEWER: {"Panel", "Store", "Installed plugins", "Operations", "Upkeep", "Panel settings"},
    Role.OPERATOR: {"Notices", "Registries", "Plugin health", "Commands to the panel", "API"},
    Role.ADMIN: {"Users", "Tokens", "Audit trail"},
}


def open_page(role: Role, address: str = "/admin/") -> str:
    client = Client()
    client.force_login(make_user(role))
    return client.get(address).content.decode()


@pytest.mark.parametrize("role", Role)
def test_the_menu_shows_what_a_role_may_use(role):
    shown = set(re.findall(r"<span>([^<]+)</span>", open_page(role).split('id="nav-sidebar-apps"')[1].split("</nav>")[0]))
    expected = {title for needed, titles in MENU.items() if role.includes(needed) for title in titles}
    assert shown & set().union(*MENU.values()) == expected


@pytest.mark.parametrize(("level", "is_said"), [(0, True), (1, False)])
@pytest.mark.parametrize("address", ["/admin/", "/admin/store/", "/admin/auth/user/"])
def test_every_page_warns_when_plugins_are_not_isolated(settings, level, is_said, address):
    status = settings.LEDSITE.run_dir / STATUS_NAME
    status.write_text(json.dumps({"beat": time.monotonic(), "isolation": {"level": level, "text": ""}}))
    try:
        assert ("Plugins are not isolated" in open_page(Role.ADMIN, address)) is is_said
    finally:
        status.unlink()
