"""Whatever goes wrong below /api/ is one problem document with code and hint, and changes nothing."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from plugins_app import access
from plugins_app.lifecycle import listing
from plugins_app.models import AuditEntry, Operation, Plugin
from tests.fakes.people import PASSWORD, client_of, make_user

pytestmark = pytest.mark.django_db
JSON = "application/json"
BAD = [
    ("POST", "plugins/install", "{", JSON, 400, "malformed-body"),
    ("POST", "plugins/install", b'{"plugin_id": "\xff"}', JSON, 400, "malformed-body"),
    ("POST", "plugins/install", '{"plugin_id": NaN}', JSON, 400, "malformed-body"),
    ("POST", "plugins/install", "[" * 5000 + "]" * 5000, JSON, 400, "malformed-body"),
    ("POST", "plugins/install", "[]", JSON, 400, "invalid-input"),
    ("POST", "plugins/install", "null", JSON, 400, "invalid-input"),
    ("POST", "plugins/install", "{}", JSON, 400, "invalid-input"),
    ("POST", "plugins/install", '{"plugin_id": 5}', JSON, 400, "invalid-input"),
    ("POST", "plugins/install", '{"plugin_id": ["clock"]}', JSON, 400, "invalid-input"),
    ("POST", "plugins/install", '{"plugin_id": "../../etc"}', JSON, 400, "bad-plugin-id"),
    ("POST", "plugins/install", '{"plugin_id": "a\\u0000b"}', JSON, 400, "bad-plugin-id"),
    ("POST", "plugins/install", '{"plugin_id": "no-such-plugin"}', JSON, 404, "not-in-registry"),
    ("POST", "plugins/install", '{"plugin_id": "clock", "enable": "perhaps"}', JSON, 400, "invalid-input"),
    ("POST", "plugins/install", "plugin_id=clock", "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
    ("POST", "plugins/install", "{}" + " " * 2**21, JSON, 413, "body-too-large"),
    ("POST", "plugins/install-upload", "{}", JSON, 415, "unsupported-media-type"),
    ("POST", "plugins/install-upload", "nonsense", "multipart/form-data; boundary=x", 400, "invalid-input"),
    ("POST", "plugins/install-upload", "nonsense", "multipart/form-data", 400, "malformed-body"),
    ("POST", "plugins/install-from-url", '{"url": "https://example.org/x.zip"}', JSON, 403, None),
    ("POST", "plugins/update", '{"plugin_id": "no-such-plugin"}', JSON, 404, "not-installed"),
    ("POST", "plugins/uninstall", '{"plugin_id": "no-such-plugin"}', JSON, 404, "not-installed"),
    ("POST", "plugins/toggle", '{"plugin_id": "no-such-plugin", "enabled": true}', JSON, 404, "not-installed"),
    ("POST", "plugins/toggle", '{"plugin_id": "clock"}', JSON, 400, "invalid-input"),
    ("POST", "plugins/order", '{"plugin_ids": "clock"}', JSON, 400, "invalid-input"),
    ("GET", "plugins/no-such-plugin/config", "", JSON, 404, "not-installed"),
    ("GET", "plugins/..%2f..%2fetc/config", "", JSON, 404, "not-found"),
    ("PATCH", "plugins/no-such-plugin/config", "{}", JSON, 404, "not-installed"),
    ("GET", "plugins/installed?limit=x", "", JSON, 400, "bad-request"),
    ("GET", "plugins/installed?offset=-1", "", JSON, 400, "bad-request"),
    ("GET", "plugins/store/list?sort=nonsense", "", JSON, 400, "unknown-sort"),
    ("GET", "operations/999999", "", JSON, 404, None),
    ("GET", "operations/99999999999999999999999", "", JSON, 404, None),
    ("GET", "operations?status=nonsense", "", JSON, 400, "bad-filter"),
    ("POST", "operations/999999/cancel", "", JSON, 404, None),
    ("DELETE", "plugins/installed", "", JSON, 405, "method-not-allowed"),
    ("GET", "plugins/install", "", JSON, 405, "method-not-allowed"),
    ("GET", "nowhere", "", JSON, 404, "not-found"),
    ("POST", "display/on-demand", '{"plugin_id": "no-such-plugin"}', JSON, 409, "not-installed"),
    ("POST", "display/on-demand", '{"plugin_id": "clock", "duration": "long"}', JSON, 400, "invalid-input"),
    ("PATCH", "display/settings", '{"brightness": 101}', JSON, 400, "settings-invalid"),
    ("PATCH", "display/settings", '{"colour": 1}', JSON, 400, "settings-invalid"),
    ("PATCH", "display/settings", "[]", JSON, 400, "settings-invalid"),
]


@pytest.mark.parametrize(("method", "path", "body", "kind", "status", "code"), BAD)
def test_bad_input_is_a_problem_document_and_changes_nothing(method, path, body, kind, status, code):
    client = client_of()
    before = AuditEntry.objects.count()
    answer = client.generic(method, f"/api/v3/{path}", body, content_type=kind)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert problem["code"] == (code or problem["code"])
    assert problem["status"] == status
    assert all(problem[name] for name in ("title", "code", "detail", "hint"))
    assert (Operation.objects.count(), Plugin.objects.count(), AuditEntry.objects.count()) == (0, 0, before)


def test_wrong_fields_are_named():
    answer = client_of().post("/api/v3/plugins/order", {"plugin_ids": ["clock", 5]}, format="json")
    assert answer.json()["errors"] == [{"path": "/plugin_ids/1", "message": "Not a valid string."}]


def test_an_error_of_our_own_code_is_a_problem_document_too(monkeypatch):
    def fail(*, refresh):
        raise TypeError("secret detail")

    monkeypatch.setattr(listing, "look", fail)
    client = client_of()
    client.raise_request_exception = False
    answer = client.get("/api/v3/plugins/installed")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    assert "secret detail" not in answer.content.decode()


def test_a_session_needs_the_csrf_token():
    make_user()
    client = APIClient(enforce_csrf_checks=True)
    assert client.login(username="admin", password=PASSWORD)
    answer = client.post("/api/v3/plugins/toggle", {"plugin_id": "clock", "enabled": True}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf-failed")


def test_a_session_with_the_csrf_token_may():
    make_user()
    client = APIClient(enforce_csrf_checks=True)
    client.login(username="admin", password=PASSWORD)
    client.get("/admin/login/")
    client.cookies["csrftoken"] = token = "a" * 32
    answer = client.post("/api/v3/plugins/toggle", {"plugin_id": "clock", "enabled": True}, format="json", HTTP_X_CSRFTOKEN=token)
    assert answer.json()["code"] == "not-installed"


@pytest.mark.parametrize("header", ["Token", "Token wrong", "Token a b", "Token \u00e9", "Basic YWRtaW46YWRtaW4="])
def test_a_wrong_token_is_no_login(header):
    answer = Client().get("/api/v3/plugins/installed", headers={"Authorization": header.encode("utf-8").decode("latin-1")})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Token")


def test_a_foreign_host_name_is_refused_in_plain_words():
    answer = Client(headers={"Host": "evil.example"}).get("/admin/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")


def test_a_known_token_ends_with_its_user_and_its_role():
    client = client_of(access.Role.OPERATOR)
    toggle = {"plugin_id": "clock", "enabled": True}
    assert client.post("/api/v3/plugins/toggle", toggle, format="json").status_code == 404
    user = User.objects.get()
    access.set_role(user, access.Role.VIEWER)
    assert client.post("/api/v3/plugins/toggle", toggle, format="json").status_code == 403
    user.is_active = False
    user.save()
    assert client.get("/api/v3/plugins/installed").json()["code"] == "bad-token"


def test_a_deleted_token_is_forgotten():
    client = client_of()
    assert client.get("/api/v3/plugins/installed").status_code == 200
    Token.objects.get().delete()
    assert client.get("/api/v3/plugins/installed").status_code == 401


def test_an_upload_must_be_a_zip():
    file = SimpleUploadedFile("x.zip", b"not a zip")
    answer = client_of().post("/api/v3/plugins/install-upload", {"file": file}, format="multipart")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert Operation.objects.count() == 0
