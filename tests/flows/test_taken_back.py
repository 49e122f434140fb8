"""A removal that fails after the plugin's process was stopped: it runs again when it ran before, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.product import Product, wait_for

pytestmark = [pytest.mark.process, pytest.mark.timeout(240)]


def block_store(product: Product, plugin_id: str) -> Path:
    """Let something stand where the files of a plugin would be kept."""
    store = Path(product.environment["LEDSITE_PLUGIN_DIR"]) / ".ledsite" / "store" / plugin_id
    if store.is_dir():
        store.rmdir()
    store.parent.mkdir(exist_ok=True)
    store.write_text("in the way")
    return store


@pytest.mark.parametrize("ran_before", [True, False])
def test_a_removal_that_fails_brings_back_what_ran(product: Product, ran_before: bool) -> None:
    plugin_id = "alpha" if ran_before else "gamma"
    wait_for(lambda: product.get("plugins/store/list")["results"], what="a filled store")
    product.operate("plugins/install", {"plugin_id": plugin_id})
    wait_for(lambda: product.shows(plugin_id), seconds=20, what=f"{plugin_id} on the panel")
    if not ran_before:
        product.request("POST", "plugins/toggle", json={"plugin_id": plugin_id, "enabled": False})
        wait_for(lambda: not product.shows(plugin_id), what="something else on the panel")
    blocked = block_store(product, plugin_id)
    try:
        done = product.operate("plugins/uninstall", {"plugin_id": plugin_id})
    finally:
        blocked.unlink()
    assert (done["status"], bool(done["error"]["hint"])) == ("failed", True)
    row = product.plugin(plugin_id)
    assert row is not None and row["enabled"] is ran_before
    if ran_before:
        product.request("POST", "display/on-demand", json={"plugin_id": plugin_id, "pinned": True})
        wait_for(lambda: product.shows(plugin_id), seconds=20, what=f"{plugin_id} back on the panel")
        product.request("DELETE", "display/on-demand")
    else:
        assert row["status"] == "disabled"
    assert product.operate("plugins/uninstall", {"plugin_id": plugin_id})["status"] == "succeeded"
