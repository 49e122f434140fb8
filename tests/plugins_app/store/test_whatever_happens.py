"""Pages and API while registry, API and raw files fail in every way: the same plugins, the same stars, and no reader makes a request."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from plugins_app.access import Role
from plugins_app.exceptions import LedsiteError
from plugins_app.lifecycle.requests import request_refresh
from plugins_app.store import catalogue, documents
from plugins_app.store.refresh import refresh_registries
from tests.fakes.people import client_of, make_user
from tests.fakes.rows import make_plugin
from tests.fakes.walk import Answer, walk
from tests.plugins_app.store.github_world import World

pytestmark = pytest.mark.django_db
PLACES = ("/registry", "/api", "/raw")
SPOILERS: dict[str, Any] = {
    "hangs": lambda hub, place: hub.hang(place),
    "refuses": lambda hub, place: hub.refuse(),
    "limits": lambda hub, place: hub.rate_limit(place, seconds=3000),
    "limits-later": lambda hub, place: hub.rate_limit(place, status=429),
    "breaks": lambda hub, place: hub.fail(place, status=503),
    "loses": lambda hub, place: hub.fail(place, status=404),
    "lies": lambda hub, place: hub.answer(place, b"<!DOCTYPE html><title>Sign in to the network</title>"),
    "lies-in-json": lambda hub, place: hub.answer(place, b'{"message": "hello"}', content_type="application/json"),
    "empties": lambda hub, place: hub.answer(place, b"", content_type="application/json"),
    "offers-nothing": lambda hub, place: hub.answer(place, b'{"plugins": []}', content_type="application/json"),
    "sends-too-much": lambda hub, place: hub.answer(place, b" " * (21 * 1024 * 1024), content_type="application/json"),
    "cuts": lambda hub, place: hub.cut_short(place, keep=20),
    "drops": lambda hub, place: hub.drop(place),
}
READERS = (
    "/admin/store/",
    "/admin/store/list?query=clock",
    "/admin/store/plugins/clock/",
    "/admin/store/plugins/clock/head",
    "/admin/plugins/",
    "/admin/",
    "/api/v3/plugins/store/list",
    "/api/v3/plugins/store/facets",
    "/api/v3/plugins/store/clock",
    "/api/v3/plugins/installed",
)


def work(world: World) -> None:
    """Let workers try everything: registries, repository data, and the files of a plugin whose page is open."""
    for force in (False, True):
        try:
            refresh_registries(force=force, http=world.http, clock=world.clock)
        except LedsiteError:
            assert force
        world.refresh(force=force)
    entry = catalogue.find_entry("clock")
    facts = documents.ask(entry, documents.facts_of(entry), now=world.clock(), is_forced=True)
    assert facts is not None
    documents.fetch(facts.pk, http=world.http, clock=world.clock)


def shown(html: str) -> list[str]:
    return re.findall(r'data-plugin="([^"]+)"', html)


@pytest.mark.parametrize("how", SPOILERS)
def test_no_reader_waits_and_nothing_disappears(world: World, how: str) -> None:
    world.offer("rain", "snow", "sun")
    world.offer_monorepo("clock", "weather")
    (world.folder / "sources" / "clock" / "README.md").write_text("# Clock")
    world.refresh_registry()
    world.refresh()
    work(world)
    before = world.rows()
    assert len(before) == 5 and all(row["stars"] == 7 and row["last_commit"] for row in before.values())
    browser, program = Client(), client_of(Role.OPERATOR)
    browser.force_login(make_user(Role.ADMIN))
    for place in PLACES:
        SPOILERS[how](world.hub, place)
        if how == "refuses":
            break
    if how == "hangs":
        world.be_impatient()
    for days in (1, 4):
        world.clock.advance(days=days)
        work(world)
        world.hub.forget_counts()
        answers = {address: (program if "/api/" in address else browser).get(address) for address in READERS}
        assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(READERS, 200)
        assert world.hub.total() == 0
        assert world.rows() == before
        assert shown(answers["/admin/store/"].content.decode()) == list(before)
        assert "<h3>Clock</h3>" in answers["/admin/store/plugins/clock/"].content.decode()
        assert answers["/api/v3/plugins/store/list"].json()["count"] == 5
    if how == "refuses":
        world.hub.accept()


def test_no_page_that_the_menu_leads_to_makes_a_request(world: World) -> None:
    world.offer("rain", "snow")
    world.offer_monorepo("clock", "weather")
    world.refresh_registry()
    world.refresh()
    make_plugin("clock")
    request_refresh(force=True, requested_by="ann")
    browser = Client()
    browser.force_login(make_user(Role.ADMIN))

    def get(address: str) -> Answer:
        answer = browser.get(address)
        is_page = "html" in answer.headers.get("Content-Type", "") and not answer.streaming
        return Answer(answer.status_code, answer.headers.get("Location", ""), answer.content.decode() if is_page else "")

    world.hub.hang("/")
    world.hub.forget_counts()
    pages = walk(get, plugins={"clock": "<installed>", **dict.fromkeys(("rain", "snow", "weather"), "<offered>")})
    assert {"/admin/store/plugins/<offered>/", "/admin/plugins/<installed>/settings/", "/admin/github/", "/admin/store/list"} <= set(pages)
    assert len(pages) > 50
    assert world.hub.total() == 0
