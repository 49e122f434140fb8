"""Public plugins as published: they start, survive an update without network and with answers, and draw what they can.

Only where `REAL_PLUGINS` names folders of plugin folders (separated as in PATH); `REAL_PLUGINS_DEPS` is a folder with the packages
that they require. Elsewhere there are no such tests.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plugins_app.package.manifest import read_manifest
from tests.real_plugins.known import BROKEN, DARK
from tests.real_plugins.performing import perform
from tests.real_plugins.run import plugin_folders

PLACES = [Path(place) for place in os.environ.get("REAL_PLUGINS", "").split(os.pathsep) if place]
DEPS = Path(os.environ["REAL_PLUGINS_DEPS"]) if os.environ.get("REAL_PLUGINS_DEPS") else None

if PLACES:

    @pytest.mark.process
    @pytest.mark.timeout(300)
    @pytest.mark.parametrize("answered", [False, True], ids=["refused", "answered"])
    @pytest.mark.parametrize("folder", [folder for place in PLACES for folder in plugin_folders(place)], ids=lambda path: path.name)
    def test_it_starts_updates_and_draws(folder: Path, answered: bool) -> None:
        plugin_id = read_manifest(folder).id
        rendering = perform(folder, size=(128, 32), answered=answered, deps=DEPS)
        if plugin_id in BROKEN:
            assert rendering.reason.startswith(BROKEN[plugin_id])
            return
        assert (rendering.reason, rendering.update_problem) == ("", "")
        assert {mode.mode: mode.problem for mode in rendering.modes.values() if mode.problem} == {}
        if answered and plugin_id not in DARK:
            assert [mode.mode for mode in rendering.modes.values() if not mode.is_lit] == []
