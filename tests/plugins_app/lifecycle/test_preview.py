"""Looking before installing: pictures of a plugin of the store, and nothing else of it."""

from __future__ import annotations

import os
import time

import pytest
from django.test import Client
from django.urls import reverse

from plugins_app.access import Role
from plugins_app.exceptions import Conflict
from plugins_app.installer.previews import offered_pictures
from plugins_app.lifecycle import preview, requests
from plugins_app.models import Operation, Plugin
from plugins_app.operations.cancel import cancel
from plugins_app.store import catalogue
from tests.fakes.people import client_of, make_user
from tests.fakes.shop import Shop

WHO = "mia"
DARK = """
from src.plugin_system.base_plugin import BasePlugin


class HelloPlugin(BasePlugin):
    def update(self):
        pass

    def display(self, force_clear=False):
        pass
"""


def draw(shop: Shop, plugin_id: str = "alpha") -> Operation:
    return shop.finish(requests.request_preview(plugin_id, requested_by=WHO))


def picture(plugin_id: str = "alpha") -> str | None:
    return next(row["preview"] for row in catalogue.browse().results if row["id"] == plugin_id)


def everything_but_pictures(shop: Shop) -> list[str]:
    paths = shop.context.paths
    found = [path.name for path in shop.plugin_dir.iterdir() if path != paths.private]
    return found + [path.name for name in ("staging", "trash", "aside", "store", "receipts") for path in (paths.private / name).glob("*")]


@pytest.mark.process
def test_a_picture_comes_and_nothing_is_installed(shop: Shop) -> None:
    shop.offer("alpha")
    assert picture() is None
    operation = draw(shop)
    assert (operation.status, operation.phase, operation.warnings) == ("succeeded", "done", [])
    assert not Plugin.objects.exists()
    assert everything_but_pictures(shop) == []
    address = picture()
    assert address == f"/api/v3/plugins/alpha/preview?of=offered-op{operation.pk}-1"
    answer = client_of(Role.VIEWER).get(address)
    assert (answer.status_code, answer.content[8:12]) == (200, b"WEBP")


@pytest.mark.process
def test_the_pages_show_it_and_offer_it_to_administrators(shop: Shop) -> None:
    shop.offer("alpha")
    browser = Client()
    browser.force_login(make_user(Role.ADMIN))
    page = reverse("store-details-page", args=["alpha"])
    assert "See what it shows" in browser.get(page).content.decode()
    answer = browser.post(reverse("store-page-preview"), {"plugin_id": "alpha"})
    assert answer.status_code in (200, 204, 302)
    shop.finish(Operation.objects.get(kind="preview"))
    shown = browser.get(page).content.decode()
    assert f'src="{picture()}"' in shown and "Draw it anew" in shown and "Drawn here without network" in shown
    assert f'src="{picture()}"' in browser.get(reverse("store-page-list")).content.decode()
    other = Client()
    other.force_login(make_user(Role.OPERATOR))
    assert "Draw it anew" not in other.get(page).content.decode()
    assert other.post(reverse("store-page-preview"), {"plugin_id": "alpha"}).status_code == 403


@pytest.mark.process
def test_why_there_is_nothing_to_see_is_said_there(shop: Shop) -> None:
    (shop.offer("alpha") / "manager.py").write_text(DARK)
    operation = draw(shop)
    assert operation.status == "succeeded"
    assert [warning.partition(":")[0] for warning in operation.warnings] == ["There is nothing to see"]
    assert picture() is None
    browser = Client()
    browser.force_login(make_user(Role.VIEWER))
    assert "it shows nothing:" in browser.get(reverse("store-details-page", args=["alpha"])).content.decode()


@pytest.mark.process
def test_the_pictures_of_the_version_before_give_way(shop: Shop) -> None:
    shop.offer("alpha")
    draw(shop)
    shop.offer("alpha", version="1.1.0")
    second = draw(shop)
    assert [path.name for path in shop.context.paths.previews("alpha").iterdir()] == [f"offered-op{second.pk}-1"]


@pytest.mark.process
def test_they_go_when_the_plugin_is_installed_and_stay_when_that_fails(shop: Shop) -> None:
    folder = shop.offer("alpha")
    draw(shop)
    manager = folder / "manager.py"
    good = manager.read_text()
    manager.write_text("import nothing_of_this_name\n")
    assert shop.finish(requests.request_install("alpha", requested_by=WHO)).status == "failed"
    assert picture() is not None
    manager.write_text(good)
    assert shop.finish(requests.request_install("alpha", requested_by=WHO)).status == "succeeded"
    assert offered_pictures(shop.context.paths) == {}


def test_a_registry_id_of_another_name_finds_the_picture(shop: Shop) -> None:
    shop.offer("ledmatrix-weather")
    shop.entries["ledmatrix-weather"]["id"] = "weather"
    shop.publish()
    folder = shop.context.paths.previews("ledmatrix-weather") / "offered-op7-1"
    folder.mkdir(parents=True)
    (folder / "index.json").write_text('{"modes": [{"mode": "a", "file": "0.webp"}]}')
    catalogue.forget()
    assert picture("weather") == "/api/v3/plugins/ledmatrix-weather/preview?of=offered-op7-1"


def test_what_cannot_be_drawn_is_refused_at_once(shop: Shop) -> None:
    shop.offer("alpha")
    shop.offer("beta")
    shop.offer("gamma")
    shop.offer("delta", compatible_versions=["<1.0.0"])
    with pytest.raises(Conflict) as incompatible:
        requests.request_preview("delta", requested_by=WHO)
    first = requests.request_preview("alpha", requested_by=WHO)
    assert requests.request_preview("alpha", requested_by=WHO) == first
    requests.request_preview("beta", requested_by=WHO)
    with pytest.raises(Conflict) as too_many:
        requests.request_preview("gamma", requested_by=WHO)
    assert [incompatible.value.code, too_many.value.code] == ["incompatible", "too-many-previews"]


def test_one_that_is_cancelled_or_refused_leaves_nothing(shop: Shop) -> None:
    shop.offer("alpha")
    waiting = requests.request_preview("alpha", requested_by=WHO)
    cancel(waiting.pk, requested_by=WHO)
    assert shop.finish(waiting).status == "cancelled"
    shop.hub.answer("/example/plugins/archive", b"no zip", content_type="application/zip")
    assert draw(shop).status == "failed"
    assert everything_but_pictures(shop) == [] and offered_pictures(shop.context.paths) == {}


def test_old_pictures_and_half_done_ones_are_thrown_away(shop: Shop) -> None:
    paths = shop.context.paths
    paths.ensure()
    for name, days in (("offered-op1-1", 31), ("offered-op2-1", 29), (".drawing-abc", 2), (".drawing-new", 0), ("bundled-1", 99)):
        folder = paths.previews("alpha") / name
        folder.mkdir(parents=True)
        os.utime(folder, (time.time() - days * 86400,) * 2)
    preview.tidy(shop.context)
    assert sorted(path.name for path in paths.previews("alpha").iterdir()) == [".drawing-new", "bundled-1", "offered-op2-1"]
