"""The main job as its owner does it: start, browse, install, watch, change, remove; with everything real but the internet."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from pathlib import Path

import pytest

from tests.fakes.hub import Hub
from tests.fakes.product import Product, running_product, wait_for

pytestmark = [pytest.mark.process, pytest.mark.timeout(240)]


def picture(product: Product) -> str:
    """Digest of what is on the panel."""
    return hashlib.sha256(product.request("GET", "display/frame.png").content).hexdigest()


def test_a_plugin_is_browsed_installed_shown_changed_and_removed(product: Product):
    offers = wait_for(lambda: product.get("plugins/store/list")["results"], what="a filled store")
    assert [offer["id"] for offer in offers] == ["alpha", "beta", "gamma", "delta", "broken", "liar"]

    done = product.operate("plugins/install", {"plugin_id": "alpha"})
    assert (done["status"], done["error"], done["progress"]) == ("succeeded", None, 100)
    wait_for(lambda: product.shows("alpha"), seconds=10, what="alpha on the panel")
    row = product.plugin("alpha")
    assert row is not None
    assert (row["enabled"], row["version"], row["source"]) == (True, "1.0.0", "registry")

    before = picture(product)
    product.request("POST", "display/on-demand", json={"plugin_id": "alpha", "pinned": True})
    answer = product.request("PATCH", "plugins/alpha/config", json={"text": "CHANGED"})
    assert answer.status_code == 200, answer.text
    wait_for(lambda: product.shows("alpha") and picture(product) != before, seconds=10, what="the changed text on the panel")
    product.request("DELETE", "display/on-demand")

    live = Path(product.environment["LEDSITE_PLUGIN_DIR"]) / "alpha"
    assert (live / "manifest.json").exists()
    assert product.operate("plugins/uninstall", {"plugin_id": "alpha"})["status"] == "succeeded"
    assert product.plugin("alpha") is None
    assert not live.exists()
    wait_for(lambda: not product.shows("alpha"), what="alpha gone from the panel")
    assert product.request("GET", "plugins/alpha/config").status_code == 404


def test_the_panel_is_never_empty_and_shows_bundled_plugins_on_first_start(product: Product):
    rows = wait_for(lambda: [row for row in product.get("plugins/installed")["results"] if row["source"] == "bundled"], what="bundled")
    wait_for(lambda: len([r for r in product.get("plugins/installed")["results"] if r["source"] == "bundled"]) == 3, what="three bundled")
    assert rows
    now = wait_for(lambda: product.status()["now"], what="something on the panel")
    assert now["plugin_id"]


@pytest.mark.parametrize(("plugin_id", "code"), [("broken", ""), ("liar", "")])
def test_a_plugin_that_cannot_work_is_refused_and_leaves_nothing(product: Product, plugin_id: str, code: str):
    wait_for(lambda: product.get("plugins/store/list")["results"], what="a filled store")
    done = product.operate("plugins/install", {"plugin_id": plugin_id})
    assert done["status"] == "failed"
    assert done["error"]["code"] and done["error"]["message"] and done["error"]["hint"]
    folder = Path(product.environment["LEDSITE_PLUGIN_DIR"])
    assert not (folder / plugin_id).exists()
    assert not (folder / "display").exists()
    assert list((folder / ".ledsite" / "staging").iterdir()) == []


def test_the_network_may_go_without_a_page_noticing(product: Product, shop: Hub):
    wait_for(lambda: product.get("plugins/store/list")["results"], what="a filled store")
    shop.refuse()
    try:
        for path in ("plugins/store/list", "plugins/installed", "display/status", "operations"):
            assert product.request("GET", path).status_code == 200
        asked = product.request("POST", "plugins/store/refresh", json={"force": True})
        operation = asked.headers["Location"].removeprefix("/api/v3/")
        tried = wait_for(lambda: (found := product.get(operation))["retry_at"] and found, what="a first try that fails")
        assert tried["status"] == "queued" and tried["error"]["hint"]
        listed = product.get("plugins/store/list")
        assert len(listed["results"]) == 6 and listed["stale"] and listed["problem"]["code"] == "refused"
    finally:
        shop.accept()
    wait_for(lambda: product.get(operation)["status"] == "succeeded", seconds=20, what="the next try, by itself")
    assert "problem" not in product.get("plugins/store/list")


def test_every_process_may_be_killed(shop: Hub, tmp_path: Path):
    with running_product(tmp_path, **shop.environment()) as product:
        wait_for(lambda: product.get("plugins/store/list")["results"], what="a filled store")
        assert product.operate("plugins/install", {"plugin_id": "beta"})["status"] == "succeeded"
        wait_for(lambda: product.status()["now"], what="a lit panel")
        names = sorted(product.pids())
        assert {"web", "main", "slow", "director", "driver", "zygote"} <= set(names)
        for name in names:
            pid = product.pids().get(name)
            if pid is None:
                continue
            os.kill(pid, signal.SIGKILL)
            wait_for(lambda pid=pid: not Path(f"/proc/{pid}/stat").exists() or is_zombie(pid), what=f"the end of {name}")
            wait_for(lambda: answers_and_is_lit(product), seconds=15, what=f"a lit panel after the end of {name}")
        assert product.operate("plugins/uninstall", {"plugin_id": "beta"})["status"] == "succeeded"


def test_an_install_survives_the_end_of_its_worker(shop: Hub, tmp_path: Path):
    with running_product(tmp_path, **shop.environment()) as product:
        wait_for(lambda: product.get("plugins/store/list")["results"], what="a filled store")
        shop.hang("/example/plugins/archive")
        answer = product.request("POST", "plugins/install", json={"plugin_id": "gamma"})
        location = answer.headers["Location"].split("/api/v3/")[1]
        wait_for(lambda: product.get(location)["status"] == "running", what="the install to begin")
        os.kill(product.pids()["slow"], signal.SIGKILL)
        shop.heal()
        done = wait_for(lambda: product.get(location)["status"] == "succeeded", seconds=40, what="the install to succeed all the same")
        assert done
        wait_for(lambda: product.shows("gamma"), seconds=20, what="gamma on the panel")


def test_nothing_is_left_when_the_product_is_killed_and_it_starts_again(shop: Hub, tmp_path: Path):
    product = Product(tmp_path, **shop.environment())
    product.start()
    pids = product.pids()
    assert product.process is not None
    os.kill(product.process.pid, signal.SIGKILL)
    product.process.wait(5)
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() and not is_zombie(pid) for pid in pids.values()), what="no process left")
    product.start()
    try:
        wait_for(lambda: product.status()["now"], what="a lit panel after the second start")
    finally:
        product.stop()


def is_zombie(pid: int) -> bool:
    """Tell whether a process has ended and only waits to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def answers_and_is_lit(product: Product) -> bool:
    """Tell whether the product is well and its panel alive with a picture that came from somewhere."""
    try:
        status = product.status()
    except (OSError, AssertionError):
        time.sleep(0.1)
        return False
    return product.is_healthy() and status["now"] is not None and status["driver"]["ok"]
