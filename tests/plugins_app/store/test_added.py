"""Registries that the owner adds: their own trust, nothing of the official one's shadowed, and gone without a trace."""

from __future__ import annotations

from typing import Any

import pytest

from plugins_app.exceptions import BadRequest, Conflict, LedsiteError, NotFound
from plugins_app.lifecycle import requests
from plugins_app.lifecycle.listing import installed_plugins
from plugins_app.models import AuditEntry, Plugin, RegistryEntry, RegistrySource
from plugins_app.store import catalogue
from plugins_app.store.added import add_source, remove_source
from tests.fakes.rows import make_offers, make_plugin

pytestmark = pytest.mark.django_db

WHO = "mia"
URL = "https://plugins.example.org/registry.json"


def offer(source: RegistrySource, registry_id: str, *, version: str = "9.9.9", **facts: Any) -> RegistryEntry:
    values = {"repo": "https://github.com/other/plugins", "name": registry_id, "position": 0, "latest_version": version}
    return RegistryEntry.objects.create(source=source, registry_id=registry_id, **{**values, **facts})


def test_it_is_added_behind_the_official_one_with_its_own_trust() -> None:
    make_offers("clock")
    source = add_source("Friends", URL, requested_by=WHO)
    offer(source, "extra")
    rows = catalogue.browse().as_dict()["results"]
    assert (source.trust, source.position > 0) == ("added", True)
    assert [(row["id"], row["source"]) for row in rows] == [("clock", "official"), ("extra", "Friends")]
    assert AuditEntry.objects.get().what == "registry-add"


@pytest.mark.parametrize(
    "facts", [{"registry_id": "clock"}, {"registry_id": "CLOCK"}, {"registry_id": "other", "plugin_path": "plugins/clock"}]
)
def test_what_the_official_one_has_never_comes_from_it(facts: dict[str, Any]) -> None:
    make_offers("clock")
    offer(add_source("Friends", URL, requested_by=WHO), **facts)
    assert [row["source"] for row in catalogue.browse().as_dict()["results"]] == ["official"]
    assert catalogue.find_entry("clock").source.name == "official"


def test_a_plugin_of_the_official_one_is_not_updated_from_another_when_it_vanishes_there() -> None:
    source = make_offers("clock")
    make_plugin("clock", source_ref={"registry_id": "clock", "registry": source.name})
    RegistryEntry.objects.all().delete()
    offer(add_source("Friends", URL, requested_by=WHO), "clock")
    (row,) = installed_plugins()
    assert (row["latest_version"], row["update_available"]) == ("", False)
    with pytest.raises(NotFound):
        requests.request_update("clock", requested_by=WHO)


def test_what_came_from_a_registry_that_is_gone_stays_and_is_offered_by_the_official_one_only() -> None:
    source = add_source("Friends", URL, requested_by=WHO)
    offer(source, "extra")
    make_plugin("extra", source_ref={"registry_id": "extra", "registry": "Friends"})
    assert installed_plugins()[0]["update_available"]
    remove_source(source.pk, requested_by=WHO)
    assert Plugin.objects.exists() and not RegistryEntry.objects.exists()
    assert not installed_plugins()[0]["update_available"]
    assert requests.registry_of(Plugin.objects.get()) == "official"


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("", URL),
        ("official", URL),
        ("x" * 101, URL),
        ("Friends", "http://plugins.example.org/registry.json"),
        ("Friends", "ftp://plugins.example.org/registry.json"),
        ("Friends", "https://10.0.0.7/registry.json"),
        ("Friends", "https://[::ffff:10.0.0.7]/registry.json"),
        ("Friends", "https://localhost/registry.json"),
        ("Friends", "https://github.com@10.0.0.7/registry.json"),
        ("Friends", "registry.json"),
        ("Friends", f"{URL}#part"),
        ("Friends", "https://" + "x" * 600),
    ],
)
def test_what_cannot_be_one_is_refused(name: str, url: str) -> None:
    with pytest.raises(LedsiteError):
        add_source(name, url, requested_by=WHO)
    assert not RegistrySource.objects.filter(trust="added").exists()


def test_names_and_addresses_are_there_once_and_the_official_one_stays() -> None:
    official = make_offers("clock")
    source = add_source("Friends", URL, requested_by=WHO)
    for name, url in (("Friends", f"{URL}2"), ("Others", URL), ("Others", official.url)):
        with pytest.raises((Conflict, BadRequest)):
            add_source(name, url, requested_by=WHO)
    with pytest.raises(Conflict):
        remove_source(official.pk, requested_by=WHO)
    remove_source(source.pk, requested_by=WHO)
    with pytest.raises(NotFound):
        remove_source(source.pk, requested_by=WHO)
