"""System checks: each finds its one thing, and is silent otherwise."""

from __future__ import annotations

import dataclasses

import pytest

from ledsite import checks


@pytest.fixture
def environment(settings, tmp_path):
    """Settings with a data folder of their own, changed by keyword."""

    def change(**values):
        plugin_dir = tmp_path / "root" / "plugin-repos"
        plugin_dir.mkdir(parents=True, exist_ok=True)
        settings.LEDSITE = dataclasses.replace(settings.LEDSITE, **{"data_dir": tmp_path, "plugin_dir": plugin_dir, **values})

    change()
    return change


ALL = [
    checks.check_debug,
    checks.check_key_files,
    checks.check_data_folder,
    checks.check_hosts,
    checks.check_backend,
    checks.check_runtime_root,
]


def found():
    return [message.id for check in ALL for message in check(None)]


def test_the_default_is_fine(environment):
    assert found() == []


def test_debug_pages(environment, settings):
    settings.DEBUG = True
    assert found() == ["ledsite.W001"]


def test_keys_that_others_can_read(environment, tmp_path):
    for name, mode in (("secret.key", 0o640), ("secrets.key", 0o600)):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(mode)
    assert found() == ["ledsite.W002"]


def test_a_data_folder_for_everybody(environment, tmp_path):
    tmp_path.chmod(0o777)
    assert found() == ["ledsite.W004"]


def test_any_host_name_on_an_open_address(environment, settings):
    settings.ALLOWED_HOSTS = ["*"]
    assert found() == []
    environment(bind_host="0.0.0.0")
    assert found() == ["ledsite.W005"]


def test_a_backend_that_is_not_installed(environment):
    environment(backend="rgbmatrix")
    assert found() == ["ledsite.W006"]


def test_a_plugin_folder_behind_a_link(environment, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "root")
    environment(plugin_dir=tmp_path / "link" / "plugin-repos")
    assert found() == ["ledsite.W007"]


def test_each_has_a_hint(environment, settings):
    settings.DEBUG = True
    assert all(message.hint for check in ALL for message in check(None))
