"""A plugin's own files out of its repository: fetched when somebody asks, kept whatever happens then."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django_q.models import OrmQ
from PIL import Image

from plugins_app.models import PluginFacts, RegistryEntry
from plugins_app.store import catalogue, documents
from plugins_app.store.details import details
from tests.plugins_app.store.github_world import World

pytestmark = pytest.mark.django_db
SCHEMA = '{"type": "object", "properties": {"speed": {"type": "integer"}}}'


@pytest.fixture
def entry(world: World) -> RegistryEntry:
    world.offer_monorepo("clock", "rain")
    world.refresh_registry()
    write(world, "README.md", "# Clock")
    write(world, "config_schema.json", SCHEMA)
    world.hub.forget_counts()
    return catalogue.find_entry("clock")


def write(world: World, name: str, text: str | bytes, plugin: str = "clock") -> Path:
    path = world.folder / "sources" / plugin / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def ask(world: World, entry: RegistryEntry, **options: Any) -> PluginFacts:
    """Let somebody look, and a worker do what it was told."""
    facts = documents.ask(entry, documents.facts_of(entry), now=world.clock(), **options)
    assert facts is not None
    documents.fetch(facts.pk, http=world.http, clock=world.clock)
    facts.refresh_from_db()
    return facts


def raw(world: World) -> int:
    return world.hub.total("/raw/")


def test_nothing_is_fetched_before_somebody_asks(world: World, entry: RegistryEntry) -> None:
    world.refresh()
    assert (raw(world), PluginFacts.objects.count()) == (0, 0)
    assert details("clock").files.state == "none"


def test_who_asks_gets_an_answer_at_once_and_a_worker_is_told_once(world: World, entry: RegistryEntry) -> None:
    world.hub.hang("/raw/")
    for _ in range(3):
        documents.ask(entry, documents.facts_of(entry))
        assert details("clock").files.state == "fetching"
    assert (OrmQ.objects.count(), raw(world)) == (1, 0)


def test_who_asks_for_many_makes_only_a_few_wait(world: World) -> None:
    world.offer_monorepo(*(f"plugin-{number}" for number in range(30)))
    world.refresh_registry()
    states = [details(f"plugin-{number}", asks=True).files.state for number in range(30)]
    assert states == ["fetching"] * documents.MOST_WAITING + ["none"] * (30 - documents.MOST_WAITING)
    assert OrmQ.objects.count() == documents.MOST_WAITING


def test_a_worker_fetches_what_the_page_shows(world: World, entry: RegistryEntry) -> None:
    write(world, "requirements.txt", "Pillow\n")
    ask(world, entry)
    found = details("clock")
    assert found.readme_html == "<h3>Clock</h3>\n"
    assert found.files.schema["properties"] == {"speed": {"type": "integer"}}
    assert [(one.text, one.state) for one in found.requirements] == [("Pillow", "met")]
    assert (found.files.state, found.files.origin, found.files.fetched_at) == ("stored", "repository", world.clock())
    assert world.hub.total("/api/") == 0


def test_told_twice_it_asks_once_and_what_is_young_is_not_asked_again(world: World, entry: RegistryEntry) -> None:
    facts = ask(world, entry)
    asked = raw(world)
    documents.fetch(facts.pk, http=world.http, clock=world.clock)
    world.clock.advance(minutes=60 * 23)
    documents.ask(entry, documents.facts_of(entry), now=world.clock())
    assert (raw(world), OrmQ.objects.count()) == (asked, 1)


def test_an_old_one_is_asked_again_and_confirmed_by_304(world: World, entry: RegistryEntry) -> None:
    ask(world, entry)
    world.clock.advance(minutes=60 * 25)
    facts = ask(world, entry)
    assert (facts.fetched_at, facts.readme) == (world.clock(), "# Clock")
    known = [headers for path, headers in world.hub.requests if path.endswith("README.md")]
    assert "If-None-Match" in known[-1]


def test_another_version_or_commit_is_asked_for_whatever_the_age(world: World, entry: RegistryEntry) -> None:
    ask(world, entry)
    world.refresh()
    write(world, "README.md", "# Clock 2")
    world.clock.advance(minutes=5)
    assert ask(world, entry).readme == "# Clock 2"
    RegistryEntry.objects.update(latest_version="3.0.0")
    write(world, "README.md", "# Clock 3")
    world.clock.advance(minutes=5)
    assert ask(world, catalogue.find_entry("clock")).readme == "# Clock 3"


def test_what_a_worker_forgot_a_moment_ago_is_asked_for_anew(world: World, entry: RegistryEntry) -> None:
    facts = ask(world, entry)
    facts.delete()
    again = documents.ask(entry, facts, now=world.clock(), is_forced=True)
    assert again is not None and again.fetched_at is None


@pytest.mark.parametrize("how", ["hang", "drop", "cut_short", "refuse", "fail", "rate_limit"])
def test_no_failure_takes_anything_away(world: World, entry: RegistryEntry, how: str) -> None:
    ask(world, entry)
    world.clock.advance(minutes=60 * 25)
    world.be_impatient()
    if how == "refuse":
        world.hub.refuse()
    else:
        getattr(world.hub, how)("/raw/", **({"keep": 3} if how == "cut_short" else {}))
    facts = ask(world, entry)
    found = details("clock")
    assert (found.files.state, found.readme_html, bool(found.files.schema)) == ("failed", "<h3>Clock</h3>\n", True)
    assert found.files.problem and found.files.problem["hint"]
    asked = raw(world)
    again = documents.ask(entry, documents.facts_of(entry), now=world.clock())
    assert again is not None and again.asked_at == facts.asked_at
    assert raw(world) == asked
    world.hub.accept() if how == "refuse" else world.hub.heal()
    world.clock.advance(minutes=61)
    world.read_seconds = 5.0
    world.renew_client()
    assert ask(world, entry).problem is None


def test_while_the_host_hangs_other_plugins_do_not_wait_for_it_too(world: World, entry: RegistryEntry) -> None:
    world.be_impatient()
    world.hub.hang("/raw/")
    ask(world, entry)
    asked = raw(world)
    other = ask(world, catalogue.find_entry("rain"))
    assert (raw(world), other.problem and other.problem["code"]) == (asked, "timeout")


def test_a_file_that_is_gone_is_believed_beside_its_manifest_only(world: World, entry: RegistryEntry) -> None:
    ask(world, entry)
    world.hub.fail("/raw/", status=404)
    world.clock.advance(minutes=60 * 25)
    facts = ask(world, entry)
    assert (facts.readme, facts.notes) == ("# Clock", {"manifest": documents.NO_MANIFEST})
    world.hub.heal()
    (world.folder / "sources" / "clock" / "README.md").unlink()
    world.clock.advance(minutes=60 * 25)
    assert ask(world, entry).readme == ""


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><title>Log in</title>", b'{"message": "hello"}', b"[]", b""])
def test_what_stands_in_the_place_of_a_manifest_discredits_everything(world: World, entry: RegistryEntry, body: bytes) -> None:
    for fetched in ("", "# Clock"):
        world.hub.answer("/raw/", body)
        facts = ask(world, entry)
        assert (facts.readme, facts.problem and facts.problem["code"]) == (fetched, "raw-invalid")
        world.hub.heal()
        world.clock.advance(minutes=60 * 25)
        assert ask(world, entry).readme == "# Clock"
        world.clock.advance(minutes=60 * 25)


def test_a_forced_question_ignores_the_age_but_not_a_limit(world: World, entry: RegistryEntry) -> None:
    ask(world, entry)
    asked = raw(world)
    world.clock.advance(minutes=1)
    ask(world, entry, is_forced=True)
    assert raw(world) > asked
    world.hub.rate_limit("/raw/", seconds=600)
    codes, counts = [], []
    for _ in range(2):
        world.clock.advance(minutes=1)
        facts = ask(world, entry, is_forced=True)
        codes.append(facts.problem and facts.problem["code"])
        counts.append(raw(world))
    assert (codes, counts[0] == counts[1]) == (["rate-limited", "rate-limited"], True)


@pytest.mark.parametrize(
    ("name", "body", "note"),
    [
        ("README.md", b"x" * 300_000, {"readme": "The readme is larger than 256 KiB."}),
        ("config_schema.json", b"<html>", {"schema": "It is not a JSON object."}),
        ("config_schema.json", b'{"minLength": 1e999}', {"schema": "It is not a JSON object."}),
        ("config_schema.json", b"[" * 100_000, {"schema": "It is not a JSON object."}),
        ("README.md", b"\xff\x00\xfe text", {}),
    ],
)
def test_nonsense_in_a_file_is_noted_and_hides_nothing_else(
    world: World, entry: RegistryEntry, name: str, body: bytes, note: dict[str, str]
) -> None:
    write(world, name, body)
    facts = ask(world, entry)
    assert (facts.notes, facts.problem, bool(facts.manifest)) == (note, None, True)


@pytest.mark.parametrize("named", ["shot.png", "https://raw.githubusercontent.com/someone/plugins/main/plugins/clock/shot.png"])
def test_a_screenshot_is_fetched_and_made_anew(world: World, entry: RegistryEntry, named: str) -> None:
    made = io.BytesIO()
    Image.new("RGB", (128, 32), "red").save(made, "PNG")
    write(world, "shot.png", made.getvalue())
    write(world, "manifest.json", f'{{"id": "clock", "screenshot": "{named}"}}')
    facts = ask(world, entry)
    assert Image.open(io.BytesIO(bytes(facts.picture or b""))).format == "WEBP"


def test_a_screenshot_that_comes_back_is_shown_again(world: World, entry: RegistryEntry) -> None:
    for number, colour in enumerate(("red", "blue")):
        made = io.BytesIO()
        Image.new("RGB", (8, 8), colour).save(made, "PNG")
        write(world, f"{number}.png", made.getvalue())
    shown = []
    for named in ('"0.png"', '"1.png"', '"0.png"', "null", '"0.png"'):
        write(world, "manifest.json", f'{{"id": "clock", "screenshot": {named}}}')
        world.clock.advance(hours=25)
        picture = ask(world, entry).picture
        shown.append(Image.open(io.BytesIO(bytes(picture))).convert("RGB").getpixel((4, 4))[0] > 128 if picture else None)
    assert shown == [True, False, True, None, True]


@pytest.mark.parametrize("named", ["https://evil.example/x.png", "http://127.0.0.1:9/x.png", "../../../secret.png", "//evil.example/x.png"])
def test_a_picture_comes_from_no_other_place(world: World, entry: RegistryEntry, named: str) -> None:
    write(world, "manifest.json", f'{{"id": "clock", "screenshot": "{named}"}}')
    facts = ask(world, entry)
    assert (facts.picture, facts.problem, facts.readme) == (None, None, "# Clock")
    assert not any("secret" in path for path, _ in world.hub.requests)


def test_only_so_many_are_kept(world: World, entry: RegistryEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_ROWS", 1)
    ask(world, entry)
    world.clock.advance(minutes=1)
    ask(world, catalogue.find_entry("rain"))
    assert list(PluginFacts.objects.values_list("path", flat=True)) == ["plugins/rain"]
