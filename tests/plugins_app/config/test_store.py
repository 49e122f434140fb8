"""Settings in rows: what is saved, what is hidden, what is refused."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from plugins_app.config import form, store
from plugins_app.config.secrets import MASK, open_sealed, seal
from plugins_app.exceptions import BadRequest, Conflict, DiskProblem, LedsiteError, NotFound
from plugins_app.models import AuditEntry, Plugin, PluginConfig, PluginSecret, Revision, Source

pytestmark = pytest.mark.django_db


def deep(levels: int) -> list[Any]:
    return [deep(levels - 1)] if levels else []


SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "message": {"type": "string", "default": "Hello", "minLength": 1},
        "speed": {"type": "integer", "default": 5, "minimum": 1, "maximum": 10},
        "eng.1": {"type": "object", "properties": {"on/off": {"type": "boolean", "default": False}}},
        "service": {
            "type": "object",
            "properties": {"url": {"type": "string", "default": ""}, "api_key": {"type": "string", "maxLength": 20}},
        },
        "accounts": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}, "token": {"type": "string"}}}},
        "colors": {"type": "array", "items": {"type": "integer"}, "default": [1, 2, 3]},
    },
}
DEFAULTS: dict[str, Any] = {
    "message": "Hello",
    "speed": 5,
    "eng.1": {"on/off": False},
    "service": {"url": ""},
    "accounts": [],
    "colors": [1, 2, 3],
    "enabled": False,
    "display_duration": 15,
    "live_priority": False,
}


@pytest.fixture(autouse=True)
def data_dir(settings: Any, tmp_path: Path) -> Path:
    settings.LEDSITE = dataclasses.replace(settings.LEDSITE, data_dir=tmp_path)
    return tmp_path


@pytest.fixture
def plugin() -> Plugin:
    return Plugin.objects.create(plugin_id="sign", name="Sign", version="1.0.0", source=Source.LOCAL, schema=SCHEMA, active_generation="g1")


def save(values: Any, **more: Any) -> Plugin:
    return store.save_settings("sign", values, **{"partial": False, "requested_by": "ann", **more})


def patch(values: Any, **more: Any) -> Plugin:
    return save(values, partial=True, **more)


def stored() -> dict[str, Any]:
    values: dict[str, Any] = PluginConfig.objects.get().values
    return values


def problems(values: Any, **more: Any) -> list[dict[str, str]]:
    with pytest.raises(BadRequest) as caught:
        save(values, **more)
    assert caught.value.code == "settings-invalid"
    details: list[dict[str, str]] = caught.value.details
    return details


def test_nobody_configured_means_defaults(plugin: Plugin) -> None:
    assert store.masked_settings(plugin) == DEFAULTS
    assert store.effective_settings(plugin) == DEFAULTS
    assert store.settings_revision(plugin) == 0


def test_only_what_differs_from_the_defaults_is_stored(plugin: Plugin) -> None:
    save({**DEFAULTS, "message": "Moin", "eng.1": {"on/off": True}})
    assert stored() == {"message": "Moin", "eng.1": {"on/off": True}}
    assert store.effective_settings(plugin) == {**DEFAULTS, "message": "Moin", "eng.1": {"on/off": True}}


def test_a_new_default_reaches_a_setting_that_was_only_shown(plugin: Plugin) -> None:
    save(store.masked_settings(plugin))
    plugin.schema = {**SCHEMA, "properties": {**SCHEMA["properties"], "speed": {"type": "integer", "default": 7}}}
    assert store.effective_settings(plugin)["speed"] == 7


def test_a_put_replaces_a_patch_merges_and_null_goes_back(plugin: Plugin) -> None:
    save({"message": "One", "speed": 2})
    patch({"speed": 3, "eng.1": {"on/off": True}})
    assert stored() == {"message": "One", "speed": 3, "eng.1": {"on/off": True}}
    patch({"speed": None})
    assert stored() == {"message": "One", "eng.1": {"on/off": True}}
    save({"colors": [9]})
    assert stored() == {"colors": [9]}


def test_a_save_moves_revisions_and_leaves_a_trail_without_values(plugin: Plugin) -> None:
    before = Revision.current("settings"), Revision.current("plugins")
    save({"message": "Moin", "service": {"api_key": "geheim"}})
    assert (Revision.current("settings"), Revision.current("plugins")) == (before[0] + 1, before[1] + 1)
    assert store.settings_revision(plugin) == 1
    entry = AuditEntry.objects.get()
    assert (entry.who, entry.what, entry.subject) == ("ann", "settings", "sign")
    assert entry.details == {"changed": ["/message", "/service/api_key"]}


def test_saving_the_same_again_changes_nothing(plugin: Plugin) -> None:
    save({"message": "Moin", "service": {"api_key": "geheim"}})
    revision = Revision.current("settings")
    save(store.masked_settings(plugin))
    patch({})
    assert (Revision.current("settings"), store.settings_revision(plugin), AuditEntry.objects.count()) == (revision, 1, 1)


def test_a_secret_lies_sealed_beside_the_values(plugin: Plugin) -> None:
    save({"service": {"url": "x", "api_key": "geheim"}})
    assert stored() == {"service": {"url": "x"}}
    row = PluginSecret.objects.get()
    assert row.path == "/service/api_key"
    assert "geheim" not in row.ciphertext
    assert store.masked_settings(plugin)["service"] == {"url": "x", "api_key": MASK}
    assert store.effective_settings(plugin)["service"] == {"url": "x", "api_key": "geheim"}
    assert store.set_secrets(plugin) == ["/service/api_key"]


@pytest.mark.parametrize("kept", [{"service": {"api_key": MASK}}, {"service": {"api_key": ""}}, {"service": {}}, {}])
@pytest.mark.parametrize("partial", [True, False])
def test_an_empty_masked_or_left_out_secret_stays(plugin: Plugin, kept: dict[str, Any], partial: bool) -> None:
    save({"service": {"api_key": "geheim"}})
    save(kept, partial=partial)
    assert store.effective_settings(plugin)["service"]["api_key"] == "geheim"


@pytest.mark.parametrize("partial", [True, False])
def test_null_removes_a_secret_and_text_replaces_it(plugin: Plugin, partial: bool) -> None:
    save({"service": {"api_key": "old"}})
    save({"service": {"api_key": "new"}}, partial=partial)
    assert store.effective_settings(plugin)["service"]["api_key"] == "new"
    save({"service": {"api_key": None}}, partial=partial)
    assert store.set_secrets(plugin) == []
    assert store.effective_settings(plugin)["service"] == {"url": ""}


def test_a_mask_where_nothing_is_set_stores_nothing(plugin: Plugin) -> None:
    save({"service": {"api_key": MASK}, "accounts": [{"token": f"{MASK} /service/api_key"}]})
    assert (store.set_secrets(plugin), stored()) == ([], {"accounts": [{}]})


def test_secrets_of_a_list_follow_their_items(plugin: Plugin) -> None:
    save({"accounts": [{"name": "a", "token": "A"}, {"name": "b", "token": "B"}, {"name": "c", "token": "C"}]})
    shown = store.masked_settings(plugin)["accounts"]
    assert [item["token"].startswith(MASK) for item in shown] == [True, True, True]
    patch({"accounts": [shown[2], shown[0], {"name": "d", "token": "D"}]})
    assert store.effective_settings(plugin)["accounts"] == [
        {"name": "c", "token": "C"},
        {"name": "a", "token": "A"},
        {"name": "d", "token": "D"},
    ]


def test_an_empty_secret_in_a_list_that_changed_its_length_takes_nobody_elses(plugin: Plugin) -> None:
    save({"accounts": [{"name": "a", "token": "A"}, {"name": "b", "token": "B"}]})
    patch({"accounts": [{"name": "a", "token": ""}, {"name": "b", "token": ""}]})
    assert store.effective_settings(plugin)["accounts"][1] == {"name": "b", "token": "B"}
    patch({"accounts": [{"name": "b", "token": ""}]})
    assert store.effective_settings(plugin)["accounts"] == [{"name": "b"}]
    assert store.set_secrets(plugin) == []


def test_bad_settings_are_refused_with_places_and_change_nothing(plugin: Plugin) -> None:
    save({"message": "Moin"})
    found = problems({"message": "", "speed": "fast", "color": "red", "service": {"api_key": "x" * 21}})
    assert sorted(found, key=lambda problem: problem["path"]) == [
        {"path": "/color", "message": "The plugin knows no setting of this name."},
        {"path": "/message", "message": "This is needed."},
        {"path": "/service/api_key", "message": "This may have at most 20 characters."},
        {"path": "/speed", "message": "This must be a whole number."},
    ]
    assert (stored(), store.set_secrets(plugin)) == ({"message": "Moin"}, [])


@pytest.mark.parametrize("values", [None, [], "text", 7, True])
def test_settings_are_an_object(plugin: Plugin, values: Any) -> None:
    assert problems(values)[0]["path"] == ""


@pytest.mark.parametrize("value", [deep(150), deep(900), 2**64, float("nan"), "\ud800", {"\udfff": 1}])
def test_what_no_database_takes_is_refused_in_words(plugin: Plugin, value: Any) -> None:
    assert problems({"free": value})[0]["message"].startswith("The settings cannot be stored: ")
    assert not PluginConfig.objects.exists()


def test_the_host_keys_can_be_set_for_every_plugin(plugin: Plugin) -> None:
    save({"display_duration": 30, "live_priority": True})
    assert problems({"display_duration": 301}) == [{"path": "/display_duration", "message": "This must be at most 300."}]


def test_what_was_wrong_before_does_not_stop_a_patch_of_something_else(plugin: Plugin) -> None:
    PluginConfig.objects.create(plugin=plugin, values={"speed": 99, "gone": 1})
    patch({"message": "Moin"})
    assert stored() == {"speed": 99, "gone": 1, "message": "Moin"}
    assert problems({"speed": 100}, partial=True) == [{"path": "/speed", "message": "This must be at most 10."}]
    assert problems(store.masked_settings(plugin)) == [{"path": "/speed", "message": "This must be at most 10."}]
    save({**store.masked_settings(plugin), "speed": 9})
    assert stored() == {"speed": 9, "gone": 1, "message": "Moin"}


def test_a_required_secret_is_missed_until_it_is_set(plugin: Plugin) -> None:
    plugin.schema = {"properties": {"api_key": {"type": "string", "required": True}, "n": {"type": "integer"}}}
    plugin.save()
    assert problems({"n": 1}) == [{"path": "/api_key", "message": "This is needed."}]
    patch({"n": 1})
    save({"api_key": "geheim", "n": 2})
    save({"n": 3})


def test_enabled_is_a_toggle_not_a_setting(plugin: Plugin) -> None:
    assert patch({"enabled": True}).enabled
    assert (stored(), Plugin.objects.get().enabled) == ({}, True)
    assert store.effective_settings(Plugin.objects.get())["enabled"] is True
    save({"enabled": False, "message": "Moin"})
    assert (stored(), Plugin.objects.get().enabled) == ({"message": "Moin"}, False)
    assert problems({"enabled": "yes"}) == [{"path": "/enabled", "message": "This must be true or false."}]


def test_a_toggle_is_not_made_when_the_settings_beside_it_are_refused(plugin: Plugin) -> None:
    problems({"enabled": True, "speed": 99})
    assert not Plugin.objects.get().enabled


def test_a_save_over_someone_elses_is_noticed(plugin: Plugin) -> None:
    save({"message": "One"}, if_revision=0)
    with pytest.raises(Conflict) as caught:
        save({"message": "Two"}, if_revision=0)
    assert caught.value.code == "settings-changed"
    save({"message": "Two"}, if_revision=1)


def test_new_settings_clear_the_problem_that_old_ones_had(plugin: Plugin) -> None:
    Plugin.objects.update(setup_problem="It needs a key.")
    save({"message": "Moin"})
    assert Plugin.objects.get().setup_problem == ""


def test_a_reset_keeps_secrets_unless_asked(plugin: Plugin) -> None:
    save({"message": "Moin", "service": {"api_key": "geheim"}})
    store.reset_settings("sign", requested_by="ann")
    assert (stored(), store.set_secrets(plugin)) == ({}, ["/service/api_key"])
    store.reset_settings("sign", requested_by="ann", keep_secrets=False)
    assert store.set_secrets(plugin) == []


def test_a_snapshot_brings_everything_back_as_it_was(plugin: Plugin) -> None:
    save({"speed": 3, "message": "Ünï", "service": {"api_key": "geheim"}})
    taken = store.snapshot(plugin)
    assert "geheim" not in str(taken)
    save({"service": {"api_key": None}})
    patch({"accounts": [{"token": "t"}]})
    store.restore(plugin, taken)
    assert store.snapshot(plugin) == taken
    assert list(stored()) == list(taken["values"])
    store.restore(plugin, {})
    assert store.snapshot(plugin) == {"values": {}, "secrets": {}}


def test_a_snapshot_outlives_its_plugin(plugin: Plugin) -> None:
    save({"message": "Moin", "service": {"api_key": "geheim"}})
    taken = store.snapshot(plugin)
    plugin.delete()
    assert store.settings_from(SCHEMA, taken, enabled=True)["service"]["api_key"] == "geheim"
    again = Plugin.objects.create(plugin_id="sign", name="Sign", version="2", source=Source.LOCAL, schema=SCHEMA)
    store.restore(again, taken)
    assert store.effective_settings(again)["message"] == "Moin"


def test_a_value_that_becomes_secret_moves_out_of_the_values() -> None:
    schema = {"properties": {"user": {"type": "string", "x-secret": True}}}
    hidden = store.hide_secrets(schema, {"values": {"user": "ann", "other": 1}, "secrets": {}})
    assert hidden["values"] == {"other": 1}
    assert store.settings_from(schema, hidden, enabled=True)["user"] == "ann"


def test_a_secret_among_the_values_is_masked_and_sealed_by_the_next_save(plugin: Plugin) -> None:
    PluginConfig.objects.create(plugin=plugin, values={"service": {"api_key": "geheim"}})
    shown = store.masked_settings(plugin)
    assert shown["service"]["api_key"] == MASK
    save(shown)
    assert stored() == {"service": {}}
    assert store.effective_settings(plugin)["service"]["api_key"] == "geheim"


def test_a_lost_key_hides_a_secret_and_breaks_nothing(plugin: Plugin, data_dir: Path) -> None:
    save({"service": {"api_key": "geheim"}})
    (data_dir / "secrets.key").unlink()
    assert store.effective_settings(plugin)["service"] == {"url": ""}
    patch({"message": "Moin"})
    assert store.set_secrets(plugin) == ["/service/api_key"]
    with pytest.raises(DiskProblem) as caught:
        open_sealed("anything")
    assert caught.value.code == "secret-unreadable"


def test_the_key_is_made_once_and_private(data_dir: Path) -> None:
    first, second = seal("a"), seal("a")
    assert first != second
    assert (open_sealed(first), open_sealed(second)) == ("a", "a")
    assert (data_dir / "secrets.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("plugin_id", "error"), [("nothing", NotFound), ("../etc", BadRequest)])
def test_only_installed_plugins_have_settings(plugin_id: str, error: type[LedsiteError]) -> None:
    with pytest.raises(error):
        store.save_settings(plugin_id, {}, partial=True, requested_by="ann")


@pytest.mark.parametrize("values", [{"images": ["a.png"]}, {"image_config": {"images": [{"path": "a.png"}]}}])
def test_both_shapes_of_image_settings_reach_the_plugin_as_written(values: dict[str, Any]) -> None:
    picture = Plugin.objects.create(plugin_id="picture", name="Picture", version="1.0.0", source=Source.LOCAL, schema={"type": "object"})
    store.save_settings("picture", values, partial=False, requested_by="ann")
    effective = store.effective_settings(picture)
    assert {key: effective[key] for key in values} == values


def test_what_a_person_calls_secret_is_kept_as_one_and_stays_one(plugin: Plugin) -> None:
    store.save_settings("sign", {"message": "between us", "speed": 3}, partial=True, requested_by="ada", secrets={"/message"})
    assert PluginConfig.objects.get().values == {"speed": 3}
    assert store.masked_settings(plugin)["message"] == MASK
    assert store.effective_settings(plugin)["message"] == "between us"
    store.save_settings("sign", store.masked_settings(plugin) | {"speed": 4}, partial=False, requested_by="ada")
    assert store.effective_settings(plugin)["message"] == "between us"
    store.save_settings("sign", {"message": "another"}, partial=True, requested_by="ada")
    assert (store.effective_settings(plugin)["message"], PluginConfig.objects.get().values) == ("another", {"speed": 4})


def test_a_secret_that_only_a_person_calls_so_has_a_secret_s_input(plugin: Plugin) -> None:
    store.save_settings("sign", {"message": "between us"}, partial=True, requested_by="ada", secrets={"/message"})
    secrets, masked = store.set_secrets(plugin), store.masked_settings(plugin)
    (field,) = [each for each in form.build_form(SCHEMA, masked, set_secrets=secrets) if each.pointer == "/message"]
    assert (field.kind, field.value, field.is_set) == ("secret", "", True)
    parsed = form.parse_form(SCHEMA, {"/message": [""], "/speed": ["7"]}, masked, set_secrets=secrets)
    store.save_settings("sign", parsed.values, partial=False, requested_by="ada")
    assert store.effective_settings(plugin)["message"] == "between us"
    gone = form.parse_form(SCHEMA, {field.remove_name: ["on"], "/message": [""]}, masked, set_secrets=secrets)
    store.save_settings("sign", gone.values, partial=False, requested_by="ada")
    assert store.effective_settings(plugin)["message"] == "Hello"
