"""The pages of the store: filters in the address, what to loosen, what was meant, and what changed."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from plugins_app.access import Role
from plugins_app.models import Plugin, RegistryEntry, RegistrySource, Revision, StoreChange, StoreVisit
from plugins_app.store.sources import ensure_official_source
from tests.fakes.pages import browser_of, text_of
from tests.fakes.rows import make_offers, make_plugin

pytestmark = pytest.mark.django_db
STORE = "/admin/store/"


def ids(html: str) -> list[str]:
    return re.findall(r'data-plugin="([^"]+)"', html)


@pytest.fixture
def offers() -> RegistrySource:
    source = make_offers("hello", "world", "rain")
    make_plugin("hello")
    RegistryEntry.objects.filter(registry_id="rain").update(author="Ann", category="weather", verified=True)
    return source


def test_filters_stand_in_the_address_with_a_chip_each(offers: RegistrySource) -> None:
    html = browser_of(Role.VIEWER).get(STORE, {"category": "weather", "verified": "true", "sort": "name"}).content.decode()
    assert ids(html) == ["rain"]
    chips = dict(re.findall(r'class="ls-chip" href="([^"]+)" aria-label="Remove the filter ([^"]+)"', html))
    assert chips == {
        "/admin/store/?verified=true&amp;sort=name": "Category: weather",
        "/admin/store/?category=weather&amp;sort=name": "Verified",
    }
    assert '<input type="hidden" name="category" value="weather">' in html


def test_every_filter_is_a_link_with_its_count(offers: RegistrySource) -> None:
    html = browser_of(Role.VIEWER).get(STORE, {"installed": "false"}).content.decode()
    choices = re.findall(r'class="ls-choice[^"]*" href="([^"]+)"[^>]*><span>([^<]+)</span> <span class="ls-number">(\d+)', html)
    assert ("/admin/store/?category=weather&amp;installed=false", "weather", "1") in choices
    assert ("/admin/store/?author=Ann&amp;installed=false", "Ann", "1") in choices
    assert ("/admin/store/", "Not installed", "2") in choices
    assert ("/admin/store/?installed=true", "Installed", "1") in choices


def test_nothing_found_says_what_to_loosen(offers: RegistrySource) -> None:
    html = browser_of(Role.VIEWER).get(STORE, {"query": "rain", "category": "demo"}).content.decode()
    assert "Nothing found" in html
    assert "Without “rain” (2 plugins) Without Category: demo (1 plugin)" in text_of(html)
    assert "either" in text_of(browser_of(Role.OPERATOR).get(STORE, {"query": "zebra", "category": "none"}).content.decode())


def test_a_search_that_finds_nothing_says_what_was_probably_meant(offers: RegistrySource) -> None:
    client = browser_of(Role.VIEWER)
    html = client.get(STORE, {"query": "rein", "verified": "true"}).content.decode()
    assert "Did you mean rain ? (1 plugin)" in text_of(html) and 'href="/admin/store/?query=rain&amp;verified=true"' in html
    alone = text_of(client.get(STORE, {"query": "zebra"}).content.decode())
    assert "No plugin matches “zebra”." in alone and "What to loosen" not in alone and "Did you mean" not in alone


def test_a_search_shows_the_best_match_first(offers: RegistrySource) -> None:
    RegistryEntry.objects.filter(registry_id="hello").update(description="Says hello when it will rain")
    client = browser_of(Role.VIEWER)
    assert ids(client.get(STORE, {"query": "rain"}).content.decode()) == ["rain", "hello"]
    assert ids(client.get(STORE, {"query": "rain", "sort": "name"}).content.decode()) == ["hello", "rain"]


def test_a_chosen_filter_stays_in_its_group_when_nothing_is_found(offers: RegistrySource) -> None:
    html = browser_of(Role.VIEWER).get(STORE, {"category": "weather", "author": "Nobody"}).content.decode()
    chosen = re.findall(r'ls-chosen" href="[^"]+" aria-current="true"><span>([^<]+)</span> <span class="ls-number">(\d+)', html)
    assert chosen == [("weather", "0"), ("Nobody", "0")]


@pytest.mark.parametrize("filters", [{}, {"query": "rain"}])
def test_before_the_first_answer_it_says_what_is_being_done_whatever_is_searched_for(filters: dict[str, str]) -> None:
    ensure_official_source()
    html = browser_of(Role.VIEWER).get(STORE, filters).content.decode()
    assert "Fetching the list of plugins" in html and "Nothing found" not in html


def test_many_changes_can_all_be_read(offers: RegistrySource) -> None:
    client = browser_of(Role.VIEWER)
    client.get(STORE)
    for number in range(7):
        change(offers, f"new-{number}", "new", version="1.0.0")
    text = text_of(client.get(STORE).content.decode())
    assert "and 2 more)" in text and "All of them" in text and "New-6 new" in text


def test_pages_work_with_and_without_a_script() -> None:
    make_offers(*(f"plugin-{number}" for number in range(60)))
    client = browser_of(Role.VIEWER)
    first = client.get(STORE, {"sort": "name"}).content.decode()
    assert (len(ids(first)), 'href="/admin/store/?sort=name&amp;page=2"' in first) == (24, True)
    second = client.get(STORE, {"page": "2"}).content.decode()
    assert (ids(second)[0], len(ids(second)), "Show earlier ones" in second) == ("plugin-24", 24, True)
    grown = client.get(f"{STORE}list", {"upto": "2"}).content.decode()
    assert len(ids(grown)) == 48
    last = client.get(f"{STORE}list", {"upto": "3"}).content.decode()
    assert (len(ids(last)), "Show more" in last) == (60, False)
    for odd in ("0", "-1", "x", "99999999", "²"):
        assert client.get(STORE, {"page": odd}).status_code == 200


def at(address: str) -> dict[str, str]:
    """Return the headers of a request that a page at an address makes."""
    return {"HX-Request": "true", "HX-Current-URL": f"http://testserver{address}"}


def test_the_address_follows_the_search_and_is_left_alone_while_it_is_right(offers: RegistrySource) -> None:
    client, wanted = browser_of(Role.VIEWER), {"query": "ra in", "sort": "stars", "page": "1", "upto": "1"}
    address = "/admin/store/?query=ra+in&sort=stars"
    assert client.get(f"{STORE}list", wanted, headers=at(STORE)).headers["HX-Replace-Url"] == address
    assert "HX-Replace-Url" not in client.get(f"{STORE}list", wanted, headers=at(address)).headers


def test_no_page_is_beyond_the_end() -> None:
    make_offers(*(f"plugin-{number}" for number in range(30)))
    client = browser_of(Role.VIEWER)
    assert len(ids(client.get(STORE, {"page": "9"}).content.decode())) == 6
    assert len(ids(client.get(STORE, {"page": "2", "query": "plugin-1"}).content.decode())) == 11


def test_what_is_asked_for_anew_begins_with_the_first_page() -> None:
    make_offers(*(f"plugin-{number}" for number in range(30)))
    client, second = browser_of(Role.VIEWER), {"page": "2", "upto": "2"}
    for other in ({"query": "plugin"}, {"sort": "stars"}):
        answer = client.get(f"{STORE}list", second | other, headers=at("/admin/store/?page=2"))
        assert (len(ids(answer.content.decode())), "page=" in answer.headers["HX-Replace-Url"]) == (24, False)
    same = client.get(f"{STORE}list", second | {"query": "", "sort": ""}, headers=at("/admin/store/?page=2"))
    assert len(ids(same.content.decode())) == 6


def test_a_list_that_shows_what_it_showed_is_not_sent_again(offers: RegistrySource, settings: Any, tmp_path: Path) -> None:
    settings.LEDSITE = replace(settings.LEDSITE, run_dir=tmp_path)
    Plugin.objects.create(plugin_id="own", name="Own", version="1.0.0", source="bundled", enabled=True)
    Revision.bump("plugins")
    client = browser_of(Role.VIEWER)

    def answer(seen: str = "", **states: str) -> tuple[int, str]:
        plugins = {name: {"state": state, "memory_mb": 5 + len(seen)} for name, state in states.items()}
        (tmp_path / "status.json").write_text(json.dumps({"beat": time.monotonic(), "plugins": plugins}))
        response = client.get(f"{STORE}list", {"seen": seen})
        return response.status_code, "".join(re.findall(r'data-seen="(\w+)"', response.content.decode()))

    _, seen = answer(hello="ready", own="showing")
    assert answer(seen, hello="ready", own="ready") == (204, "")
    status, other = answer(seen, hello="showing", own="ready")
    assert (status, other != seen) == (200, True)


def change(source: RegistrySource, registry_id: str, kind: str, **versions: str) -> None:
    StoreChange.objects.create(source=source, registry_id=registry_id, name=registry_id.title(), kind=kind, **versions)


def test_what_changed_since_the_last_visit_is_told_and_marked_until_it_is_seen(offers: RegistrySource) -> None:
    client = browser_of(Role.VIEWER)
    assert "Since your last visit" not in client.get(STORE).content.decode()
    change(offers, "rain", "new", version="1.1.0")
    change(offers, "world", "updated", from_version="1.0.0", version="1.1.0")
    change(offers, "snow", "gone", from_version="1.0.0")
    html = client.get(STORE).content.decode()
    assert "1 new ( Rain ), 1 updated ( World 1.1.0), 1 gone (Snow)" in text_of(html)
    assert (html.count(">New</span>"), html.count(">Updated</span>")) == (1, 1)
    StoreVisit.objects.update(visited_at=timezone.now() - timedelta(minutes=5))
    assert "Since your last visit" in client.get(f"{STORE}list").content.decode()
    client.post(f"{STORE}changes-seen")
    assert "Since your last visit" not in client.get(STORE).content.decode()


def test_the_next_visit_begins_anew(offers: RegistrySource) -> None:
    client = browser_of(Role.VIEWER)
    client.get(STORE)
    change(offers, "rain", "new", version="1.1.0")
    client.get(STORE)
    StoreVisit.objects.update(visited_at=timezone.now() - timedelta(minutes=40))
    assert "Since your last visit" not in client.get(STORE).content.decode()


def test_an_address_that_is_refused_stays_in_the_form() -> None:
    client, typed = browser_of(Role.ADMIN), {"url": "https://example.org/x.zip", "plugin_path": "plugins/x", "branch": "next"}
    answer = client.post("/admin/store/elsewhere/", typed)
    html = answer.content.decode()
    assert answer.status_code == 422 and 'role="alert"' in html
    assert all(f'value="{text}"' in html for text in typed.values())
    assert "There is no address." in client.post("/admin/store/elsewhere/", typed | {"url": " "}).content.decode()
    assert 'value="next"' not in client.get("/admin/store/elsewhere/").content.decode()
