"""Settings as files, for plugins that open them by path."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from display_app.runtime.config_files import VARIABLE
from display_app.runtime.session import PluginSession

READER = """
import json, os
from pathlib import Path
ROOT = os.environ.get("LEDMATRIX_ROOT") or os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
class Sample(BasePlugin):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.on_config_change({})
    def update(self): ...
    def display(self, force_clear=False): ...
    def on_config_change(self, config): self.secrets = json.loads(Path(ROOT, "config", "config_secrets.json").read_text())
"""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")


def test_a_plugin_that_reads_them_finds_its_own_settings_alone(start: Callable[..., PluginSession], root: Path) -> None:
    session = start(READER, config={"api_key": "k"}, global_config={"timezone": "UTC"})
    assert session._plugin.secrets == {"sample": {"enabled": True, "api_key": "k"}}
    folder = root / "cache" / "sample" / "ledmatrix" / "config"
    assert json.loads((folder / "config.json").read_text())["timezone"] == "UTC"
    assert (folder.stat().st_mode & 0o777, (folder / "config_secrets.json").stat().st_mode & 0o777) == (0o700, 0o600)


def test_changed_settings_are_in_the_files_before_the_plugin_hears_of_them(start: Callable[..., PluginSession]) -> None:
    session = start(READER, config={"api_key": "k"})
    assert session.apply_config({"api_key": "new"})
    assert session._plugin.secrets == {"sample": {"api_key": "new"}}


def test_for_others_nothing_is_written(start: Callable[..., PluginSession], root: Path) -> None:
    start("class Sample(BasePlugin):\n    def update(self): ...\n    def display(self): ...\n", config={"api_key": "k"})
    assert os.environ[VARIABLE] == ""
    assert not (root / "cache" / "sample" / "ledmatrix").exists()
