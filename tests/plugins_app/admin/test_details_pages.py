"""The page of one plugin: what is stored, what changes while it is open, and what each role may do."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape
from django_q.models import OrmQ

from plugins_app.access import Role
from plugins_app.models import Plugin, PluginFacts, RegistryEntry, RegistrySource, Revision
from tests.fakes.pages import browser_of, text_of
from tests.fakes.rows import SCHEMA, make_offers, make_plugin

pytestmark = pytest.mark.django_db
STORE, RAIN = "/admin/store/", "/admin/store/plugins/rain/"


@pytest.fixture
def offers() -> RegistrySource:
    source = make_offers("hello", "world", "rain")
    make_plugin("hello")
    RegistryEntry.objects.filter(registry_id="rain").update(author="Ann", category="weather", verified=True)
    return source


def test_a_plugin_of_which_nothing_is_stored_says_what_is_being_done(offers: RegistrySource) -> None:
    client = browser_of(Role.VIEWER)
    html = client.get(RAIN).content.decode()
    assert "This page fills in by itself" in html and f'hx-get="{RAIN}body"' in html
    assert OrmQ.objects.count() == 1
    assert client.get(f"{RAIN}body").status_code == 200
    now = timezone.now()
    PluginFacts.objects.update(tried_at=now, fetched_at=now, mark="1.1.0", readme="# It *rains*", schema=SCHEMA)
    answer = client.get(f"{RAIN}body")
    assert (answer.status_code, "<h3>It <em>rains</em></h3>" in answer.content.decode()) == (286, True)
    assert "disabled" in answer.content.decode() and 'value="Hello"' in answer.content.decode()
    again = client.get(RAIN).content.decode()
    assert f'hx-get="{RAIN}body" hx-trigger="details-changed from:body"' in again and "<h3>It <em>rains</em></h3>" in again


def test_a_failure_is_told_beside_what_is_stored(offers: RegistrySource) -> None:
    client = browser_of(Role.OPERATOR)
    client.get(RAIN)
    problem = {"code": "timeout", "message": "The host did not answer.", "hint": "It is tried again."}
    wait = {"problem": problem, "wait_until": timezone.now() + timedelta(minutes=1)}
    PluginFacts.objects.update(tried_at=timezone.now(), fetched_at=timezone.now(), readme="# Rain", **wait)
    html = client.get(RAIN).content.decode()
    assert "The host did not answer." in html and "Shown is what was stored" in html and "<h3>Rain</h3>" in html
    assert OrmQ.objects.count() == 1
    client.post(f"{RAIN}fetch")
    assert OrmQ.objects.count() == 2


def test_of_what_is_not_in_its_repository_nothing_is_claimed(offers: RegistrySource) -> None:
    client = browser_of(Role.VIEWER)
    client.get(RAIN)
    PluginFacts.objects.update(
        tried_at=timezone.now(), fetched_at=timezone.now(), mark="1.1.0", notes={"manifest": "There is no manifest."}
    )
    text = text_of(client.get(RAIN).content.decode())
    assert "There is no manifest." in text and text.count("Not known.") == 3
    assert not any(words in text for words in ("written none", "needs nothing", "no settings of its own"))


def test_the_rest_of_the_page_is_told_when_its_plugin_is_another_one(offers: RegistrySource) -> None:
    client = browser_of(Role.VIEWER)
    page = client.get(f"{STORE}plugins/hello/").content.decode()
    head = html.unescape(re.findall(r'hx-get="([^"]*/head[^"]*)"', page)[0])
    assert "HX-Trigger" not in client.get(head).headers
    Plugin.objects.update(version="1.1.0")
    Revision.bump("plugins")
    assert "details-changed" in client.get(head).headers["HX-Trigger"]


def test_what_does_not_fit_is_offered_to_nobody(offers: RegistrySource) -> None:
    RegistryEntry.objects.filter(registry_id="rain").update(raw={"min_ledmatrix_version": "99.0.0"})
    text = text_of(browser_of(Role.VIEWER).get(RAIN).content.decode())
    assert "Compatible no" in text and "An administrator can install it" not in text


def test_what_fits_says_what_it_asks_for(offers: RegistrySource) -> None:
    RegistryEntry.objects.filter(registry_id="rain").update(raw={"compatible_versions": [">=2.0.0"]})
    assert f"Compatible yes asks for plugin interface {escape('>=2.0.0')}; this is" in text_of(
        browser_of(Role.VIEWER).get(RAIN).content.decode()
    )


def test_facts_requirements_and_reasons_are_told(offers: RegistrySource) -> None:
    RegistryEntry.objects.filter(registry_id="rain").update(
        versions=[{"version": "1.1.0", "released": "2026-05-01", "notes": "More <b>rain</b>"}], raw={"min_ledmatrix_version": "99.0.0"}
    )
    client = browser_of(Role.ADMIN)
    client.get(RAIN)
    PluginFacts.objects.update(requirements="Pillow\nno-such-thing\n", tried_at=timezone.now(), fetched_at=timezone.now())
    html = client.get(RAIN).content.decode()
    text = text_of(html)
    for words in (
        "It needs plugin interface 99.0.0",
        "2026-05-01",
        escape("More <b>rain</b>"),
        "1 of 2 would be fetched with it",
        "size not known",
    ):
        assert words in text
    assert 'rel="noopener noreferrer"' in html and ">Install</button>" not in html


@pytest.mark.parametrize(
    ("role", "page", "words"),
    [
        (Role.VIEWER, "rain", "An administrator can install it."),
        (Role.ADMIN, "rain", 'aria-label="Install: Rain">Install</button>'),
        (Role.OPERATOR, "hello", ">Update to 1.1.0</button>"),
        (Role.OPERATOR, "hello", ">Show now</button>"),
        (Role.OPERATOR, "hello", ">Turn off</button>"),
        (Role.ADMIN, "hello", ">Uninstall</a>"),
    ],
)
def test_buttons_are_those_of_the_role(offers: RegistrySource, role: Role, page: str, words: str) -> None:
    assert words in browser_of(role).get(f"{STORE}plugins/{page}/").content.decode()


def test_what_is_nowhere_says_so(offers: RegistrySource) -> None:
    answer = browser_of(Role.VIEWER).get(f"{STORE}plugins/nothing/")
    assert (answer.status_code, "is not in the registry" in answer.content.decode()) == (404, True)
    assert "Back to the store" in answer.content.decode() and "Not possible" not in answer.content.decode()


def test_the_page_of_a_plugin_asks_the_database_the_same_few_questions(offers: RegistrySource) -> None:
    client = browser_of(Role.ADMIN)
    client.get(RAIN)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(RAIN)
        return len(queries)

    few = count()
    make_offers(*(f"more-{number}" for number in range(12)))
    for number in range(12):
        make_plugin(f"more-{number}")
    PluginFacts.objects.update(requirements="Pillow\n" * 50, readme="# x\n" * 50, schema=SCHEMA)
    assert count() == few <= 25
