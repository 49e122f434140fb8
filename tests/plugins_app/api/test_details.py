"""One plugin of the store over the API: what is stored, at once."""

from __future__ import annotations

import io

import pytest
from django_q.models import OrmQ
from PIL import Image

from plugins_app.access import Role
from plugins_app.models import PluginFacts, RegistryEntry, RepositoryFacts
from tests.fakes.people import client_of
from tests.fakes.rows import make_offers, make_plugin

pytestmark = pytest.mark.django_db
RAIN = "/api/v3/plugins/store/rain"


@pytest.fixture(autouse=True)
def offers() -> None:
    make_offers("hello", "rain")
    versions = [{"version": "1.1.0", "released": "2026-05-01", "notes": "More rain"}, {"version": "9.0", "ledmatrix_min": "99.0.0"}]
    RegistryEntry.objects.filter(registry_id="rain").update(versions=versions)


def test_the_first_question_tells_a_worker_and_answers_with_what_there_is() -> None:
    body = client_of(Role.VIEWER).get(RAIN).json()
    assert (body["id"], body["installed"], body["files"]["state"], body["readme"]) == ("rain", False, "fetching", {"text": "", "html": ""})
    assert OrmQ.objects.count() == 1


def test_everything_that_is_stored_is_told() -> None:
    client_of(Role.VIEWER).get(RAIN)
    RepositoryFacts.objects.create(slug="someone/plugins", size_kb=100, checked_at="2026-06-02T00:00Z")
    PluginFacts.objects.update(readme="# Rain", requirements="pillow\n", schema={"type": "object"}, tried_at="2126-01-01T00:00Z")
    body = client_of(Role.OPERATOR).get(RAIN).json()
    assert body["readme"] == {"text": "# Rain", "html": "<h3>Rain</h3>\n"}
    assert [(one["version"], one["released"], bool(one["incompatible"])) for one in body["versions"]] == [
        ("9.0", "", True),
        ("1.1.0", "2026-05-01", False),
    ]
    assert [one["state"] for one in body["requirements"]] == ["met"]
    assert (body["download"], body["schema"], body["picture"]) == ({"bytes": 102400, "origin": "github"}, {"type": "object"}, None)
    assert (body["trust"], body["repo"]) == ("official", "https://github.com/someone/plugins")
    assert body["asked"] == {"repository_at": "2026-06-02T00:00:00+00:00", "commit_at": None}


def test_an_installed_plugin_tells_of_itself_and_asks_nobody() -> None:
    make_plugin("hello", version="1.1.0")
    make_plugin("mine", version="1.1.0", source="local", source_ref={})
    client = client_of(Role.VIEWER)
    for plugin_id in ("hello", "mine"):
        body = client.get(f"/api/v3/plugins/store/{plugin_id}").json()
        assert (body["installed_version"], body["files"]["origin"], body["files"]["state"]) == ("1.1.0", "installed", "stored")
        assert "speed" in body["schema"]["properties"]
    assert OrmQ.objects.count() == 0


def test_what_an_update_brings_is_told_before_it_is_installed() -> None:
    make_plugin("hello", version="1.0.0")
    address = "/api/v3/plugins/store/hello"
    client = client_of(Role.VIEWER)
    first = client.get(address).json()
    assert (first["files"]["origin"], [one["notes"] for one in first["versions"]], OrmQ.objects.count()) == ("installed", [""], 1)
    manifest = {"id": "hello", "versions": [{"version": "1.1.0", "released": "2026-06-01", "notes": "Says it louder."}]}
    PluginFacts.objects.update(manifest=manifest, tried_at="2126-01-01T00:00Z", fetched_at="2126-01-01T00:00Z")
    (newest,) = client.get(address).json()["versions"]
    assert (newest["version"], newest["released"], newest["notes"]) == ("1.1.0", "2026-06-01", "Says it louder.")


def test_one_of_our_own_has_a_page_before_it_is_installed() -> None:
    body = client_of(Role.VIEWER).get("/api/v3/plugins/store/ledsite-clock").json()
    assert (body["installed"], body["compatible"], body["files"]["state"]) == (False, True, "stored")
    assert body["schema"]["properties"]


def test_what_is_nowhere_is_not_found() -> None:
    answer = client_of(Role.VIEWER).get("/api/v3/plugins/store/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-in-registry")


def test_its_screenshot_comes_from_here() -> None:
    client = client_of(Role.OPERATOR)
    assert client.post(f"{RAIN}/fetch").status_code == 202
    assert (client.get(f"{RAIN}/picture").status_code, client.get(f"{RAIN}/picture").json()["code"]) == (404, "no-picture")
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "WEBP")
    PluginFacts.objects.update(picture=made.getvalue())
    assert client.get(RAIN).json()["picture"] == f"{RAIN}/picture"
    answer = client.get(f"{RAIN}/picture")
    assert (answer.headers["Content-Type"], answer.content) == ("image/webp", made.getvalue())
    assert client.get(f"{RAIN}/picture", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
