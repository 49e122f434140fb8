"""Every address of the API, by every role: nobody without a login, and nobody beyond the rights of a role."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from plugins_app.access import Role
from tests.fakes.people import client_of
from tests.plugins_app.api.routes import routes

V, OP, A = Role.VIEWER, Role.OPERATOR, Role.ADMIN
MATRIX: dict[tuple[str, str], Role] = {
    ("GET", ""): V,
    ("GET", "plugins/installed"): V,
    ("GET", "plugins/bundled"): V,
    ("POST", "plugins/clock/upload-credentials"): OP,
    ("POST", "plugins/action"): OP,
    ("GET", "plugins/clock/actions"): V,
    ("GET", "plugins/clock/actions/1"): OP,
    ("GET", "plugins/assets/list"): V,
    ("POST", "plugins/assets/upload"): OP,
    ("POST", "plugins/assets/delete"): OP,
    ("GET", "plugins/clock/assets/0"): V,
    ("POST", "plugins/clock/drawings"): OP,
    ("GET", "plugins/clock/drawings/0"): OP,
    ("GET", "plugins/clock/drawings/0/picture"): OP,
    ("GET", "plugins/store/list"): V,
    ("GET", "plugins/store/facets"): V,
    ("GET", "plugins/store/changes"): V,
    ("POST", "plugins/store/changes/seen"): V,
    ("GET", "plugins/store/clock"): V,
    ("POST", "plugins/store/clock/fetch"): OP,
    ("POST", "plugins/store/clock/preview"): A,
    ("GET", "plugins/store/clock/picture"): V,
    ("POST", "plugins/store/refresh"): OP,
    ("GET", "plugins/store/token"): A,
    ("PUT", "plugins/store/token"): A,
    ("DELETE", "plugins/store/token"): A,
    ("POST", "plugins/store/token/check"): A,
    ("POST", "plugins/install"): A,
    ("POST", "plugins/install-from-url"): A,
    ("POST", "plugins/install-upload"): A,
    ("POST", "plugins/update"): OP,
    ("POST", "plugins/update-all"): OP,
    ("GET", "plugins/update-policy"): V,
    ("PUT", "plugins/update-policy"): A,
    ("GET", "plugins/store/sources"): V,
    ("POST", "plugins/store/sources"): A,
    ("DELETE", "plugins/store/sources/1"): A,
    ("POST", "plugins/purge"): A,
    ("POST", "plugins/state/findings/clock/retry"): OP,
    ("POST", "operations/1/retry"): OP,
    ("POST", "plugins/uninstall"): A,
    ("GET", "plugins/removed"): V,
    ("POST", "plugins/undo-uninstall"): OP,
    ("POST", "plugins/rollback"): OP,
    ("POST", "plugins/toggle"): OP,
    ("POST", "plugins/order"): OP,
    ("GET", "plugins/state/reconcile"): V,
    ("POST", "plugins/state/reconcile"): OP,
    ("GET", "plugins/clock/config"): V,
    ("PUT", "plugins/clock/config"): OP,
    ("PATCH", "plugins/clock/config"): OP,
    ("POST", "plugins/clock/config/reset"): OP,
    ("GET", "plugins/clock/config/secrets"): V,
    ("GET", "plugins/clock/schema"): V,
    ("GET", "plugins/clock/preview"): V,
    ("GET", "plugins/clock/versions"): V,
    ("GET", "operations"): V,
    ("GET", "operations/1"): V,
    ("POST", "operations/1/cancel"): OP,
    ("GET", "schema"): V,
    ("GET", "docs"): V,
    ("GET", "display/status"): V,
    ("GET", "display/on-demand"): V,
    ("POST", "display/on-demand"): OP,
    ("DELETE", "display/on-demand"): OP,
    ("POST", "display/release"): OP,
    ("GET", "display/safe-mode"): V,
    ("DELETE", "display/safe-mode"): OP,
    ("POST", "display/next"): OP,
    ("POST", "display/pause"): OP,
    ("GET", "display/settings"): V,
    ("PATCH", "display/settings"): OP,
    ("GET", "display/notifications"): V,
    ("POST", "display/notifications"): OP,
    ("DELETE", "display/notifications"): OP,
    ("GET", "display/notifications/1"): V,
    ("DELETE", "display/notifications/1"): OP,
    ("GET", "display/health/plugins"): V,
    ("GET", "display/health/plugins/clock"): OP,
    ("GET", "display/health/plugins/clock/log"): OP,
    ("GET", "display/frame.png"): V,
    ("GET", "display/stream"): V,
}
PARAMETERS = (
    r"(?<=operations/)1|(?<=notifications/)1|(?<=sources/)1|(?<=actions/)1"
    r"|(?<=plugins/)clock|(?<=store/)clock|(?<=drawings/)0|(?<=assets/)0"
)
OPEN_TO_ANYONE = {"health"}
pytestmark = pytest.mark.django_db


def test_the_matrix_names_every_route():
    named = {re.sub(PARAMETERS, "*", path.replace("clock/retry", "*/*")) for _, path in MATRIX} | OPEN_TO_ANYONE
    assert routes() == named


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
    assert client_of(OP).patch("/api/v3/display/settings", body, format="json").status_code == 403
    assert client_of(A).patch("/api/v3/display/settings", body, format="json").json() == {"hardware": "driver-restart"}
