"""The environment: defaults, and one sentence for every bad value."""

from __future__ import annotations

import pytest

from ledsite.env import EnvironmentProblem, read_environment


def test_everything_has_a_default():
    environment = read_environment({})
    assert (environment.panel.width, environment.panel.height) == (128, 32)
    assert (environment.bind_host, environment.bind_port) == ("127.0.0.1", 8000)
    assert environment.registry_ttl == 900
    assert environment.runtime_root == environment.plugin_dir.parent


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LEDSITE_PANEL", "64"),
        ("LEDSITE_PANEL", "0x32"),
        ("LEDSITE_PANEL", "9999x9999x9x9"),
        ("LEDSITE_BACKEND", "led"),
        ("LEDSITE_REGISTRY_TTL", "-1"),
        ("LEDSITE_METADATA_TTL", "1h"),
        ("LEDSITE_BIND", "8000"),
        ("LEDSITE_BIND", "localhost:99999"),
        ("LEDSITE_REGISTRY_URL", "ftp://example.org/x"),
        ("LEDSITE_GITHUB_URL", "http://example.org"),
        ("LEDSITE_ALLOWED_HOSTS_INSTALL", "https://github.com"),
        ("LEDSITE_CSRF_TRUSTED_ORIGINS", "panel.example"),
        ("LEDSITE_TIME_ZONE", "Mars/Olympus"),
        ("LEDSITE_LOW_MEMORY", "a little"),
        ("DATABASE_URL", "postgres://x"),
        ("REDIS_URL", "redis://x"),
    ],
)
def test_a_bad_value_is_refused_by_name(name, value):
    with pytest.raises(EnvironmentProblem) as caught:
        read_environment({name: value})
    assert str(caught.value).startswith(name)


def test_plain_http_is_for_this_machine_only():
    environment = read_environment({"LEDSITE_REGISTRY_URL": "http://127.0.0.1:9/plugins.json"})
    assert environment.registry_url == "http://127.0.0.1:9/plugins.json"
