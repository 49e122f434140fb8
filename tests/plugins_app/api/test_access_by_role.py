"""Every address of the API, by every role: nobody without a login, and nobody beyond the rights of a role."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from plugins_app.access import Role
from tests.fakes.people import client_of

V, O, A = Role.VIEWER, Role.OPERATOR, Role.ADMIN
MATRIX: dict[tuple[str, str], Role] = {
    ("GET", ""): V,
    ("GET", "plugins/installed"): V,
    ("GET", "plugins/store/list"): V,
    ("POST", "plugins/store/refresh"): O,
    ("POST", "plugins/install"): A,
    ("POST", "plugins/install-from-url"): A,
    ("POST", "plugins/install-upload"): A,
    ("POST", "plugins/update"): O,
    ("POST", "plugins/uninstall"): A,
    ("POST", "plugins/undo-uninstall"): O,
    ("POST", "plugins/rollback"): O,
    ("POST", "plugins/toggle"): O,
    ("POST", "plugins/order"): O,
    ("GET", "plugins/state/reconcile"): V,
    ("POST", "plugins/state/reconcile"): O,
    ("GET", "plugins/clock/config"): V,
    ("PUT", "plugins/clock/config"): O,
    ("PATCH", "plugins/clock/config"): O,
    ("POST", "plugins/clock/config/reset"): O,
    ("GET", "plugins/clock/config/secrets"): V,
    ("GET", "plugins/clock/schema"): V,
    ("GET", "operations"): V,
    ("GET", "operations/1"): V,
    ("POST", "operations/1/cancel"): O,
    ("GET", "schema"): V,
    ("GET", "docs"): V,
    ("GET", "display/status"): V,
    ("POST", "display/on-demand"): O,
    ("DELETE", "display/on-demand"): O,
    ("POST", "display/release"): O,
    ("POST", "display/next"): O,
    ("POST", "display/pause"): O,
    ("GET", "display/settings"): V,
    ("PATCH", "display/settings"): O,
    ("GET", "display/frame.png"): V,
    ("GET", "display/stream"): V,
}
OPEN_TO_ANYONE = {"health"}
pytestmark = pytest.mark.django_db


def test_the_matrix_names_every_route():
    named = {re.sub(r"(?<=operations/)1|(?<=plugins/)clock", "*", path) for _, path in MATRIX} | OPEN_TO_ANYONE
    assert {route for route in routes() if not route.endswith("/")} == named


@pytest.mark.parametrize(("method", "path"), MATRIX, ids=lambda part: part or "root")
def test_nobody_without_a_login(method, path):
    answer = Client(headers={"Accept": "application/json"}).generic(method, f"/api/v3/{path}")
    assert answer.status_code == 401 or (path == "docs" and answer.status_code == 302)
    assert answer.status_code == 302 or (answer.json()["code"], bool(answer.json()["hint"])) == ("login-required", True)


@pytest.mark.parametrize(("method", "path"), [key for key, needed in MATRIX.items() if needed is not V])
def test_nobody_beyond_the_rights_of_a_role(method, path):
    needed = MATRIX[method, path]
    for role in [None, *(role for role in Role if not role.includes(needed))]:
        answer = client_of(role).generic(method, f"/api/v3/{path}", "{}", content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(("method", "path"), [key for key in MATRIX if key[1] not in ("display/stream",)])
def test_the_role_that_is_needed_is_enough(method, path):
    answer = client_of(MATRIX[method, path]).generic(method, f"/api/v3/{path}", "{}", content_type="application/json")
    assert answer.status_code not in (401, 403, 405, 500)


def test_hardware_is_for_administrators():
    body = {"hardware": {"gpio_slowdown": 2}}
    assert client_of(O).patch("/api/v3/display/settings", body, format="json").status_code == 403
    assert client_of(A).patch("/api/v3/display/settings", body, format="json").json() == {"hardware": "driver-restart"}


def routes() -> set[str]:
    """Return every address below /api/v3/, parameters as `*`."""
    found: set[str] = set()

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for entry in patterns:
            here = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns, here)
            elif here.startswith("api/v3/"):
                found.add(re.sub(r"<[^>]*>", "*", here.removeprefix("api/v3/")))

    walk(get_resolver().url_patterns, "")
    return found
