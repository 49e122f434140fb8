"""Errors that plugins may raise and catch."""

from __future__ import annotations

import pytest

from display_app.runtime.errors import CacheError, ConfigError, DisplayError, LEDMatrixError, PluginError


@pytest.mark.parametrize(
    ("kind", "fact"),
    [(CacheError, "cache_key"), (ConfigError, "config_path"), (PluginError, "plugin_id"), (DisplayError, "display_mode")],
)
def test_each_kind_carries_one_fact_of_its_own(kind: type[LEDMatrixError], fact: str) -> None:
    error = kind("no", **{fact: "x"}, context={"a": 1})  # type: ignore[arg-type]
    assert isinstance(error, LEDMatrixError)
    assert (str(error), error.message, getattr(error, fact), error.context) == ("no", "no", "x", {"a": 1})
    assert (getattr(kind("no"), fact), kind("no").context) == (None, {})
