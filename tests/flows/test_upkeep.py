"""Keeping plugins in order in the running product: findings and their buttons, a removal that fails, an update that fails on the panel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.hub import Hub
from tests.fakes.product import Product, wait_for
from tests.fakes.samples import copy_plugin

pytestmark = [pytest.mark.process, pytest.mark.timeout(240)]

RUNS = ("ready", "showing")
LOOK = "from plugins_app.lifecycle import automatic as a; a.set_automatic(True, requested_by='test'); a.look()"
WAIT_A_DAY = (
    f"{LOOK}; from datetime import timedelta; from django.utils import timezone; from plugins_app.models import Release; "
    "Release.objects.filter(plugin_id='gamma').update(seen_at=timezone.now() - timedelta(days=2)); a.look()"
)
CRASH = "import os, threading\nthreading.Timer(3.0, os._exit, [3]).start()\n"


def have(product: Product, plugin_id: str) -> Path:
    wait_for(lambda: product.get("plugins/store/list")["results"], what="a filled store")
    assert product.operate("plugins/install", {"plugin_id": plugin_id})["status"] == "succeeded"
    wait_for(lambda: runs(product, plugin_id), what=f"{plugin_id} runs")
    return Path(product.environment["LEDSITE_PLUGIN_DIR"]) / plugin_id


def runs(product: Product, plugin_id: str) -> bool:
    row = product.plugin(plugin_id)
    return row is not None and row["status"] in RUNS


def findings(product: Product) -> list[dict[str, Any]]:
    assert product.operate("plugins/state/reconcile", {"force": True})["status"] == "succeeded"
    return list(product.get("plugins/state/reconcile")["manual_fix_required"])


def test_what_somebody_changed_by_hand_is_found_and_installed_again(product: Product) -> None:
    live = have(product, "alpha")
    (live / "written.txt").write_text("mine")
    manifest = live / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"version": "6.6.6"}))
    (finding,) = findings(product)
    assert (finding["plugin_id"], finding["kind"]) == ("alpha", "version-mismatch")
    assert product.operate("plugins/state/findings/alpha/retry", {})["status"] == "succeeded"
    assert json.loads(manifest.read_text())["version"] == "1.0.0"
    assert (live / "written.txt").read_text() == "mine"
    assert findings(product) == []
    wait_for(lambda: runs(product, "alpha"), what="alpha runs again")


def test_a_removal_that_fails_leaves_the_plugin_running_and_one_that_is_purged_cannot_be_undone(product: Product) -> None:
    live = have(product, "beta")
    product.request("PATCH", "plugins/beta/config", json={"text": "MINE"})
    blocked = live.parent / ".ledsite" / "store" / "beta"
    blocked.parent.mkdir(exist_ok=True)
    blocked.write_text("in the way")
    assert product.operate("plugins/uninstall", {"plugin_id": "beta"})["status"] == "failed"
    wait_for(lambda: runs(product, "beta"), what="beta runs again")
    assert product.get("plugins/beta/config")["text"] == "MINE"
    blocked.unlink()
    assert product.operate("plugins/uninstall", {"plugin_id": "beta"})["status"] == "succeeded"
    assert product.operate("plugins/purge", {"plugin_id": "beta"})["status"] == "succeeded"
    assert product.request("POST", "plugins/undo-uninstall", json={"plugin_id": "beta"}).json()["code"] == "nothing-to-undo"


def test_an_update_that_crashes_on_the_panel_goes_back_by_itself(product: Product, shop: Hub) -> None:
    have(product, "gamma")
    copy_plugin(shop.plugins.parent, "gamma", version="2.0.0", code=CRASH)
    registry = json.loads(shop.registry)
    for entry in registry["plugins"]:
        entry["latest_version"] = "2.0.0" if entry["id"] == "gamma" else entry["latest_version"]
    shop.set_registry(registry)
    assert product.operate("plugins/store/refresh", {"force": True})["status"] == "succeeded"
    product.manage("shell", "-c", WAIT_A_DAY)
    wait_for(lambda: product.plugin("gamma")["version"] == "2.0.0", what="the new version")
    (probation,) = product.get("plugins/update-policy")["probation"]
    assert (probation["plugin_id"], probation["from_version"]) == ("gamma", "1.0.0")

    def is_back() -> bool:
        product.manage("shell", "-c", LOOK)
        return bool(product.plugin("gamma")["version"] == "1.0.0")

    wait_for(is_back, seconds=60, what="the old version")
    wait_for(lambda: runs(product, "gamma"), what="the old version runs")
    assert product.plugin("gamma")["update_available"] is False
    (refused,) = product.get("plugins/update-policy")["refused"]
    assert (refused["plugin_id"], refused["version"]) == ("gamma", "2.0.0")
