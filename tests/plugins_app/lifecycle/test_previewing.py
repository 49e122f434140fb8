"""When pictures are drawn: after operations, never before or beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django_q.models import OrmQ

from plugins_app.access import Role
from plugins_app.exceptions import Conflict
from plugins_app.installer.previews import folder_of, is_drawn
from plugins_app.lifecycle import previewing, requests
from plugins_app.lifecycle.bundled_listing import bundled_plugins
from plugins_app.lifecycle.listing import installed_plugins
from plugins_app.models import Operation, Plugin
from plugins_app.operations.schedule import Schedule
from tests.fakes.people import client_of
from tests.fakes.samples import copy_plugin
from tests.fakes.shop import Shop

WHO = "test"


def installed(shop: Shop) -> Plugin:
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by=WHO))
    return Plugin.objects.get()


def test_pictures_are_due_when_the_operation_is_done_and_no_other_waits(shop: Shop) -> None:
    plugin = installed(shop)
    assert previewing.due(shop.context) == {("alpha", plugin.active_generation)}
    shop.offer("beta")
    waiting = requests.request_install("beta", requested_by=WHO)
    assert previewing.due(shop.context) == frozenset()
    shop.finish(waiting)
    assert len(previewing.due(shop.context)) == 2


@pytest.mark.process
def test_a_drawn_picture_is_in_the_list_and_is_served_with_an_etag(shop: Shop) -> None:
    plugin = installed(shop)
    assert installed_plugins()[0]["preview"] is None
    previewing.draw_due(shop.context)
    assert previewing.due(shop.context) == frozenset()
    address = installed_plugins()[0]["preview"]
    assert address == f"/api/v3/plugins/alpha/preview?of={plugin.active_generation}"
    client = client_of(Role.VIEWER)
    assert client.get("/api/v3/plugins/store/list").json()["results"][0]["preview"] == address
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"], answer.content[:4], answer.content[8:12]) == (200, "image/webp", b"RIFF", b"WEBP")
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    page = Client()
    page.force_login(User.objects.get())
    assert f'src="{address}"' in page.get(reverse("installed-page-list")).content.decode()
    assert f'src="{address}"' in page.get(reverse("store-page-list")).content.decode()
    missing = client.get("/api/v3/plugins/alpha/preview?mode=none")
    assert (missing.status_code, missing.json()["code"]) == (404, "no-preview")


@pytest.mark.process
def test_drawing_makes_way_for_an_operation(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = installed(shop)
    (shop.plugin_dir / "alpha" / "manager.py").write_text("while True: pass")
    due = previewing.due(shop.context)
    monkeypatch.setattr(previewing, "due", lambda context: due)
    shop.offer("beta")
    requests.request_install("beta", requested_by=WHO)
    previewing.draw_due(shop.context)
    assert not is_drawn(shop.context.paths, "alpha", plugin.active_generation)


def test_an_uninstalled_plugin_keeps_its_pictures_as_long_as_it_can_come_back(shop: Shop) -> None:
    plugin = installed(shop)
    folder = folder_of(shop.context.paths, "alpha", plugin.active_generation)
    folder.mkdir(parents=True)
    (folder / "index.json").write_text('{"modes": []}')
    shop.finish(requests.request_uninstall("alpha", requested_by=WHO))
    assert folder.is_dir()
    shop.finish(requests.request_purge("alpha", requested_by=WHO))
    assert not folder.exists()


def test_a_worker_is_told_once_of_what_is_due_and_again_when_it_was_not_done(shop: Shop) -> None:
    installed(shop)
    now = [1000.0]
    schedule = Schedule(shop.context, clock=lambda: now[0])
    told = []
    for _ in range(40):
        schedule.tick()
        told.append(sum(row.task["func"] == "plugins_app.tasks.draw_previews" for row in OrmQ.objects.all()))
        now[0] += 5.0
    assert told[0] == 1
    assert told[20] == 2
    assert told[-1] == 3


@pytest.fixture
def own(shop: Shop, settings: Any) -> Path:
    """Put a plugin of our own into the product."""
    folder = copy_plugin(shop.folder / "product", "own-hello")
    settings.BUNDLED_DIR = folder.parent
    return folder


@pytest.mark.process
def test_one_of_our_own_is_shown_in_the_store_before_it_is_installed(shop: Shop, own: Path) -> None:
    assert previewing.due(shop.context) == {("own-hello", "bundled-1x0x0")}
    previewing.draw_due(shop.context)
    assert previewing.due(shop.context) == frozenset()
    client = client_of(Role.ADMIN)
    (row,) = client.get("/api/v3/plugins/bundled").json()["results"]
    address = "/api/v3/plugins/own-hello/preview?of=bundled-1x0x0"
    assert (row["id"], row["version"], row["installed"], row["preview"]) == ("own-hello", "1.0.0", False, address)
    assert client.get(address).content[8:12] == b"WEBP"
    page = Client()
    page.force_login(User.objects.get())
    assert f'src="{address}"' in page.get(reverse("store-page-list")).content.decode()
    assert address not in page.get(reverse("store-page-list"), {"query": "else"}).content.decode()


def test_one_of_our_own_can_be_had_again_after_its_removal(shop: Shop, own: Path) -> None:
    shop.finish(requests.request_install("own-hello", requested_by=WHO))
    assert Plugin.objects.get().source == "bundled"
    assert previewing.due(shop.context) == {("own-hello", Plugin.objects.get().active_generation)}
    with pytest.raises(Conflict, match="installed already"):
        requests.request_install("own-hello", requested_by=WHO)
    shop.finish(requests.request_uninstall("own-hello", requested_by=WHO))
    assert previewing.due(shop.context) == {("own-hello", "bundled-1x0x0")}
    operation = client_of(Role.ADMIN).post("/api/v3/plugins/install", {"plugin_id": "OWN-hello"}, content_type="application/json")
    assert operation.status_code == 202
    assert shop.finish(Operation.objects.get(pk=operation.json()["id"])).status == "succeeded"
    assert bundled_plugins()[0]["installed"]


@pytest.mark.process
def test_pictures_of_an_earlier_version_of_our_own_go(shop: Shop, own: Path) -> None:
    older = folder_of(shop.context.paths, "own-hello", "bundled-0x9")
    older.mkdir(parents=True)
    (own / "manager.py").write_text("raise RuntimeError")
    previewing.draw_due(shop.context)
    assert not older.exists()
