"""Gives a test run its own data, run and plugin folders before Django reads its settings; loaded by `-p tests.environment`.

Each worker of pytest-xdist loads this too and gets folders inside those of the process that started it, which removes them all.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

_RUN = "TESTS_RUN_FOLDER"
_IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ and _RUN in os.environ

if not _IS_WORKER:
    os.environ[_RUN] = tempfile.mkdtemp(prefix="ledsite-tests-")
    atexit.register(shutil.rmtree, os.environ[_RUN], ignore_errors=True)
RUN_FOLDER = Path(os.environ[_RUN])  # one for all workers
_FOLDER = tempfile.mkdtemp(prefix="worker-", dir=RUN_FOLDER)

for _name in [name for name in os.environ if name.startswith("LEDSITE_")]:
    del os.environ[_name]
os.environ.update(
    LEDSITE_DATA_DIR=f"{_FOLDER}/var",
    LEDSITE_RUN_DIR=f"{_FOLDER}/run",
    LEDSITE_PLUGIN_DIR=f"{_FOLDER}/root/plugin-repos",
    LEDSITE_REGISTRY_URL="http://127.0.0.1:9/plugins.json",
    LEDSITE_GITHUB_API_URL="http://127.0.0.1:9",
    LEDSITE_GITHUB_RAW_URL="http://127.0.0.1:9",
    LEDSITE_GITHUB_URL="http://127.0.0.1:9",
    LEDSITE_BACKEND="headless",
    LEDSITE_TIME_ZONE="UTC",
)
for _name in ("LEDSITE_DATA_DIR", "LEDSITE_RUN_DIR", "LEDSITE_PLUGIN_DIR"):
    os.makedirs(os.environ[_name], exist_ok=True)
os.makedirs(f"{_FOLDER}/var/static")  # whitenoise wants it to be there


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Spare the tests half a second for every password, and let a loaded machine be slow; what tests start hashes as always."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    hypothesis.settings.register_profile("loaded", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
    hypothesis.settings.load_profile("loaded")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what shares a running product, a browser or a prepared world on one worker: `--dist loadgroup` goes by this mark."""
    for item in items:
        folder = item.path.parent.name
        if folder == "crash":
            item.add_marker(pytest.mark.xdist_group("crash"))
        elif item.get_closest_marker("process") or item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group(str(item.path)))


@pytest.fixture(autouse=True)
def _forget_what_processes_remember() -> Iterator[None]:
    """Tests share one process but not their rows: revisions begin at nothing again."""
    yield
    for name in ("plugins_app.lifecycle.listing", "plugins_app.store.catalogue", "plugins_app.api.kept"):
        if name in sys.modules:
            sys.modules[name].forget()
