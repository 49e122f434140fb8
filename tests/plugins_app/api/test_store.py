"""The store over the API: filters, their counts, and what changed."""

from __future__ import annotations

import pytest

from plugins_app.access import Role
from plugins_app.models import RegistryEntry, RegistrySource, Revision, StoreChange, StoreVisit
from tests.fakes.people import client_of
from tests.fakes.rows import make_offers, make_plugin

pytestmark = pytest.mark.django_db
LIST, FACETS, CHANGES = "/api/v3/plugins/store/list", "/api/v3/plugins/store/facets", "/api/v3/plugins/store/changes"


@pytest.fixture(autouse=True)
def offers() -> None:
    make_offers("hello", "world", "rain")
    make_plugin("hello")
    RegistryEntry.objects.filter(registry_id="rain").update(author="Ann", category="weather", verified=True)
    Revision.bump("store", "plugins")


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"installed": "true"}, ["hello"]),
        ({"updatable": "true"}, ["hello"]),
        ({"installed": "false", "category": "DEMO"}, ["world"]),
        ({"author": "ann"}, ["rain"]),
        ({"verified": "true", "compatible": "true", "source": "official"}, ["rain"]),
        ({"query": "shows RAIN", "sort": "name"}, ["rain"]),
        ({"sort": "name", "limit": "1", "offset": "1"}, ["rain"]),
    ],
)
def test_every_filter_works_over_the_api(filters: dict[str, str], ids: list[str]) -> None:
    answer = client_of(Role.VIEWER).get(LIST, filters)
    assert [row["id"] for row in answer.json()["results"]] == ids


@pytest.mark.parametrize(("filters", "code"), [({"installed": "perhaps"}, "bad-filter"), ({"sort": "size"}, "unknown-sort")])
def test_what_cannot_be_filtered_by_is_refused(filters: dict[str, str], code: str) -> None:
    answer = client_of(Role.VIEWER).get(LIST, filters)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_counts_of_the_filters_follow_the_others() -> None:
    client = client_of(Role.VIEWER)
    body = client.get(FACETS, {"category": "weather"}).json()
    assert body["facets"]["category"] == [{"value": "demo", "count": 2}, {"value": "weather", "count": 1}]
    assert body["facets"]["author"] == [{"value": "Ann", "count": 1}]
    assert body["without"] == {"category": 3}
    again = client.get(FACETS, {"category": "weather"}, headers={"If-None-Match": client.get(FACETS, {"category": "weather"})["ETag"]})
    assert again.status_code == 304


def test_what_changed_is_told_and_taken_away_when_seen() -> None:
    client = client_of(Role.VIEWER)
    assert client.get(CHANGES).json() == {"count": 0, "since": None, "results": []}
    assert client.post(f"{CHANGES}/seen").json()["count"] == 0
    source = RegistrySource.objects.get()
    StoreChange.objects.create(source=source, registry_id="world", name="World", kind="updated", from_version="1.0.0", version="1.1.0")
    [change] = client.get(CHANGES).json()["results"]
    assert (change["id"], change["kind"], change["version"], change["source"]) == ("world", "updated", "1.1.0", "official")
    visited_at = StoreVisit.objects.get().visited_at
    assert client.get(CHANGES).json()["count"] == 1
    assert StoreVisit.objects.get().visited_at == visited_at
    assert client.post(f"{CHANGES}/seen").json()["results"] == []
