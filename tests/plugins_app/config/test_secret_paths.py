"""Which settings are secrets."""

from __future__ import annotations

from typing import Any

import pytest

from plugins_app.config.secret_paths import has_secret_name, is_secret, secret_paths


@pytest.mark.parametrize(
    "name",
    [
        "api_key", "apiKey", "API_KEY", "apikey", "flightaware_api_key", "password", "db_pass", "dbPassword", "token", "access-token",
        "client_secret", "clientSecret", "passphrase", "private_key", "wifi_psk", "opensky_password", "TOKEN", "api_token2",
    ],
)  # fmt: skip
def test_names_that_say_secret(name: str) -> None:
    assert has_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "max_tokens",
        "token_file",
        "key",
        "keyboard",
        "passengers",
        "compass",
        "bypass",
        "secretary",
        "show_password_hint",
        "ncaam_hockey",
        "x",
        "",
    ],
)
def test_names_that_do_not(name: str) -> None:
    assert not has_secret_name(name)


@pytest.mark.parametrize(
    ("name", "schema", "expected"),
    [
        ("user", {"type": "string", "x-secret": True}, True),
        ("api_key", {"type": "string", "x-secret": False}, False),
        ("word", {"type": "string", "format": "password"}, True),
        ("token", {"type": "boolean"}, False),
        ("token", {"type": ["string", "null"]}, True),
        ("token", {}, True),
        ("token", {"type": "string", "enum": ["a", "b"]}, False),
        ("password", {"type": "object", "properties": {}}, False),
    ],
)
def test_marks_come_before_names(name: str, schema: dict[str, Any], expected: bool) -> None:
    assert is_secret(name, schema) is expected


def test_secrets_are_found_nested_in_lists_and_beyond_the_schema() -> None:
    schema = {
        "properties": {
            "a.b": {"properties": {"api_key": {"type": "string"}, "n": {"type": "integer"}}},
            "accounts": {"type": "array", "items": {"properties": {"token": {"type": "string"}}}},
            "keys": {"type": "array", "x-secret": True, "items": {"type": "string"}},
            "box": {"type": "object", "x-secret": True, "properties": {"x": {"type": "string"}}},
            "pin": {"type": "integer", "x-secret": True},
        }
    }
    values = {"accounts": [{"token": "t"}, {"name": "x"}], "keys": ["k"], "extra": {"db_pass": "p", "password": 7, "show_token": True}}
    assert secret_paths(schema, values) == {
        "/a.b/api_key",
        "/accounts/0/token",
        "/accounts/1/token",
        "/keys/0",
        "/box/x",
        "/pin",
        "/extra/db_pass",
    }
