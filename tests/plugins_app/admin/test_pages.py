"""The pages: who may see and do what, what they say when there is nothing, and that they ask the database little."""

from __future__ import annotations

import json
import re
import shutil
import time

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plugins_app.access import Role
from plugins_app.admin.installed_pages import moved
from plugins_app.config import store
from plugins_app.models import AuditEntry, Issue, Operation, OperationKind, OperationStatus, Plugin
from tests.fakes.people import make_user
from tests.fakes.rows import make_offers, make_plugin
from tests.fakes.samples import HELLO

pytestmark = pytest.mark.django_db
PAGES = [
    "/admin/",
    "/admin/store/",
    "/admin/plugins/",
    "/admin/operations/",
    "/admin/panel/settings/",
    "/admin/plugins/hello/settings/",
    "/admin/upkeep/",
    "/admin/plugins/hello/versions/",
    "/admin/store/plugins/weather/",
    "/admin/store/plugins/hello/",
]
FRAGMENTS = [
    "/admin/panel/now",
    "/admin/panel/rest",
    "/admin/store/list",
    "/admin/plugins/list",
    "/admin/operations/list",
    "/admin/plugins/hello/actions/",
    "/admin/upkeep/findings",
    "/admin/upkeep/updates",
    "/admin/store/plugins/weather/head",
    "/admin/store/plugins/hello/body",
]
ACTIONS: list[tuple[str, dict[str, str], Role]] = [
    ("/admin/store/refresh", {}, Role.OPERATOR),
    ("/admin/store/changes-seen", {}, Role.VIEWER),
    ("/admin/store/plugins/weather/fetch", {}, Role.OPERATOR),
    ("/admin/github/set", {"token": "ghp_" + "a" * 36}, Role.ADMIN),
    ("/admin/github/check", {}, Role.ADMIN),
    ("/admin/github/remove", {}, Role.ADMIN),
    ("/admin/store/install", {"plugin_id": "weather"}, Role.ADMIN),
    ("/admin/store/elsewhere/", {"url": "https://github.com/example/x"}, Role.ADMIN),
    ("/admin/store/install-upload", {}, Role.ADMIN),
    ("/admin/plugins/hello/toggle", {"enabled": "false"}, Role.OPERATOR),
    ("/admin/plugins/hello/move", {"direction": "up"}, Role.OPERATOR),
    ("/admin/plugins/hello/update", {}, Role.OPERATOR),
    ("/admin/plugins/hello/roll-back", {}, Role.OPERATOR),
    ("/admin/plugins/hello/undo", {}, Role.OPERATOR),
    ("/admin/plugins/hello/uninstall/", {}, Role.ADMIN),
    ("/admin/plugins/hello/settings/", {"/message": "Changed"}, Role.OPERATOR),
    ("/admin/plugins/hello/settings/reset", {}, Role.OPERATOR),
    ("/admin/plugins/hello/actions/login/run", {}, Role.OPERATOR),
    ("/admin/plugins/hello/upload", {}, Role.OPERATOR),
    ("/admin/plugins/hello/uploads/0/delete", {}, Role.OPERATOR),
    ("/admin/plugins/check", {}, Role.OPERATOR),
    ("/admin/plugins/hello/purge", {}, Role.ADMIN),
    ("/admin/upkeep/check", {"force": "true"}, Role.OPERATOR),
    ("/admin/upkeep/update-all", {}, Role.OPERATOR),
    ("/admin/upkeep/policy", {"automatic": "true"}, Role.ADMIN),
    ("/admin/upkeep/findings/odd/ignore", {}, Role.OPERATOR),
    ("/admin/store/sources/add", {"name": "Friends", "url": "https://example.org/p.json"}, Role.ADMIN),
    ("/admin/store/sources/1/remove", {}, Role.ADMIN),
    ("/admin/operations/1/cancel", {}, Role.OPERATOR),
    ("/admin/operations/1/retry", {}, Role.OPERATOR),
    ("/admin/notices/1/put-away", {}, Role.OPERATOR),
    ("/admin/notices/1/adopt", {}, Role.ADMIN),
    ("/admin/panel/change", {"brightness": "5"}, Role.OPERATOR),
    ("/admin/panel/next", {}, Role.OPERATOR),
    ("/admin/panel/stop-showing", {}, Role.OPERATOR),
    ("/admin/panel/show/hello", {}, Role.OPERATOR),
    ("/admin/panel/release/hello", {}, Role.OPERATOR),
    ("/admin/panel/settings/", {"default_duration": "20"}, Role.OPERATOR),
]


def browser_of(role: Role | None) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


@pytest.fixture
def house() -> None:
    """One of everything."""
    make_offers("weather", "hello")
    make_plugin("hello")
    Operation.objects.create(kind=OperationKind.INSTALL, plugin_id="clock", status=OperationStatus.RUNNING, progress=40)
    Issue.report("left-over", "old", "Something is left over.", hint="Remove it.")


@pytest.mark.parametrize("address", [*PAGES, *FRAGMENTS])
def test_strangers_are_sent_to_the_login(house, address):
    assert Client().get(address).headers["Location"].startswith("/admin/login/?next=")


@pytest.mark.parametrize("address", FRAGMENTS)
def test_a_fragment_sends_a_browser_whose_session_ended_to_the_login(house, address):
    answer = Client(headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/admin/"}).get(address)
    assert answer.headers["HX-Redirect"] == "/admin/login/?next=%2Fadmin%2F"


@pytest.mark.parametrize("address", [*PAGES, *FRAGMENTS])
def test_a_viewer_reads_every_page_and_finds_no_button(house, address):
    text = browser_of(Role.VIEWER).get(address).content.decode()
    page = (text.partition('class="ls-page"')[2] or text).partition('id="ls-toasts"')[0]
    page = re.sub(r"<noscript>.*?</noscript>", "", page)  # a search needs a button there
    assert not re.search(r"hx-post|<button class=\"ls-|type=\"submit\"", page)


@pytest.mark.parametrize("address", PAGES)
def test_somebody_without_a_role_is_told_so(house, address):
    answer = browser_of(None).get(address)
    assert (answer.status_code, "This needs the role viewer." in answer.content.decode()) == (403, True)


@pytest.mark.parametrize(("address", "body", "needed"), ACTIONS, ids=[action[0] for action in ACTIONS])
def test_an_action_needs_its_role_and_a_post(house, address, body, needed):
    for role in (role for role in Role if not role.includes(needed)):
        assert browser_of(role).post(address, body).status_code == 403
    answer = browser_of(needed).post(address, body)
    assert answer.status_code in (204, 302)
    if not address.endswith("/"):
        assert Client().get(address).status_code == 302
        assert browser_of_existing(needed).get(address).status_code == 405


def browser_of_existing(role: Role) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=role.value))
    return client


@pytest.mark.parametrize(("address", "body", "needed"), ACTIONS, ids=[action[0] for action in ACTIONS])
def test_an_action_needs_the_csrf_token(house, address, body, needed):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(Role.ADMIN))
    before = AuditEntry.objects.count()
    assert client.post(address, body).status_code == 403
    assert (AuditEntry.objects.count(), Operation.objects.count(), Issue.objects.filter(resolved_at=None).count()) == (before, 1, 1)


def test_an_action_answers_htmx_with_a_message_and_renews_the_fragments(house):
    answer = browser_of(Role.OPERATOR).post("/admin/plugins/hello/toggle", {"enabled": "false"}, headers={"HX-Request": "true"})
    assert (answer.status_code, Plugin.objects.get().enabled) == (204, False)
    assert answer.headers["HX-Trigger"] == '{"toast": {"text": "Hello is off.", "level": "success", "hint": ""}, "renew": {}}'


def test_an_action_that_cannot_be_done_says_why(house):
    answer = browser_of(Role.OPERATOR).post("/admin/plugins/nothing/update", headers={"HX-Request": "true"})
    assert '"level": "error"' in answer.headers["HX-Trigger"]
    assert "nothing is not installed." in answer.headers["HX-Trigger"]


@pytest.mark.parametrize("address", FRAGMENTS)
def test_a_fragment_that_would_show_the_same_is_not_sent_again(house, address):
    client = browser_of(Role.ADMIN)
    html = client.get(address).content.decode()
    seen = re.search(r'data-seen="(\w+)"', html)
    assert seen and client.get(address, {"seen": seen[1]}).status_code == 204
    Plugin.objects.update(name="Another")
    Operation.objects.update(progress=80)
    if address != "/admin/panel/now":
        stays = any(word in address for word in ("body", "findings", "actions"))
        assert client.get(address, {"seen": seen[1]}).status_code == (204 if stays else 200)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/admin/", "No plugin is switched on."),
        ("/admin/", "The panel is not running."),
        ("/admin/store/", "Fetching the list of plugins"),
        ("/admin/plugins/", "No plugin is installed"),
        ("/admin/operations/", "Nothing has happened yet"),
    ],
)
def test_an_empty_page_says_what_to_do(address, words):
    assert words in browser_of(Role.ADMIN).get(address).content.decode()


def test_the_store_filters_and_says_when_nothing_is_found(house):
    client = browser_of(Role.ADMIN)
    found = client.get("/admin/store/list", {"query": "weath"}).content.decode()
    assert re.findall(r'data-plugin="([^"]+)"', found) == ["weather"]
    assert "Nothing found" in client.get("/admin/store/list", {"query": "zebra"}).content.decode()


def test_the_store_shows_its_age_and_the_reason_when_the_network_is_bad(house):
    source = make_offers()
    source.problem = {"code": "network", "message": "The registry did not answer.", "hint": "It is asked again in a minute."}
    source.save()
    text = browser_of(Role.VIEWER).get("/admin/store/").content.decode()
    assert "The registry did not answer." in text and "It is asked again in a minute." in text


def test_a_folder_that_somebody_put_there_is_taken_as_a_plugin(settings):
    folder = settings.LEDSITE.plugin_dir / "hello"
    shutil.copytree(HELLO, folder)
    Issue.report("unknown-folder", "hello", "There is a folder.", actions=["adopt"])
    client = browser_of(Role.ADMIN)
    try:
        assert "Take it as a plugin" in client.get("/admin/panel/rest").content.decode()
        client.post(f"/admin/notices/{Issue.objects.get().pk}/adopt")
        assert list(Plugin.objects.values_list("plugin_id", "enabled", "source")) == [("hello", False, "local")]
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize(("address", "words"), [("/admin/auth/user/", "not for your role"), ("/nowhere", "There is nothing here")])
def test_pages_outside_the_rooms_speak_plainly_too(house, address, words):
    assert words in browser_of(Role.VIEWER).get(address).content.decode()


def test_a_page_that_was_too_old_says_so(house):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(Role.ADMIN))
    assert "The page was too old" in client.post("/admin/plugins/hello/toggle").content.decode()


def test_an_unknown_sort_order_is_refused_in_words(house):
    answer = browser_of(Role.VIEWER).get("/admin/store/", {"sort": "nonsense"})
    assert answer.status_code == 400


def test_settings_are_saved_and_errors_stand_beside_the_field(house):
    client = browser_of(Role.OPERATOR)
    address = "/admin/plugins/hello/settings/"
    assert client.post(address, {"/message": "Bye", "/speed": "7", "/api_key": "s3cret"}).status_code == 302
    settings = store.masked_settings(Plugin.objects.get())
    assert (settings["message"], settings["speed"], settings["api_key"]) == ("Bye", 7, "********")
    assert "s3cret" not in client.get(address).content.decode()
    wrong = client.post(address, {"/message": "Bye", "/speed": "70"})
    assert wrong.status_code == 422
    assert re.search(r'class="ls-field ls-wrong">\s*<span>Speed', wrong.content.decode())
    assert "<li><strong>Speed:</strong> " in wrong.content.decode()
    assert store.masked_settings(Plugin.objects.get())["speed"] == 7


@pytest.mark.parametrize("address", ["/admin/plugins/hello/settings/", "/admin/plugins/hello/settings/problem"])
def test_what_the_panel_says_of_settings_that_do_not_do_stands_above_them(house, settings, address):
    client, path = browser_of(Role.OPERATOR), settings.LEDSITE.run_dir / "status.json"
    path.parent.mkdir(parents=True, exist_ok=True)

    def page(state: str) -> str:
        path.write_text(json.dumps({"beat": time.monotonic(), "plugins": {"hello": {"state": state, "reason": "No city 'Atlantis'."}}}))
        return client.get(address).content.decode()

    Plugin.objects.update(enabled=True)
    try:
        wrong, right = page("needs-configuration"), page("ready")
    finally:
        path.unlink()
    assert "It needs settings before it can run." in wrong and "No city &#x27;Atlantis&#x27;." in wrong
    assert "It needs settings" not in right
    assert Client().get(address).status_code == 302


def test_what_plugins_say_of_themselves_is_text_and_not_html(house):
    Plugin.objects.update(name="<script>alert(1)</script>", setup_problem="<b>bold</b>")
    client = browser_of(Role.ADMIN)
    for address in PAGES:
        assert "<script>alert" not in client.get(address).content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_the_number_of_queries_does_not_grow_with_the_rows(house, address):
    client = browser_of(Role.ADMIN)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    for number in range(12):
        make_plugin(f"more-{number}")
        Operation.objects.create(kind=OperationKind.UPDATE, plugin_id=f"more-{number}", status=OperationStatus.RUNNING)
        Issue.report("left-over", f"more-{number}", "Something is left over.")
    make_offers(*[f"more-{number}" for number in range(12)])
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) <= 25


@pytest.mark.parametrize("role", Role)
def test_every_model_page_opens_for_those_who_may_see_it(house, role):
    client = browser_of(role)
    for model, model_admin in admin.site._registry.items():
        assert model._meta.app_label != "django_q"  # its pages could run any function
        answer = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        readable = Role.ADMIN if model._meta.app_label in ("auth", "authtoken") else getattr(model_admin, "read_role", Role.OPERATOR)
        assert (model.__name__, answer.status_code) == (model.__name__, 200 if role.includes(readable) else 403)


def test_pages_keep_to_themselves(house):
    answer = browser_of(Role.VIEWER).get("/admin/")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in re.search(r"script-src[^;]*", answer.headers["Content-Security-Policy"])[0]  # type: ignore[index]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.content.decode())


@pytest.mark.parametrize(
    ("plugin_id", "step", "order"), [("b", -1, "bac"), ("b", 1, "acb"), ("a", -1, "abc"), ("c", 1, "abc"), ("x", 1, "abc")]
)
def test_moving_keeps_everybody(plugin_id, step, order):
    assert moved(list("abc"), plugin_id, step=step) == list(order)
