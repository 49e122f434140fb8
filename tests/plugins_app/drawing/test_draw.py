"""A worker draws what was asked for, in a process that has no network and saves nothing; API and page show how far it is."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from PIL import Image

from display_app.runtime.cache import CacheManager
from plugins_app.access import Role
from plugins_app.config.store import masked_settings
from plugins_app.drawing.keep import folder
from plugins_app.lifecycle import requests
from plugins_app.models import Drawing, Plugin
from plugins_app.tasks import draw_picture
from tests.fakes.people import client_of
from tests.fakes.shop import Shop


@pytest.fixture
def plugin(shop: Shop) -> Plugin:
    """Install hello as alpha."""
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by="test"))
    return Plugin.objects.get()


def draw_all() -> None:
    """Do what a worker would."""
    for drawing in Drawing.objects.open():
        draw_picture(drawing.pk)


def colours(body: bytes) -> set[Any]:
    with Image.open(BytesIO(body)) as image:
        return {colour for _, colour in image.convert("RGB").getcolors()}


@pytest.mark.process
def test_settings_are_tried_and_not_saved(shop: Shop, plugin: Plugin) -> None:
    client = client_of(Role.OPERATOR)
    body = {"width": 96, "height": 48, "settings": {"color": [1, 2, 3]}}
    asked = client.post("/api/v3/plugins/alpha/drawings", body, content_type="application/json")
    assert (asked.status_code, asked.json()["status"], asked.json()["picture"]) == (202, "waiting", None)
    draw_all()
    answer = client.get(asked["Location"]).json()
    assert (answer["status"], answer["mode"], answer["problem"]) == ("done", "alpha", "")
    picture = client.get(answer["picture"])
    assert picture["Content-Type"] == "image/webp"
    assert colours(picture.content) == {(0, 0, 0), (1, 2, 3)}
    with Image.open(BytesIO(picture.content)) as image:
        assert image.size == (96, 48)
    assert masked_settings(plugin)["color"] != [1, 2, 3]
    again = client.post("/api/v3/plugins/alpha/drawings", body, content_type="application/json")
    assert (again.status_code, again.json()["id"]) == (200, answer["id"])


@pytest.mark.process
def test_what_cannot_be_drawn_says_why_and_leaves_no_file(shop: Shop, plugin: Plugin) -> None:
    (shop.plugin_dir / "alpha" / "manager.py").write_text("raise RuntimeError('broken by its author')")
    client = client_of(Role.OPERATOR)
    asked = client.post("/api/v3/plugins/alpha/drawings", {}, content_type="application/json")
    draw_all()
    answer = client.get(asked["Location"]).json()
    assert (answer["status"], answer["picture"]) == ("failed", None)
    assert "broken by its author" in answer["problem"]
    assert list(folder().iterdir()) == []
    assert client.get(f"{asked['Location']}/picture").status_code == 404


@pytest.mark.process
def test_it_draws_with_what_the_plugin_has_fetched_or_ships_or_with_nothing(shop: Shop, plugin: Plugin) -> None:
    (shop.plugin_dir / "alpha" / "manager.py").write_text(
        "import requests\n"
        "from src.plugin_system.base_plugin import BasePlugin\n"
        "class Hello(BasePlugin):\n"
        "    color = (255, 0, 0)\n"
        "    def update(self):\n"
        "        try:\n"
        "            self.color = requests.get('https://api.example.org/color', timeout=3).json()\n"
        "        except requests.RequestException:\n"
        "            self.color = self.cache_manager.get('color', max_age=None) or self.color\n"
        "    def display(self, force_clear=False):\n"
        "        self.display_manager.draw.rectangle((0, 0, 500, 500), fill=tuple(self.color))\n"
        "        self.display_manager.update_display()\n"
    )
    manifest = shop.plugin_dir / "alpha" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "class_name": "Hello"}))
    example = {"answers": {"https://api.example.org/color": {"json": [0, 0, 255]}}}
    (shop.plugin_dir / "alpha" / "preview.json").write_text(json.dumps(example))
    CacheManager(shop.context.paths.private / "cache" / "alpha").set("color", [0, 255, 0])
    client = client_of(Role.OPERATOR)
    seen = {}
    for data in ("last", "example", "nothing"):
        asked = client.post("/api/v3/plugins/alpha/drawings", {"data": data}, content_type="application/json")
        draw_all()
        seen[data] = colours(client.get(client.get(asked["Location"]).json()["picture"]).content)
    assert seen == {"last": {(0, 255, 0)}, "example": {(0, 0, 255)}, "nothing": {(255, 0, 0)}}


def test_the_page_asks_shows_progress_and_says_what_is_wrong(shop: Shop, plugin: Plugin) -> None:
    client_of(Role.OPERATOR)
    page = Client()
    page.force_login(User.objects.get())
    address = reverse("plugin-preview-page", args=["alpha"])
    shown = page.get(address).content.decode()
    assert 'name="/text"' in shown
    assert 'name="draw-width" value="128"' in shown
    form = {"draw-width": "64", "draw-height": "32", "/text": "HI", "/color": "#ff0000"}
    answer = page.post(address, form, headers={"hx-request": "true"}).content.decode()
    assert "Waiting for a worker" in answer
    drawing = Drawing.objects.get()
    result = reverse("plugin-drawing-result", args=["alpha", drawing.key])
    assert f'hx-get="{result}' in answer
    assert drawing.claim()
    assert "of 25 seconds at most" in page.get(result).content.decode()
    drawing.finish(mode="alpha", notes=[{"level": "warning", "where": "alpha", "text": "Text is cut off"}])
    done = page.get(result, {"zoom": "4"})
    assert done.status_code == 286
    assert 'width="256" height="128"' in done.content.decode()
    assert "Text is cut off" in done.content.decode()
    wrong = page.post(address, form | {"draw-width": "9999"}, headers={"hx-request": "true"}).content.decode()
    assert "9999x32 is no panel that can be drawn" in wrong
    plain = page.post(address, form | {"draw-height": "x"}).content.decode()
    assert "64x0 is no panel" in plain
    assert 'value="HI"' in plain


def test_only_operators_draw(shop: Shop, plugin: Plugin) -> None:
    viewer = client_of(Role.VIEWER)
    assert viewer.post("/api/v3/plugins/alpha/drawings", {}, content_type="application/json").status_code == 403
    page = Client()
    page.force_login(User.objects.get())
    assert page.get(reverse("plugin-preview-page", args=["alpha"])).status_code == 403
