"""What is on offer, out of rows alone."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from plugins_app.exceptions import BadRequest, NotFound
from plugins_app.models import Plugin, RegistryEntry, RegistrySource, Revision, Source, Trust
from plugins_app.store import catalogue
from plugins_app.store.facets import Value
from plugins_app.store.search import Wanted
from plugins_app.store.sources import ensure_official_source

pytestmark = pytest.mark.django_db


def offer(registry_id: str, **fields: Any) -> RegistryEntry:
    source = fields.pop("source", None) or ensure_official_source()
    fields = {"name": registry_id.title(), "repo": "https://github.com/someone/plugins", "latest_version": "1.0.0", **fields}
    return RegistryEntry.objects.create(source=source, registry_id=registry_id, position=source.entries.count(), **fields)


def install(plugin_id: str, version: str = "1.0.0", **source_ref: Any) -> Plugin:
    return Plugin.objects.create(plugin_id=plugin_id, name=plugin_id, version=version, source=Source.REGISTRY, source_ref=source_ref)


def answered(**fields: Any) -> None:
    ensure_official_source()
    RegistrySource.objects.update(**{"fetched_at": timezone.now(), **fields})


def found(*, sort: str = "", **filters: Any) -> list[str]:
    return [row["id"] for row in catalogue.browse(Wanted(**filters), sort=sort).results]


def test_before_the_first_answer_it_says_so() -> None:
    assert catalogue.browse().as_dict() == {
        "count": 0,
        "fetched_at": None,
        "stale": True,
        "results": [],
        "problem": {
            "code": "registry-not-fetched",
            "message": "The registry has not been asked yet.",
            "hint": "A worker asks it within a minute of the start; or refresh the store now.",
        },
    }


def test_a_failed_first_request_is_the_problem() -> None:
    answered(fetched_at=None, problem={"code": "dns", "message": "No name.", "hint": "Network?"})
    assert catalogue.browse().as_dict()["problem"]["code"] == "dns"


def test_a_row_says_everything_the_api_promises() -> None:
    answered()
    offer(
        "weather",
        plugin_path="plugins/ledmatrix-weather",
        latest_version="2.0.0",
        author="Someone",
        description="Rain",
        category="weather",
        tags=["rain"],
        stars=5,
        verified=True,
        last_updated="2026-06-02",
        first_seen_at=datetime(2026, 6, 1, tzinfo=UTC),
    )
    install("ledmatrix-weather", "1.0.0")
    body = catalogue.browse().as_dict()
    assert (body["count"], body["stale"], "problem" in body) == (1, False, False)
    assert body["results"] == [
        {
            "id": "weather",
            "name": "Weather",
            "author": "Someone",
            "description": "Rain",
            "category": "weather",
            "tags": ["rain"],
            "repo": "https://github.com/someone/plugins",
            "branch": "",
            "default_branch": "main",
            "plugin_path": "plugins/ledmatrix-weather",
            "stars": 5,
            "verified": True,
            "latest_version": "2.0.0",
            "last_updated": "2026-06-02",
            "last_commit": None,
            "first_seen_at": "2026-06-01T00:00:00+00:00",
            "screenshot": "",
            "preview": None,
            "installed": True,
            "installed_id": "ledmatrix-weather",
            "installed_version": "1.0.0",
            "update_available": True,
            "compatible": True,
            "incompatible_reason": None,
            "source": "official",
            "trust": "official",
        }
    ]


def test_it_is_stale_when_old_or_when_the_last_request_failed() -> None:
    answered()
    assert not catalogue.browse().stale
    answered(fetched_at=timezone.now() - timedelta(seconds=901))
    assert catalogue.browse().stale
    answered(problem={"code": "timeout", "message": "", "hint": ""})
    assert catalogue.browse().as_dict()["problem"]["code"] == "timeout"


def test_it_keeps_the_order_of_the_registry() -> None:
    for name in ("zebra", "ant", "mule"):
        offer(name)
    assert found() == ["zebra", "ant", "mule"]
    assert found(sort="name") == ["ant", "mule", "zebra"]


def test_it_sorts_by_stars_by_first_and_by_last_appearance() -> None:
    offer("old", stars=9, last_updated="2026-02-01", first_seen_at=datetime(2025, 1, 1, tzinfo=UTC))
    offer("new", stars=1, last_updated="2026-01-01T10:00:00Z", first_seen_at=datetime(2026, 1, 1, tzinfo=UTC))
    offer("never", stars=1)
    assert found(sort="stars") == ["old", "new", "never"]
    assert found(sort="newest") == ["new", "old", "never"]
    assert found(sort="updated") == ["old", "new", "never"]
    with pytest.raises(BadRequest):
        catalogue.browse(sort="; drop table")


@pytest.mark.parametrize("query", ["fussball", "FUSSBALL", "Ergebnisse fussball", "tore", "  LIGA  ", "muller", "Müller", "scores"])
def test_a_search_forgives_case_accents_and_order(query: str) -> None:
    offer("soccer", name="Fußball", description="Ergebnisse der Liga", author="Müller", tags=["Tore"], category="scores")
    offer("clock")
    assert found(query=query) == ["soccer"]


def test_every_word_must_be_found() -> None:
    offer("soccer", description="goals")
    assert found(query="soccer clock") == []


def test_it_filters_by_category_and_tag() -> None:
    offer("soccer", category="Sports", tags=["live", "goals"])
    offer("clock", category="time", tags=["live"])
    assert found(category="sports") == ["soccer"]
    assert found(tag="LIVE") == ["soccer", "clock"]
    assert found(category="time", tag="goals") == []


def test_it_filters_by_author_registry_and_everything_that_is_known_here() -> None:
    added = RegistrySource.objects.create(name="Friends", url="https://lists.example/x.json", trust=Trust.ADDED, position=1)
    offer("soccer", author="Müller", verified=True, latest_version="2.0.0")
    offer("clock", author="Ann", source=added)
    offer("future", author="Ann", raw={"versions": [{"version": "9", "ledmatrix_min": "99.0.0"}]})
    install("soccer", "1.0.0")
    install("clock", "1.0.0")
    assert found(author="muller") == found(verified=True) == found(updatable=True) == ["soccer"]
    assert found(source="friends") == ["clock"]
    assert found(author="ann", compatible=True) == ["clock"]
    assert found(installed=False) == found(compatible=False) == ["future"]
    assert found(installed=True, updatable=False) == ["clock"]


def test_facets_follow_the_other_filters() -> None:
    offer("soccer", category="sports", tags=["live", "goals"])
    offer("hockey", category="sports", tags=["live"])
    offer("clock", category="time")
    offered, facets = catalogue.browse_with_facets(Wanted(tag="live"))
    assert [row["id"] for row in offered.results] == ["soccer", "hockey"]
    assert facets.values["category"] == [Value("sports", 2)]
    assert facets.values["tag"] == [Value("live", 2), Value("goals", 1)]
    assert facets.without == {"tag": 3}


def test_an_added_registry_never_shadows_the_official_one() -> None:
    offer("clock", name="Ours")
    added = RegistrySource.objects.create(name="mine", url="https://lists.example/x.json", trust=Trust.ADDED, position=1)
    offer("CLOCK", name="Theirs", source=added)
    offer("extra", source=added)
    assert [(row["name"], row["source"]) for row in catalogue.browse().results] == [("Ours", "official"), ("Extra", "mine")]
    assert catalogue.find_entry("clock").name == "Ours"


def test_what_does_not_fit_says_why() -> None:
    offer("future", raw={"versions": [{"version": "9", "ledmatrix_min": "99.0.0"}]})
    row = catalogue.browse().results[0]
    assert row["compatible"] is False
    assert "99.0.0" in row["incompatible_reason"]


@pytest.mark.parametrize("wanted", ["weather", "Weather", "ledmatrix-weather", "LEDMATRIX-WEATHER"])
def test_an_entry_is_found_by_id_and_by_folder(wanted: str) -> None:
    offer("weather", plugin_path="plugins/ledmatrix-weather")
    assert catalogue.find_entry(wanted).registry_id == "weather"


def test_an_entry_is_found_without_the_prefix() -> None:
    offer("stocks", plugin_path="")
    assert catalogue.find_entry("ledmatrix-stocks").registry_id == "stocks"


def test_an_exact_id_comes_before_a_folder() -> None:
    offer("a", plugin_path="plugins/b")
    offer("b", plugin_path="plugins/c")
    assert catalogue.find_entry("b").registry_id == "b"


def test_what_is_not_offered_is_not_found() -> None:
    with pytest.raises(NotFound) as caught:
        catalogue.find_entry("nothing")
    assert caught.value.code == "not-in-registry"


def test_the_repository_is_a_name_below_our_base(settings: Any) -> None:
    settings.LEDSITE = dataclasses.replace(settings.LEDSITE, github_url="http://127.0.0.1:4000")
    entry = offer("clock", branch="feature/x y")
    assert catalogue.archive_url(entry) == "http://127.0.0.1:4000/someone/plugins/archive/refs/heads/feature/x%20y.zip"
    assert catalogue.archive_url(entry, branch="main") == "http://127.0.0.1:4000/someone/plugins/archive/refs/heads/main.zip"


def test_browsing_costs_a_fixed_number_of_queries(django_assert_num_queries: Any) -> None:
    answered()
    for number in range(40):
        offer(f"plugin-{number}")
        install(f"plugin-{number}")
    with django_assert_num_queries(7):
        assert catalogue.browse().as_dict()["count"] == 40


def test_rows_are_built_anew_only_when_something_has_changed(django_assert_num_queries: Any) -> None:
    answered()
    offer("plugin-1")
    Revision.bump("store")
    catalogue.browse().results[0]["name"] = "what a page makes of it"
    with django_assert_num_queries(4):
        assert [row["id"] for row in catalogue.browse().results] == ["plugin-1"]
        assert catalogue.browse().results[0]["name"] != "what a page makes of it"
    offer("plugin-2")
    Revision.bump("store")
    assert catalogue.browse().as_dict()["count"] == 2
