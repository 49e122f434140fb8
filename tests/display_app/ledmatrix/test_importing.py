"""Whatever stands in a LEDMatrix folder, an import ends in words, and settings afterwards are such as people may set."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from display_app import commands
from display_app.ledmatrix.importing import ImportReport, carry_out, plan
from display_app.ledmatrix.looking import look_into
from display_app.ledmatrix.report import as_json, as_text
from display_app.models import DisplaySettings
from display_app.setting_rules import problem_of
from plugins_app.models import AuditEntry, DeviceLocation, ImportedSettings, RegistrySource
from plugins_app.store.sources import ensure_official_source
from tests.display_app.ledmatrix.test_reading import hostile
from tests.fakes.ledmatrix import make_ledmatrix
from tests.plugins_app.ledmatrix.test_document import anything, names


def bring(folder: Path, *, overwrite: bool = False) -> ImportReport:
    found = look_into(folder, with_plugins=True, say=lambda text: None, requested_by="ada")
    return carry_out(found, overwrite=overwrite, say=lambda text: None, requested_by="ada")


@pytest.fixture
def registry(db: None) -> None:
    """Let the registry have answered, with nothing in it."""
    ensure_official_source()
    RegistrySource.objects.update(fetched_at=timezone.now())


def test_all_or_nothing_of_what_is_too_much_together(registry: None, tmp_path: Path) -> None:
    too_many = {"a" * 3 + str(number): {"way": "scroll", "weight": 1} for number in range(201)}
    entry = {
        "/ticker/plugins": {"value": too_many, "beside": "37a6259cc0c1dae2"},
        "/brightness": {"value": 5, "beside": "no"},
        "/power": {"value": 0},
    }
    report = bring(make_ledmatrix(tmp_path, display={"ledsite": {"settings": entry}}))
    reasons = [each.reason for each in (*report.refused, *report.panel.refused)]
    assert len([each for each in reasons if "changed in LEDMatrix since the export" in each or "no setting that was exported" in each]) >= 2
    assert commands.read_settings()["ticker"]["plugins"] == {}


def test_words_of_an_export_that_were_edited_there_count(registry: None, tmp_path: Path) -> None:
    from display_app.ledmatrix.exporting import export

    windows = [{"days": ["mon"], "start": "08:00", "end": "09:00"}, {"days": ["mon"], "start": "18:00", "end": "19:00"}]
    commands.change_settings({"schedules": windows, "transition": "fade"}, requested_by="ada")
    export(tmp_path / "out", with_secrets=False, requested_by="ada")
    path = tmp_path / "out" / "config" / "config.json"
    config = json.loads(path.read_text())
    assert config["schedule"]["days"]["monday"] == {"enabled": True, "start_time": "08:00", "end_time": "19:00"}
    config["schedule"]["days"]["monday"]["end_time"] = "20:00"
    path.write_text(json.dumps(config))
    DisplaySettings.objects.all().delete()
    bring(tmp_path / "out")
    settings = commands.read_settings()
    assert (settings["schedules"], settings["transition"]) == ([{"days": ["mon"], "start": "08:00", "end": "20:00"}], "fade")


class Whatever(TestCase):
    """Documents as hostile as they come."""

    def setUp(self) -> None:
        """Let the registry have answered, with nothing in it."""
        ensure_official_source()
        RegistrySource.objects.update(fetched_at=timezone.now())

    @hypothesis_settings(
        max_examples=40, phases=(Phase.generate, Phase.shrink), deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(
        st.fixed_dictionaries(
            {"display": hostile},
            optional={name: hostile for name in ("schedule", "dim_schedule", "timezone", "location", "sync", "plugin_system")},
        ),
        st.dictionaries(names, anything, max_size=3),
        st.dictionaries(names, anything, max_size=3),
        st.booleans(),
    )
    def test_an_import_ends_in_words_and_a_second_one_has_nothing_to_do(
        self, words: dict[str, Any], sections: dict[str, Any], secrets: dict[str, Any], overwrite: bool
    ) -> None:
        for model in (DisplaySettings, DeviceLocation, ImportedSettings):
            model.objects.all().delete()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "config").mkdir()
            (folder / "config" / "config.json").write_text(json.dumps({**sections, **words}))
            (folder / "config" / "config_secrets.json").write_text(json.dumps(secrets))
            planned = plan(look_into(folder, with_plugins=True, say=lambda text: None, requested_by="ada"), overwrite=overwrite)
            report = bring(folder, overwrite=overwrite)
            assert {each.pointer: each.after for each in planned.panel.taken} == {each.pointer: each.after for each in report.panel.taken}
            assert as_text(report) and json.dumps(as_json(report))
            settings = {name: value for name, value in commands.read_settings().items() if name != "override"}
            assert {name: problem_of(name, value) for name, value in settings.items() if problem_of(name, value)} == {}
            count = AuditEntry.objects.count()
            assert (bring(folder, overwrite=overwrite).is_change, AuditEntry.objects.count()) == (False, count)
