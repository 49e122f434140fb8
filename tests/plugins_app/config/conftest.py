"""Where schemas of real plugins lie, for the tests of settings."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def plugin_schemas() -> list[Path]:
    """Return the schemas of other people's plugins beside the checkout; skip where there are none."""
    folder = Path(__file__).resolve().parents[4] / "shared" / "data" / "plugins"
    found = sorted(folder.glob("*/config_schema.json"))
    if not found:
        pytest.skip("no schemas of others here")
    return found
