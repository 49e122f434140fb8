"""The hub, and where registries of others lie, for the tests of the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.hub import hub
from tests.plugins_app.store.github_world import world

__all__ = ["hub", "registry_data", "world"]


@pytest.fixture
def registry_data() -> Path:
    """Return the folder with real registry files beside the checkout; skip where there is none."""
    folder = Path(__file__).resolve().parents[4] / "shared" / "data" / "registry"
    if not folder.is_dir():
        pytest.skip("no registries of others here")
    return folder
