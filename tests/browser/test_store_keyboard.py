"""The store by keyboard, as a screen reader tells of it, and without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.site import Site, wait_for
from tests.fakes.hub import Hub
from tests.fakes.product import Product
from tests.fakes.samples import entry, sample_registry

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Serve a registry of more plugins than a page shows."""
    registry, folder = sample_registry(tmp_path_factory.mktemp("shop"))
    registry["plugins"] += [entry(f"more-{number}", category="more") for number in range(24)]
    hub = Hub(registry=registry, plugins=folder)
    yield hub
    hub.close()


@pytest.fixture(autouse=True)
def filled(product: Product) -> None:
    """Wait for what is on offer."""
    wait_for(lambda: product.get("plugins/store/list")["count"], what="offers")


def cards(site: Site) -> int:
    return len(site.browser.find_elements("css selector", ".ls-found .ls-card"))


FOCUS = """
const element = document.activeElement, owner = element.closest("[data-plugin]");
return [element.tagName, element.innerText, owner ? owner.dataset.plugin : ""];
"""


def test_the_focus_stays_while_the_list_is_renewed(shop: Hub, site: Site) -> None:
    # 1. The list is renewed under somebody's hands: what has the focus keeps it, and what changed is said.
    site.open("/admin/store/?category=demo")
    wait_for(lambda: cards(site) == 6, what="the plugins of the category")
    site.browser.execute_script("arguments[0].focus()", site.find(".ls-card[data-plugin=beta] button", "Install"))
    offered = json.loads(shop.registry)
    offered["plugins"] += [entry("another-demo", category="demo")]
    shop.set_registry(offered)
    site.browser.execute_script("htmx.ajax('POST', '/admin/store/refresh', {source: '.ls-page', swap: 'none'})")
    wait_for(lambda: cards(site) == 7, what="the new plugin")
    assert site.browser.execute_script(FOCUS) == ["BUTTON", "Install", "beta"]
    wait_for(lambda: "7 plugins found" in site.find_hidden("#ls-said"), what="what a screen reader says")
    # 2. A button that goes away leaves the focus with its plugin.
    site.browser.switch_to.active_element.send_keys(Keys.ENTER)
    site.says("Installed", ".ls-card[data-plugin=beta]", seconds=60)
    assert site.browser.execute_script(FOCUS)[2] == "beta"


def test_a_plugins_page_follows_its_installation(shop: Hub, site: Site) -> None:
    site.open("/admin/store/plugins/gamma/")
    site.says("1.0.0", "[aria-labelledby=details-versions]")
    site.click(".ls-about button", "Install")
    site.says("Installed", "[aria-labelledby=details-versions]", seconds=60)


def test_without_a_script_everything_can_be_read(shop: Hub, site: Site) -> None:
    site.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        for address, words in (("?query=hello", "Search"), ("?page=2", "Show earlier ones"), ("plugins/alpha/", "Readme")):
            site.open(f"/admin/store/{address}")
            text = site.text()
            assert "JavaScript is switched off." in text and words in text
        site.open("/admin/store/")
        site.fill("[name=query]", "gamma")
        site.click("#store-filters button", "Search")
        wait_for(lambda: cards(site) == 1, what="one offer")
    finally:
        site.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
