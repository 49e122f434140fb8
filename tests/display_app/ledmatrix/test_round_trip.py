"""What is exported and imported again is what it was: settings of the panel and of plugins, secrets, switches and order."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from display_app import commands
from display_app.ledmatrix.exporting import export
from display_app.ledmatrix.flat import flatten
from display_app.ledmatrix.importing import ImportReport, carry_out
from display_app.ledmatrix.looking import look_into
from display_app.models import DisplaySettings
from display_app.rotation.ticker import WAYS
from display_app.rotation.transitions import KINDS
from plugins_app.config import store
from plugins_app.ledmatrix import record
from plugins_app.ledmatrix.bring import ENABLED
from plugins_app.ledmatrix.choice import mark
from plugins_app.ledmatrix.document import leaves, nested
from plugins_app.models import DeviceLocation, ImportedSettings, Plugin, PluginConfig, PluginSecret, RegistrySource, Source
from plugins_app.store.sources import ensure_official_source
from tests.plugins_app.ledmatrix.test_document import anything

PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)  # explaining a failure takes minutes here
IDS = ("alpha", "ledmatrix-beta", "gamma")
MODES = {"alpha": ["alpha", "both"], "ledmatrix-beta": ["rain", "both"], "gamma": ["gamma"]}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"text": {"type": "string", "default": "HELLO"}, "city": {"type": "string"}, "list": {"type": "array"}},
}
seconds = st.floats(1, 3600)
times = st.integers(0, 1439).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
days = st.lists(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1, max_size=7, unique=True)
window = {"days": days, "start": times, "end": times}
lines = st.text(st.characters(categories=["L", "N"]), max_size=12)
some_ids = st.lists(st.sampled_from([*IDS, "elsewhere"]), unique=True)
panels = st.fixed_dictionaries(
    {},
    optional={
        "brightness": st.integers(0, 100),
        "default_duration": seconds,
        "longest_cycle": seconds,
        "transition": st.sampled_from(sorted(KINDS)),
        "transition_seconds": st.floats(0.1, 3),
        "schedules": st.lists(st.fixed_dictionaries(window), max_size=3),
        "dimming": st.lists(st.fixed_dictionaries({**window, "brightness": st.integers(0, 100)}), max_size=3),
        "location": st.fixed_dictionaries({}, optional={"city": lines, "state": lines, "country": lines}).filter(bool),
        "durations": st.dictionaries(
            st.sampled_from(IDS), st.dictionaries(st.sampled_from(["alpha", "both", "rain", "unknown"]), seconds, max_size=3), max_size=3
        ),
        "hardware": st.fixed_dictionaries(
            {},
            optional={
                "gpio_slowdown": st.integers(0, 4),
                "orientation": st.sampled_from(["normal", "90", "180"]),
                "pixel_mapper_config": st.sampled_from(["", "U-mapper", "Mirror:H"]),
                "disable_hardware_pulsing": st.booleans(),
                "rows": st.integers(0, 9),
                "no_such_option": st.integers(0, 9),
            },
        ),
        "limits": st.fixed_dictionaries({}, optional={"memory_mb": st.integers(64, 4096), "strikes": st.integers(2, 50)}),
        "ticker": st.fixed_dictionaries(
            {},
            optional={
                "enabled": st.booleans(),
                "speed": st.floats(1, 500),
                "gap": st.integers(0, 512),
                "order": some_ids,
                "excluded": some_ids,
                "plugins": st.dictionaries(
                    st.sampled_from(IDS), st.fixed_dictionaries({"way": st.sampled_from(["", *WAYS]), "weight": st.integers(1, 10)})
                ),
            },
        ),
    },
)
hushed = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=12)
plugins = st.fixed_dictionaries(
    {
        "enabled": st.booleans(),
        "values": st.dictionaries(
            st.text(max_size=6).filter(lambda key: key not in (ENABLED[1:], "text", "city", "list")), anything, max_size=4
        ),
        "text": st.text(max_size=8),
        "api_key": st.none() | hushed,
        "city": st.none() | hushed,  # secret only because somebody said so
        "list": st.lists(st.fixed_dictionaries({"name": lines}, optional={"token": hushed}), max_size=3)
        | st.lists(st.text(max_size=4) | st.integers(0, 9), max_size=3),
    }
)


def install(plugin_id: str, *, position: int) -> Plugin:
    return Plugin.objects.create(
        plugin_id=plugin_id, name=plugin_id, version="1", source=Source.REGISTRY, schema=SCHEMA, active_generation="g", position=position,
        manifest={"id": plugin_id, "display_modes": MODES[plugin_id], "class_name": "P"},
    )  # fmt: skip


def furnish(plugin: Plugin, wanted: dict[str, Any]) -> None:
    said = nested(leaves(wanted["values"]))  # nulls and empty objects say nothing, here as there
    said |= {name: wanted[name] for name in ("text", "api_key", "city", "list") if wanted[name] is not None}
    store.save_settings(plugin.plugin_id, said, partial=False, requested_by="ada", secrets={"/city"})
    Plugin.objects.filter(pk=plugin.pk).update(enabled=wanted["enabled"])


def picture() -> Any:
    installed = [
        (each.plugin_id, each.enabled, store.effective_settings(each), store.set_secrets(each)) for each in Plugin.objects.in_order()
    ]
    return flatten(commands.read_settings()), installed


def begin_anew() -> None:
    """Go back to a product on which the plugins have just been installed by an import, as it leaves them."""
    for model in (DisplaySettings, DeviceLocation, ImportedSettings, PluginConfig, PluginSecret, Plugin):
        model.objects.all().delete()
    for position, plugin_id in enumerate(IDS):
        install(plugin_id, position=position)
        record.remember(record.subject_of(plugin_id), {ENABLED: mark(False)})


def bring(folder: Path) -> ImportReport:
    found = look_into(folder, with_plugins=True, say=lambda text: None, requested_by="ada")
    return carry_out(found, overwrite=False, say=lambda text: None, requested_by="ada")


class RoundTrip(TestCase):
    """Anything that can be set."""

    def setUp(self) -> None:
        """Let the registry have answered, with nothing in it."""
        ensure_official_source()
        RegistrySource.objects.update(fetched_at=timezone.now())
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    @hypothesis_settings(max_examples=25, phases=PHASES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(panels, st.fixed_dictionaries({name: plugins for name in IDS}), st.permutations(IDS))
    def test_an_export_brings_everything_back(self, panel: dict[str, Any], wanted: dict[str, Any], order: list[str]) -> None:
        begin_anew()
        for position, plugin_id in enumerate(order):
            Plugin.objects.filter(pk=plugin_id).update(position=position)
            furnish(Plugin.objects.get(pk=plugin_id), wanted[plugin_id])
        commands.change_settings(panel, requested_by="ada")
        before = picture()
        folder = self.folder / f"export-{len(list(self.folder.iterdir()))}"
        export(folder, with_secrets=True, requested_by="ada")
        begin_anew()
        report = bring(folder)
        assert picture() == before
        assert [each for each in report.plugins if each.refused or each.kept or each.left_out] == []
        again = bring(folder)
        assert (again.is_change, picture()) == (False, before)
        documents = (folder / "config" / "config.json").read_text()
        assert not [
            text for each in wanted.values() for text in (each["api_key"],) if text and len(text) > 6 and json.dumps(text) in documents
        ]
