"""The ticker's page: the form says what is set, takes it back, and tells what each plugin has."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from display_app import commands
from plugins_app.access import Role
from plugins_app.models import Plugin
from tests.fakes.people import make_user

pytestmark = pytest.mark.django_db
FORM = {"speed": "60", "gap": "10", "item_gap": "4", "width_percent": "100", "live_weight": "3", "trim": "on"}


@pytest.fixture(autouse=True)
def plugins() -> None:
    for position, name in enumerate(("clock", "news")):
        Plugin.objects.create(
            plugin_id=name, name=name.title(), version="1", source="local", active_generation="g", enabled=True, position=position
        )


def test_what_is_posted_is_set(operator: Client) -> None:
    posted = {**FORM, "enabled": "on", "plugin": ["clock", "news"], "clock-place": "2", "news-place": "1", "news-in": "on"}
    posted |= {"news-way": "static", "news-weight": "3"}
    assert operator.post("/admin/panel/ticker/", posted).status_code == 302
    found = commands.read_settings()["ticker"]
    assert (found["enabled"], found["speed"], found["live_in_ticker"]) == (True, 60.0, False)
    assert (found["order"], found["excluded"]) == (["news", "clock"], ["clock"])
    assert found["plugins"] == {"news": {"way": "static", "weight": 3}}
    text = operator.get("/admin/panel/ticker/").content.decode()
    assert text.index("News") < text.index("Clock")


def test_what_cannot_be_is_refused_in_words(operator: Client) -> None:
    text = operator.post("/admin/panel/ticker/", {**FORM, "speed": "9000"}).content.decode()
    assert "speed must be a number from 1 to 500" in text
    assert "That is no number." in operator.post("/admin/panel/ticker/", {**FORM, "gap": "wide"}).content.decode()
    assert commands.read_settings()["ticker"]["speed"] == 50.0


def test_a_viewer_may_look_and_not_save() -> None:
    client = Client()
    client.force_login(make_user(Role.VIEWER))
    assert client.get("/admin/panel/ticker/").status_code == 200
    assert client.post("/admin/panel/ticker/", FORM).status_code == 403


def test_it_says_what_each_plugin_has_and_why_one_is_left_out(operator: Client, say: Callable[..., None]) -> None:
    parts = [
        {"plugin_id": "clock", "way": "fixed", "width": 128, "weight": 2, "reason": ""},
        {"plugin_id": "news", "way": "scroll", "width": 0, "weight": 1, "reason": "It has nothing for the ticker now."},
    ]
    say(ticker={"running": True, "late_frames": 0, "plugins": parts}, now={"plugin_id": "clock", "mode": "ticker", "reason": "ticker"})
    text = operator.get("/admin/panel/ticker/live").content.decode()
    assert "128 pixels, 2 times a round" in text and "It has nothing for the ticker now." in text


def test_it_says_what_the_ticker_waits_for(operator: Client, say: Callable[..., None]) -> None:
    commands.change_settings({"ticker": {"enabled": True}}, requested_by="somebody")
    asked = {"plugin_id": "clock", "mode": "clock", "pinned": False, "until": None, "waiting": False}
    say(ticker={"running": False, "late_frames": 0, "plugins": []}, on_demand=asked)
    assert "The ticker waits: Clock was asked for." in operator.get("/admin/panel/ticker/live").content.decode()
