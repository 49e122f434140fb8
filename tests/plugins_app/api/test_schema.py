"""The OpenAPI description is complete and free of complaints, and the browsable pages are light."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from plugins_app.access import Role
from tests.fakes.people import client_of
from tests.fakes.rows import make_offers, make_plugin
from tests.plugins_app.api.routes import routes

pytestmark = pytest.mark.django_db
NOT_DESCRIBED = {"schema", "docs", "health"}


def test_the_description_names_every_route_without_complaints():
    schema = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(schema)
    described = {re.sub(r"{[^}]*}", "*", path.removeprefix("/api/v3/")) for path in schema["paths"]}
    assert described == routes() - NOT_DESCRIBED
    assert not GENERATOR_STATS


def test_every_call_stands_in_one_group_that_is_described():
    schema = SchemaGenerator().get_schema(request=None, public=True)
    groups = {address.removeprefix("/api/v3/"): call["tags"] for address, calls in schema["paths"].items() for call in calls.values()}
    assert groups["plugins/store/list"] == groups["plugins/store/{plugin_id}/fetch"] == ["Store"]
    assert groups["plugins/{plugin_id}/config/reset"] == ["Settings of plugins"]
    assert groups["plugins/install"] == groups["plugins/{plugin_id}/versions"] == ["Plugins"]
    assert (groups["display/status"], groups["display/notifications"]) == (["Panel"], ["Notifications"])
    assert all(call["summary"] for calls in schema["paths"].values() for call in calls.values())
    assert {name for names in groups.values() for name in names} == {tag["name"] for tag in schema["tags"] if tag["description"]}


def test_the_description_comes_as_json_and_as_yaml():
    client = client_of(Role.VIEWER)
    assert client.get("/api/v3/schema").json()["openapi"].startswith("3.")
    assert client.get("/api/v3/schema", headers={"Accept": "application/vnd.oai.openapi"}).content.startswith(b"openapi: 3")


def test_browsable_pages_show_a_page_of_a_long_list():
    make_offers(*[f"offer-{number}" for number in range(60)])
    answer = client_of(Role.VIEWER).get("/api/v3/plugins/store/list", headers={"Accept": "text/html"})
    assert answer.content.decode().count("&quot;repo&quot;") == 25
    assert "https://www.django-rest-framework.org" not in answer.content.decode()


def test_lists_come_whole_for_programs_unless_cut():
    for number in range(60):
        make_plugin(f"plugin-{number}")
    client = client_of(Role.VIEWER)
    whole = client.get("/api/v3/plugins/installed").json()
    cut = client.get("/api/v3/plugins/installed", {"limit": 2, "offset": 59}).json()
    assert (whole["count"], len(whole["results"]), cut["count"], len(cut["results"])) == (60, 60, 60, 1)


def test_a_browser_without_a_login_is_sent_to_the_login_page():
    answer = Client(headers={"Accept": "text/html"}).get("/api/v3/plugins/installed?limit=5")
    assert answer.headers["Location"] == "/admin/login/?next=/api/v3/plugins/installed%3Flimit%3D5"
