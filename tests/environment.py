"""Gives a test run its own data, run and plugin folders before Django reads its settings; loaded by `-p tests.environment`."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator

import pytest

_FOLDER = tempfile.mkdtemp(prefix="ledsite-tests-")
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)

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


@pytest.fixture(autouse=True)
def _forget_what_processes_remember() -> Iterator[None]:
    """Tests share one process but not their rows: revisions begin at nothing again."""
    yield
    listing = sys.modules.get("plugins_app.lifecycle.listing")
    if listing is not None:
        listing.forget()
