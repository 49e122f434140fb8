"""What changed in the store since a person was there last."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from plugins_app.models import RegistrySource, StoreChange, StoreVisit
from plugins_app.store import changes
from tests.fakes.people import make_user
from tests.plugins_app.store.github_world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db: None) -> User:
    return make_user(name="ann")


def publish(world: World, **versions: str) -> None:
    """Let the registry offer these plugins in these versions, and ask it."""
    offered = [
        {"id": name.replace("_", "-"), "name": name.title(), "repo": f"https://github.com/someone/{name}", "latest_version": version}
        for name, version in versions.items()
    ]
    world.hub.set_registry({"version": "1.0.0", "plugins": offered})
    world.clock.advance(minutes=61)
    world.refresh_registry()


def told(world: World, user: User) -> list[tuple[str, str]]:
    return [(change.id, change.kind) for change in changes.open_visit(user, now=world.clock()).changes]


def test_the_first_visit_marks_nothing(world: World, ann: User) -> None:
    publish(world, clock="1.0", rain="1.0")
    publish(world, clock="1.1", rain="1.0")
    assert told(world, ann) == []


def test_the_next_visit_marks_what_is_new_updated_and_gone(world: World, ann: User) -> None:
    publish(world, clock="1.0", rain="1.0", snow="1.0")
    changes.open_visit(ann, now=world.clock())
    publish(world, clock="1.1", rain="1.0", sun="1.0")
    news = changes.open_visit(ann, now=world.clock())
    found = {change.id: (change.kind, change.from_version, change.version) for change in news.changes}
    assert found == {"clock": ("updated", "1.0", "1.1"), "snow": ("gone", "1.0", ""), "sun": ("new", "", "1.0")}
    assert ("official", "sun") in news.marks()


def test_marks_stay_for_the_visit_and_are_gone_at_the_next(world: World, ann: User) -> None:
    publish(world, clock="1.0")
    changes.open_visit(ann, now=world.clock())
    publish(world, clock="1.1")
    assert told(world, ann) == told(world, ann) == [("clock", "updated")]
    world.clock.advance(minutes=20)
    assert told(world, ann) == [("clock", "updated")]
    world.clock.advance(minutes=31)
    assert told(world, ann) == []


def test_what_changes_while_the_page_is_open_is_marked_at_the_next_visit_too(world: World, ann: User) -> None:
    publish(world, clock="1.0")
    changes.open_visit(ann, now=world.clock())
    publish(world, clock="1.1")
    assert [change.id for change in changes.news(ann).changes] == ["clock"]
    assert told(world, ann) == [("clock", "updated")]


def test_everybody_has_a_place_of_their_own_and_may_clear_it(world: World, ann: User) -> None:
    bob = make_user(name="bob")
    publish(world, clock="1.0")
    for user in (ann, bob):
        changes.open_visit(user, now=world.clock())
    publish(world, clock="1.1")
    changes.mark_as_seen(ann, now=world.clock())
    assert (told(world, ann), told(world, bob)) == ([], [("clock", "updated")])


@pytest.mark.parametrize(
    ("steps", "kind"),
    [
        ([{}, {"clock": "1.0"}], None),
        ([{"clock": "1.1"}, {"clock": "1.0"}], None),
        ([{"clock": "1.1"}, {}, {"clock": "1.2"}], "updated"),
        ([{"clock": "1.1"}, {}], "gone"),
        ([{"other": "1.0"}, {"other": "2.0"}], "new"),
        ([{"other": "1.0"}, {"other": "2.0"}, {}], None),
    ],
)
def test_several_changes_of_one_plugin_add_up(world: World, ann: User, steps: list[dict[str, str]], kind: str | None) -> None:
    always = {"rain": "1.0", "snow": "1.0", "sun": "1.0"}
    publish(world, clock="1.0", **always)
    changes.open_visit(ann, now=world.clock())
    for step in steps:
        publish(world, **always, **({"clock": "1.0"} if "other" in str(steps) else {}), **step)
    wanted = "other" if "other" in str(steps) else "clock"
    assert told(world, ann) == ([] if kind is None else [(wanted, kind)])


def test_a_registry_that_is_new_itself_and_one_that_answers_nonsense_change_nothing(world: World, ann: User) -> None:
    changes.open_visit(ann, now=world.clock())
    publish(world, clock="1.0", rain="1.0", snow="1.0")
    world.hub.set_registry(b"<html>")
    world.clock.advance(minutes=61)
    world.refresh_registry()
    publish(world, clock="1.0")  # lost more than half: not believed yet
    assert (told(world, ann), StoreChange.objects.count()) == ([], 0)


def test_the_journal_is_kept_short(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "KEPT", 3)
    for number in range(8):
        publish(world, clock=f"1.{number}")
    assert StoreChange.objects.count() == 3


def test_a_clock_that_jumps_back_begins_a_new_visit(world: World, ann: User) -> None:
    publish(world, clock="1.0")
    changes.open_visit(ann, now=world.clock())
    StoreVisit.objects.update(visited_at=world.clock() + timedelta(days=400))
    publish(world, clock="1.1")
    assert told(world, ann) == [("clock", "updated")]


def test_a_registry_that_is_removed_takes_its_changes_along(world: World, ann: User) -> None:
    publish(world, clock="1.0")
    changes.open_visit(ann, now=world.clock())
    publish(world, clock="1.1")
    RegistrySource.objects.all().delete()
    assert told(world, ann) == []


def test_a_visit_is_written_once_a_minute_at_most(world: World, ann: User, django_assert_num_queries: Any) -> None:
    publish(world, clock="1.0")
    changes.open_visit(ann, now=world.clock())
    with django_assert_num_queries(3):
        changes.open_visit(ann, now=world.clock() + timedelta(seconds=10))
