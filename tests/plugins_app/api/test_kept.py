"""Lists as kept bytes: the same answer while nothing changes, another one at once when something does."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from plugins_app.access import Role
from plugins_app.api import kept
from plugins_app.exceptions import NetworkProblem
from plugins_app.lifecycle.enable import set_enabled
from plugins_app.models import RegistrySource, Revision
from plugins_app.store import registry_rows
from tests.fakes.people import client_of
from tests.fakes.rows import make_offers, make_plugin

pytestmark = pytest.mark.django_db
INSTALLED, STORE = "/api/v3/plugins/installed", "/api/v3/plugins/store/list"


@pytest.fixture
def client() -> Client:
    make_offers("hello", "world")
    make_plugin("hello")
    Revision.bump("plugins", "store")
    return client_of(Role.VIEWER)


@pytest.mark.parametrize("address", [INSTALLED, STORE])
def test_who_has_the_answer_gets_304_until_something_changes(client: Client, address: str) -> None:
    first = client.get(address)
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "private, no-cache")
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    make_plugin("world")
    Revision.bump("plugins")
    other = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
    assert other.headers["ETag"] != first.headers["ETag"]


def test_a_toggle_shows_at_once(client: Client) -> None:
    assert client.get(INSTALLED).json()["results"][0]["enabled"] is True
    set_enabled("hello", enabled=False, requested_by="ann")
    assert client.get(INSTALLED).json()["results"][0]["enabled"] is False


def test_every_filter_and_page_has_its_own_answer(client: Client) -> None:
    assert client.get(STORE, {"query": "world"}).json()["count"] == 1
    assert client.get(STORE).json()["count"] == 2
    page = client.get(STORE, {"limit": "1"}).json()
    assert (page["count"], len(page["results"])) == (2, 1)
    assert [row["id"] for row in client.get(STORE, {"limit": "1", "offset": "1"}).json()["results"]] == ["world"]


def test_it_grows_stale_without_anybody_writing(client: Client, settings: Any) -> None:
    young = timezone.now() - timedelta(seconds=settings.LEDSITE.registry_ttl) + timedelta(seconds=1.0)
    RegistrySource.objects.update(fetched_at=young)
    Revision.bump("freshness")
    assert client.get(STORE).json()["stale"] is False
    while timezone.now() < young + timedelta(seconds=settings.LEDSITE.registry_ttl):
        pass
    assert client.get(STORE).json()["stale"] is True


def test_a_registry_that_is_confirmed_or_fails_is_seen_without_a_row_built_anew(client: Client, django_assert_num_queries: Any) -> None:
    client.get(STORE)
    source = RegistrySource.objects.get()
    registry_rows.keep_stale(source, problem=NetworkProblem("It hangs.", code="timeout"), seconds=60, now=timezone.now())
    with django_assert_num_queries(3):  # revisions, sources, revisions: no entry is read
        assert client.get(STORE).json()["problem"]["message"] == "It hangs."
    at = timezone.now() - timedelta(seconds=1)
    registry_rows.confirm(source, etag="", last_modified="", now=at)
    with django_assert_num_queries(3):
        body = client.get(STORE).json()
    assert (body["fetched_at"], body["stale"], "problem" in body) == (at.isoformat(), False, False)


def test_kept_answers_cost_the_same_few_queries_whatever_their_length(client: Client, django_assert_num_queries: Any) -> None:
    for address, queries in ((INSTALLED, 2), (STORE, 1)):
        client.get(address)
        with django_assert_num_queries(queries):
            client.get(address)


class Address(str):
    """An address that tells when somebody looks what is kept for it."""

    looks = threading.Semaphore(0)

    def __hash__(self) -> int:
        self.looks.release()
        return super().__hash__()


def test_readers_who_come_while_a_list_is_built_wait_for_it() -> None:
    request = APIView().initialize_request(APIRequestFactory().get("/"))
    is_begun, built = threading.Event(), []

    def build() -> tuple[Any, None]:
        built.append(1)
        is_begun.set()
        # Twice by this reader, once by each of the others: none of them has found anything.
        assert len(built) > 1 or all(Address.looks.acquire(timeout=5) for _ in range(2 + 3))
        return {"count": 0}, None

    def come() -> bytes:
        return kept.answer(request, Address("a list"), key=1, build=build).content

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(come)
        assert is_begun.wait(5)
        answers = [first, *(pool.submit(come) for _ in range(3))]
        assert {answer.result(5) for answer in answers} == {b'{"count":0}'}
    assert built == [1]


def test_nobody_gets_kept_bytes_without_a_login(client: Client) -> None:
    etag = client.get(STORE).headers["ETag"]
    answer = Client(headers={"Accept": "application/json"}).get(STORE, headers={"If-None-Match": etag})
    assert answer.status_code == 401


def test_a_page_for_people_is_no_kept_answer(client: Client) -> None:
    answer = client.get(INSTALLED, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
