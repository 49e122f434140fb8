"""A LEDMatrix installation is taken over by one command, whatever happens on the way, and given back by another."""

from __future__ import annotations

import json
import os
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from display_app import commands
from plugins_app.config import store
from plugins_app.models import AuditEntry, ImportedSettings, Operation, Plugin, PluginSecret, Revision
from plugins_app.store.token import configured_token
from tests.fakes.ledmatrix import as_it_is, make_ledmatrix
from tests.fakes.shop import Shop, shop

__all__ = ["shop"]

pytestmark = pytest.mark.process  # every installation tries the plugin out in a process of its own

TOKEN = "ghp_" + "x" * 36
HUSH = ("owm-7f3a", TOKEN)


def call(*words: object) -> str:
    out = StringIO()
    call_command(*map(str, words), stdout=out, stderr=out, no_color=True)
    return out.getvalue()


@pytest.fixture
def led(shop: Shop) -> Path:
    """What somebody brings: two plugins of the registry, one of their own, one that nobody has, and mistakes."""
    for plugin_id in ("alpha", "beta"):
        shop.offer(plugin_id)
    return make_ledmatrix(
        shop.folder / "LEDMatrix",
        sections={
            "alpha": {"enabled": True, "text": "from there", "color": [1, 2, 300], "more": {"api_key": "owm-7f3a"}},
            "beta": {"enabled": True, "display_duration": 20},
            "mine": {"enabled": True},
            "gone": {"enabled": True, "x": 1},
            "../bad": {"enabled": True},
        },
        secrets={"alpha": {"text": "owm-7f3a"}, "github": {"api_token": TOKEN}},
        display={"plugin_rotation_order": ["mine", "alpha"], "display_durations": {"alpha": 25, "beta": 9, "old": 5}},
        plugins=("mine",),
        schedule={"enabled": True, "start_time": "06:00", "end_time": "22:00"},
    )


def state() -> Any:
    return (
        Revision.all_values(),
        [AuditEntry.objects.count(), Operation.objects.count()],
        list(ImportedSettings.objects.values_list("subject", "marks", "updated_at")),
        commands.read_settings(),
        [(each.pk, each.enabled, store.snapshot(each)) for each in Plugin.objects.in_order()],
    )


def test_everything_comes_over_and_is_told(shop: Shop, led: Path) -> None:
    before = as_it_is(led)
    said = call("importledmatrix", led)
    assert [(each.pk, each.enabled) for each in Plugin.objects.in_order()] == [("mine", True), ("alpha", True), ("beta", True)]
    settings = commands.read_settings()
    assert (settings["brightness"], settings["hardware"]) == (75, {"hardware_mapping": "adafruit-hat", "gpio_slowdown": 3})
    assert (settings["location"]["city"], settings["durations"]) == ("Hamburg", {"alpha": {"alpha": 25.0}})
    assert settings["schedules"][0] | {"days": []} == {"days": [], "start": "06:00", "end": "22:00"}
    assert store.effective_settings(Plugin.objects.get(pk="alpha"))["text"] == "owm-7f3a"
    assert list(PluginSecret.objects.values_list("plugin_id", "path")) == [("alpha", "/text")]
    assert configured_token() == TOKEN
    for words in (
        "LEDSITE_TIME_ZONE=Europe/Berlin    (here it is UTC)",
        "LEDSITE_PANEL is 64x32x2x1 here too.",
        "/alpha/color = [1, 2, 300]: ",
        "/alpha/more/api_key = -: ",
        "/..~1bad = ",
        "/display/display_durations/old = 5: ",
        "/display/display_durations/beta = 9: The display_duration of beta counts.",
        "left out (1 setting): No registry has it",
        "Downloading",
        "Done.",
    ):
        assert words in said, said
    assert not [text for text in HUSH if text in said]
    assert {"display-settings", "location", "set-github-token", "install", "settings", "toggle"} <= set(
        AuditEntry.objects.values_list("what", flat=True)
    )
    assert not [text for text in HUSH if text in str(list(AuditEntry.objects.values_list("details", flat=True)))]
    assert as_it_is(led) == before


def test_again_it_changes_nothing_and_says_so(shop: Shop, led: Path) -> None:
    call("importledmatrix", led)
    before = state()
    assert "Everything is here already: nothing was changed." in call("importledmatrix", led)
    assert state() == before


def test_a_dry_run_says_it_all_and_changes_nothing(shop: Shop, led: Path) -> None:
    before = state()
    said = call("importledmatrix", led, "--dry-run")
    assert state() == before
    assert "Nothing was changed: this is what would be done." in said
    assert "install from its folder, switch on" in said and "/alpha/more/api_key = -: " not in said  # the schema is not known yet


def test_only_the_panel(shop: Shop, led: Path) -> None:
    call("importledmatrix", led, "--no-plugins")
    assert (commands.read_settings()["brightness"], Plugin.objects.count()) == (75, 0)


def test_a_report_for_programs(shop: Shop, led: Path) -> None:
    out, err = StringIO(), StringIO()
    call_command("importledmatrix", str(led), "--json", stdout=out, stderr=err, no_color=True)
    report = json.loads(out.getvalue())
    assert (report["done"], report["complete"], report["changes"]) == (True, True, True)
    assert [(each["plugin_id"], each["action"], each["enabled"]) for each in report["plugins"]] == [
        ("mine", "install", True),
        ("alpha", "install", True),
        ("beta", "install", True),
        ("gone", "leave", True),
    ]
    assert report["environment"][1] == {"name": "LEDSITE_TIME_ZONE", "there": "Europe/Berlin", "here": "UTC"}
    assert report["panel"]["taken"]["/brightness"] == {"before": 80, "after": 75}
    assert not [text for text in HUSH if text in out.getvalue() + err.getvalue()]


def test_what_was_changed_here_since_stays(shop: Shop, led: Path) -> None:
    call("importledmatrix", led)
    commands.change_settings({"brightness": 10, "hardware": {"gpio_slowdown": 4}, "location": {"city": "Kiel"}}, requested_by="bob")
    store.save_settings("alpha", {"text": "mine"}, partial=True, requested_by="bob")
    before = state()
    said = call("importledmatrix", led)
    assert state() == before
    for pointer in ("/brightness", "/hardware/gpio_slowdown", "/hardware/hardware_mapping", "/location/city", "/alpha/text"):
        assert f"{pointer}: It was changed here since the import." in said
    call("importledmatrix", led, "--overwrite")
    settings = commands.read_settings()
    assert (settings["brightness"], settings["hardware"]["gpio_slowdown"], settings["location"]["city"]) == (75, 3, "Hamburg")
    assert store.effective_settings(Plugin.objects.get(pk="alpha"))["text"] == "owm-7f3a"


def test_something_left_for_another_run_is_exit_status_3(shop: Shop, led: Path) -> None:
    shop.hub.refuse()
    with pytest.raises(CommandError, match="run this again for the rest") as caught:
        call("importledmatrix", led)
    assert caught.value.returncode == 3
    assert commands.read_settings()["brightness"] == 75
    shop.hub.accept()
    Operation.objects.update(retry_at=None)
    call("importledmatrix", led)
    assert [each.pk for each in Plugin.objects.in_order()] == ["mine", "alpha", "beta"]


@pytest.mark.parametrize("what", ["nowhere", "broken", "other"])
def test_bad_input_is_one_sentence_and_changes_nothing(shop: Shop, led: Path, what: str) -> None:
    path = led / "config" / "config.json"
    if what == "broken":
        path.write_text(path.read_text().replace(",", "", 1))
    before = state()
    with pytest.raises(CommandError, match={"nowhere": "There is no", "broken": "line 3", "other": "no LEDMatrix folder"}[what]) as caught:
        call("importledmatrix", {"nowhere": led / "x", "broken": led, "other": shop.folder}[what])
    assert (caught.value.returncode, state()) == (1, before)


def test_an_export_can_be_imported_again(shop: Shop, led: Path) -> None:
    call("importledmatrix", led)
    target = shop.folder / "export"
    said = call("exportledmatrix", target, "--with-secrets")
    config, secrets = target / "config" / "config.json", target / "config" / "config_secrets.json"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert json.loads(secrets.read_text()) == {"alpha": {"text": "owm-7f3a"}, "github": {"api_token": TOKEN}}
    assert json.loads(config.read_text())["display"]["plugin_rotation_order"] == ["mine", "alpha", "beta"]
    assert not [text for text in HUSH if text in config.read_text()]
    assert "mine is in no registry: copy" in said
    assert "Everything is here already" in call("importledmatrix", target)
    assert AuditEntry.objects.filter(what="export-ledmatrix").exists()


def test_an_export_has_secrets_only_on_request_and_overwrites_nothing(shop: Shop, led: Path) -> None:
    call("importledmatrix", led)
    target = shop.folder / "export"
    said = call("exportledmatrix", target)
    assert "2 secrets stay here" in said
    assert os.listdir(target / "config") == ["config.json"]
    before = as_it_is(target)
    for path in (target, target / "config" / "config.json"):
        with pytest.raises(CommandError, match="is there already"):
            call("exportledmatrix", path, "--with-secrets")
    with pytest.raises(CommandError, match="cannot be written"):
        call("exportledmatrix", target / "config" / "config.json" / "below")
    assert as_it_is(target) == before
