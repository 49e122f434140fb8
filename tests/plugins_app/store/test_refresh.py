"""What a refresh does to the rows, against a real server."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from plugins_app.exceptions import NetworkProblem
from plugins_app.models import HttpCacheEntry, RegistryEntry, RegistrySource, Revision, Trust
from plugins_app.store.client import client_from_settings
from plugins_app.store.http import HttpClient
from plugins_app.store.refresh import RefreshReport, is_due, refresh_if_due, refresh_registries
from plugins_app.store.sources import ensure_official_source
from tests.fakes.clock import Clock
from tests.fakes.hub import Hub
from tests.fakes.product import wait_for

pytestmark = pytest.mark.django_db


def entry(plugin_id: str, **more: Any) -> dict[str, Any]:
    return {
        "id": plugin_id,
        "name": plugin_id.title(),
        "repo": f"https://github.com/someone/{plugin_id}",
        "latest_version": "1.0.0",
        **more,
    }


def registry(*ids: str) -> dict[str, Any]:
    return {"version": "1.0.0", "last_updated": "2026-06-02", "plugins": [entry(plugin_id) for plugin_id in ids]}


def ids() -> list[str]:
    return list(RegistryEntry.objects.values_list("registry_id", flat=True))


@pytest.fixture
def http(hub: Hub, settings: Any, tmp_path: Path) -> Iterator[HttpClient]:
    hub.use(settings)
    settings.LEDSITE = dataclasses.replace(settings.LEDSITE, data_dir=tmp_path)
    hub.set_registry(registry("one", "two", "three", "four"))
    client = client_from_settings()
    yield client
    client.close()


def refresh(http: HttpClient, *, force: bool = False) -> RefreshReport:
    return refresh_registries(force=force, http=http)


def make_old(seconds: int = 1000) -> None:
    RegistrySource.objects.update(fetched_at=timezone.now() - timedelta(seconds=seconds))
    HttpCacheEntry.objects.update(backoff_until=None)


def test_it_puts_the_registry_into_rows_in_its_order(hub: Hub, http: HttpClient) -> None:
    report = refresh(http)
    assert [(source.name, source.outcome, source.entries) for source in report.sources] == [("official", "updated", 4)]
    assert ids() == ["one", "two", "three", "four"]
    assert hub.counts == {"/registry/plugins.json": 1}


def test_a_fresh_registry_is_not_asked_again(hub: Hub, http: HttpClient) -> None:
    refresh(http)
    assert not is_due()
    assert refresh_if_due() is None
    assert refresh(http).sources[0].outcome == "fresh"
    assert hub.total() == 1


def test_an_old_one_is_confirmed_by_304_and_young_again(hub: Hub, http: HttpClient) -> None:
    refresh(http)
    make_old()
    before = Revision.all_values()
    assert refresh(http).sources[0].outcome == "unchanged"
    assert hub.requests[-1][1]["If-None-Match"] == hub.etag(hub.registry)
    assert not is_due()
    assert Revision.all_values() == before | {"freshness": before["freshness"] + 1}


def test_a_confirmation_without_anything_to_confirm_is_a_failure(hub: Hub, http: HttpClient) -> None:
    hub.fail("/registry", status=304)
    assert refresh(http).sources[0].outcome == "failed"
    assert RegistrySource.objects.get().fetched_at is None
    with pytest.raises(NetworkProblem, match="304"):
        refresh(http, force=True)


def test_only_a_new_answer_replaces_the_rows(hub: Hub, http: HttpClient) -> None:
    refresh(http)
    make_old()
    hub.set_registry(registry("two", "three", "four", "five"))
    assert refresh(http).has_changed
    assert ids() == ["two", "three", "four", "five"]


@pytest.mark.parametrize(
    ("misbehave", "code"),
    [
        (lambda hub: hub.fail("/registry", status=503), "http-503"),
        (lambda hub: hub.fail("/registry", status=404), "not-found-upstream"),
        (lambda hub: hub.answer("/registry", b"<!DOCTYPE html><title>Sign in</title>"), "registry-invalid"),
        (lambda hub: hub.answer("/registry", b'{"plugins": "none"}'), "registry-invalid"),
        (lambda hub: hub.answer("/registry", b"[" * 100_000), "registry-invalid"),
        (lambda hub: hub.answer("/registry", b'{"plugins": [{"id": "o', content_type="application/json"), "registry-invalid"),
        (lambda hub: hub.answer("/registry", b" " * (20 * 1024 * 1024 + 1)), "registry-invalid"),
        (lambda hub: hub.answer("/registry", b'{"version": "2.0.0", "plugins": {"one": {"url": "x"}}}'), "registry-invalid"),
        (lambda hub: hub.answer("/registry", b'{"version": "2.0.0", "plugins": [{"slug": "one"}, {"slug": "two"}]}'), "registry-empty"),
        (lambda hub: hub.cut_short("/registry", keep=20), "cut-short"),
        (lambda hub: hub.drop("/registry"), "cut-short"),
        (lambda hub: hub.redirect("/registry", "http://127.0.0.2/plugins.json"), "host-not-allowed"),
        (lambda hub: hub.redirect("/registry", "https://example.com/plugins.json"), "host-not-allowed"),
        (lambda hub: hub.refuse(), "refused"),
    ],
)
def test_a_failure_keeps_the_rows_and_says_why(hub: Hub, http: HttpClient, misbehave: Any, code: str) -> None:
    refresh(http)
    make_old()
    misbehave(hub)
    report = refresh(http)
    assert [source.outcome for source in report.sources] == ["failed"]
    assert report.sources[0].problem is not None
    assert report.sources[0].problem["code"] == code
    assert ids() == ["one", "two", "three", "four"]


def test_an_age_from_before_the_clock_was_set_says_nothing(hub: Hub, http: HttpClient) -> None:
    refresh(http)
    RegistrySource.objects.update(fetched_at=timezone.now() + timedelta(days=400))
    HttpCacheEntry.objects.update(backoff_until=timezone.now() + timedelta(days=400))
    assert is_due()
    assert refresh(http).is_fresh


def test_after_a_failure_it_waits_a_minute(hub: Hub, http: HttpClient) -> None:
    hub.fail("/registry", status=500)
    refresh(http)
    assert not is_due()
    assert refresh(http).sources[0].outcome == "waiting"
    assert hub.total() == 1
    assert is_due(timezone.now() + timedelta(seconds=61))


def test_a_rate_limit_is_waited_for_as_long_as_it_says(hub: Hub, http: HttpClient) -> None:
    hub.rate_limit("/registry", status=429, seconds=300)
    refresh(http)
    assert not is_due(timezone.now() + timedelta(seconds=290))
    assert is_due(timezone.now() + timedelta(seconds=310))


def test_a_forced_refresh_raises_although_old_rows_are_there(hub: Hub, http: HttpClient) -> None:
    refresh(http)
    hub.fail("/registry", status=502)
    with pytest.raises(NetworkProblem) as caught:
        refresh(http, force=True)
    assert caught.value.code == "http-502"


def test_a_forced_refresh_ignores_age_and_back_off(hub: Hub, http: HttpClient) -> None:
    hub.fail("/registry", status=500, times=1)
    refresh(http)
    refresh(http, force=True)
    refresh(http, force=True)
    assert hub.total() == 3
    assert RegistrySource.objects.get().problem is None


def test_a_registry_without_plugins_is_never_believed(hub: Hub, http: HttpClient) -> None:
    refresh(http)
    hub.set_registry(registry())
    for _ in range(3):
        with pytest.raises(NetworkProblem) as caught:
            refresh(http, force=True)
        assert caught.value.code == "registry-empty"
    assert len(ids()) == 4


def test_a_registry_that_lost_more_than_half_is_believed_when_seen_twice(hub: Hub, http: HttpClient) -> None:
    refresh(http)
    hub.set_registry(registry("one"))
    with pytest.raises(NetworkProblem) as caught:
        refresh(http, force=True)
    assert caught.value.code == "registry-suspect"
    assert len(ids()) == 4
    assert refresh(http, force=True).has_changed
    assert ids() == ["one"]


def test_a_good_answer_in_between_forgets_the_suspicion(hub: Hub, http: HttpClient) -> None:
    refresh(http)
    good = hub.registry
    for body in (json.dumps(registry("one")).encode(), good, json.dumps(registry("one")).encode()):
        hub.set_registry(body)
        try:
            refresh(http, force=True)
        except NetworkProblem as problem:
            assert problem.code == "registry-suspect"
    assert len(ids()) == 4


def test_bad_entries_are_reported_and_hide_nothing(hub: Hub, http: HttpClient) -> None:
    hub.set_registry({"plugins": [entry("good"), entry("../bad"), 7, entry("also-good")]})
    assert refresh(http).sources[0].dropped == 2
    assert ids() == ["good", "also-good"]
    assert RegistrySource.objects.get().dropped == [
        {"index": 1, "id": "../bad", "reason": "its id is missing or not allowed"},
        {"index": 2, "id": "", "reason": "it is not an object"},
    ]


def test_another_version_of_the_format_is_read_as_far_as_it_is_the_same(hub: Hub, http: HttpClient) -> None:
    told = {
        "version": "3.0.0",
        "schema": {"major": 3},
        "plugins": [entry("one", requires={"gpu": True}), entry("two", stars="many", tags="x")],
    }
    hub.set_registry(told)
    assert refresh(http).has_changed
    assert ids() == ["one", "two"]


def test_it_remembers_since_when_a_plugin_is_offered(hub: Hub, http: HttpClient) -> None:
    told = {"versions": [{"version": "2.0", "released": "2026-03-01"}, {"version": "1.0", "released": "2025-10-09"}]}
    hub.set_registry({"version": "1", "plugins": [entry("old", **told), entry("silent", last_updated="")]})
    before = timezone.now()
    refresh(http)
    seen = dict(RegistryEntry.objects.values_list("registry_id", "first_seen_at"))
    assert seen["old"] == datetime(2025, 10, 9, tzinfo=UTC)
    assert seen["silent"] >= before
    make_old()
    hub.set_registry({"version": "1", "plugins": [entry("old"), entry("silent", last_updated=""), entry("added", **told)]})
    refresh(http)
    again = dict(RegistryEntry.objects.values_list("registry_id", "first_seen_at"))
    assert again["added"] > seen["silent"]
    assert {"old": again["old"], "silent": again["silent"]} == seen


def test_one_failing_registry_does_not_hide_another(hub: Hub, http: HttpClient, settings: Any) -> None:
    ensure_official_source()
    RegistrySource.objects.create(name="mine", url=f"{hub.url}/raw/me/list/main/plugins.json", trust=Trust.ADDED, position=1)
    hub.fail("/registry", status=500)
    assert [source.outcome for source in refresh(http).sources] == ["failed", "updated"]
    assert len(ids()) == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("how", "asked"), [("hold", "one"), ("hold", "two"), ("hang", "two")])
def test_a_registry_that_is_removed_meanwhile_holds_up_no_other(hub: Hub, settings: Any, tmp_path: Path, how: str, asked: str) -> None:
    hub.use(settings)
    settings.LEDSITE = dataclasses.replace(settings.LEDSITE, data_dir=tmp_path)
    hub.set_registry(registry("one", "two"))
    ensure_official_source()
    for position, name in enumerate(("one", "two", "three"), 1):
        RegistrySource.objects.create(name=name, url=f"{hub.url}/raw/me/{name}/main/plugins.json", trust=Trust.ADDED, position=position)
    getattr(hub, how)(f"/raw/me/{asked}")
    reports: list[RefreshReport] = []

    def work() -> None:
        try:
            with contextlib.closing(client_from_settings()) as http:
                reports.append(refresh(http))
        finally:
            connections["default"].connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    wait_for(lambda: hub.total(f"/raw/me/{asked}"), what="the question")
    RegistrySource.objects.get(name="two").delete()
    hub.heal()
    worker.join()
    assert [(source.name, source.outcome) for source in reports[0].sources] == [(name, "updated") for name in ("official", "one", "three")]
    assert RegistryEntry.objects.count() == 6


def test_a_pass_waits_for_one_silent_registry_and_the_others_have_their_turn(hub: Hub, settings: Any, tmp_path: Path) -> None:
    hub.use(settings)
    settings.LEDSITE = dataclasses.replace(settings.LEDSITE, data_dir=tmp_path)
    hub.set_registry(registry("one"))
    ensure_official_source()
    for position, name in enumerate(("a", "b", "c"), 1):
        RegistrySource.objects.create(name=name, url=f"{hub.url}/raw/me/{name}/main/plugins.json", trust=Trust.ADDED, position=position)
    hub.hang("/raw/me/a")
    hub.hang("/raw/me/b")
    clock, asked = Clock(), []
    with contextlib.closing(client_from_settings(read_seconds=0.1)) as http:
        for _ in range(3):
            report = refresh_registries(force=False, http=http, clock=clock)
            asked.append([source.name for source in report.sources if source.outcome not in ("fresh", "waiting")])
            clock.advance(seconds=61)
    hub.heal()
    assert asked == [["official", "a"], ["b"], ["c", "a"]]


def test_a_registry_asked_by_a_clock_that_ran_ahead_has_its_turn(hub: Hub, http: HttpClient) -> None:
    clock = Clock()
    clock.advance(days=400)
    refresh_registries(force=False, http=http, clock=clock)
    RegistrySource.objects.create(name="silent", url=f"{hub.url}/raw/me/a/main/plugins.json", trust=Trust.ADDED, position=1)
    hub.fail("/raw/me/a", status=500)
    clock.advance(days=-400)
    for _ in range(2):
        report = refresh_registries(force=False, http=http, clock=clock)
        clock.advance(seconds=61)
        assert report.sources[0].name == "official"


def test_another_address_in_the_settings_empties_the_official_registry(hub: Hub, http: HttpClient, settings: Any) -> None:
    refresh(http)
    settings.LEDSITE = dataclasses.replace(settings.LEDSITE, registry_url=f"{hub.url}/raw/me/list/main/plugins.json")
    source = ensure_official_source()
    assert (source.fetched_at, ids()) == (None, [])
    assert RegistrySource.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_once(hub: Hub, http: HttpClient) -> None:
    ensure_official_source()
    hub.latency = 0.3
    outcomes: list[str] = []

    def work(force: bool) -> None:
        try:
            outcomes.append(refresh(http, force=force).sources[0].outcome)
        finally:
            connections["default"].connection.close()  # Django's own close() leaves databases in memory open

    threads = [threading.Thread(target=work, args=(force,)) for force in (True, True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hub.total() == 1
    assert "updated" in outcomes
