"""The main job in the browser: see the panel, find a plugin, install it, watch it, change it, remove it, bring it back."""

from __future__ import annotations

import hashlib
import os
import signal

import pytest

from tests.browser.site import Site, wait_for
from tests.fakes.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]
PANEL = "canvas[data-led-panel][data-state=live]"
SLIDE = """
const slider = document.getElementById("brightness");
slider.value = 33;
for (const name of ["input", "change"]) slider.dispatchEvent(new Event(name, {bubbles: true}));
"""
PAGES = [
    "/admin/",
    "/admin/store/",
    "/admin/store/elsewhere/",
    "/admin/store/plugins/alpha/",
    "/admin/store/plugins/ledsite-clock/",
    "/admin/github/",
    "/admin/plugins/",
    "/admin/plugins/alpha/settings/",
    "/admin/plugins/alpha/preview/",
    "/admin/plugins/alpha/uninstall/",
    "/admin/operations/",
    "/admin/panel/settings/",
    "/admin/auth/user/",
    "/admin/tokens/",
    "/admin/plugins_app/auditentry/",
    "/api/v3/",
    "/api/v3/plugins/installed",
    "/api/v3/docs",
]


def picture(product: Product) -> str:
    return hashlib.sha256(product.request("GET", "display/frame.png").content).hexdigest()


@pytest.fixture(scope="module")
def alpha(product: Product, site: Site) -> None:
    """Install a plugin with the button of the store."""
    site.open("/admin/store/")
    site.fill("[name=query]", "alpha")
    wait_for(lambda: len(site.browser.find_elements("css selector", ".ls-card")) == 1, what="one offer left")
    site.click(".ls-card[data-plugin=alpha] button", "Install")
    site.says("Installed, on the panel", ".ls-card[data-plugin=alpha]")


def test_the_first_page_shows_a_lit_panel(site: Site):
    site.open("/admin/")
    site.find(PANEL)
    wait_for(site.is_lit, what="a lit panel")


def test_a_plugin_is_drawn_for_another_panel_with_settings_that_are_not_saved(site: Site, product: Product, alpha: None):
    saved = product.request("GET", "plugins/alpha/config").json()
    site.open("/admin/plugins/alpha/preview/")
    site.click("#draw-size option", "192x48")
    site.fill("[name='/text']", "TRY")
    site.click("#draw-button")
    site.find("[data-drawn]")
    wait_for(lambda: site.browser.execute_script("return document.querySelector('[data-drawn]')?.naturalWidth") == 192, what="the picture")
    site.click("#draw-zoom option", "3×")
    wait_for(lambda: site.find("[data-drawn]").get_attribute("width") == "576", what="the zoom")
    site.fill("[name='draw-width']", "9999")
    site.click("#draw-button")
    site.says("It was not drawn", "#drawing")
    assert product.request("GET", "plugins/alpha/config").json() == saved


def test_an_installed_plugin_is_on_the_panel(product: Product, site: Site, alpha: None):
    site.open("/admin/")
    site.click(".ls-row[data-plugin=alpha] button", "Show now")
    wait_for(lambda: site.find("[data-now]").get_attribute("data-now") == "alpha", what="alpha now")
    site.says("On the panel", ".ls-row[data-plugin=alpha]")
    wait_for(site.is_lit, what="a lit panel")


def test_a_changed_setting_changes_the_picture(product: Product, site: Site, alpha: None):
    product.request("POST", "display/on-demand", json={"plugin_id": "alpha", "pinned": True})
    wait_for(lambda: product.shows("alpha"), what="alpha on the panel")
    product.request("PATCH", "plugins/alpha/config", json={"text": "ONE TEXT"})
    site.open("/admin/plugins/alpha/settings/")
    before = picture(product)
    site.fill("[name='/text']", "Quite another text")
    site.click(".ls-save button", "Save")
    site.says("Saved. The panel shows it within a second.", "body")
    wait_for(lambda: picture(product) != before, seconds=5, what="another picture")
    assert product.get("plugins/alpha/config")["text"] == "Quite another text"


def test_brightness_follows_the_slider(product: Product, site: Site):
    site.open("/admin/")
    site.browser.execute_script(SLIDE)
    wait_for(lambda: product.status()["brightness"] == 33, what="a brightness of 33")
    site.says("33 %", "output[for=brightness]")


def test_a_switch_takes_a_plugin_off_and_on(product: Product, site: Site, alpha: None):
    site.open("/admin/plugins/")
    site.click(".ls-row[data-plugin=alpha] .ls-switch")
    site.says("Off", ".ls-row[data-plugin=alpha]")
    assert product.plugin("alpha")["enabled"] is False  # type: ignore[index]
    site.click(".ls-row[data-plugin=alpha] .ls-switch")
    wait_for(lambda: product.plugin("alpha")["enabled"], what="alpha on")  # type: ignore[index]


def test_a_plugin_that_cannot_be_installed_says_why(site: Site):
    site.open("/admin/store/")
    site.click(".ls-card[data-plugin=broken] button", "Install")
    site.says("Details", ".ls-card[data-plugin=broken]")
    site.click(".ls-card[data-plugin=broken] a", "Details")
    site.says("Failed")
    site.says("broken by its author")


def test_operations_are_filtered_while_one_types(site: Site, alpha: None):
    site.open("/admin/operations/")
    site.fill("[name=plugin_id]", "no such plugin")
    site.says("Nothing found")
    site.fill("[name=plugin_id]", "alpha")
    site.says("Install alpha")


def test_a_stopped_panel_is_said_to_be_stopped_and_comes_back(product: Product, site: Site):
    site.open("/admin/")
    site.find(PANEL)
    director = product.pids()["director"]
    os.kill(director, signal.SIGSTOP)
    try:
        site.says("The panel is not running.", seconds=6)
        site.find("canvas[data-led-panel][data-state=lost]")
    finally:
        os.kill(director, signal.SIGCONT)
    site.find(PANEL)


@pytest.mark.parametrize("path", [path for path in PAGES if path.startswith("/admin/")])
def test_pages_fit_a_phone(site: Site, alpha: None, path: str):
    phone = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    site.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    try:
        site.open(path)
        wait_for(site.text, what="words on the page")
        assert site.browser.execute_script("return document.documentElement.scrollWidth") <= 390
    finally:
        site.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("path", PAGES)
def test_pages_need_no_other_server_and_complain_about_nothing(site: Site, alpha: None, path: str):
    site.open(path)
    wait_for(lambda: site.browser.execute_script("return document.readyState") == "complete", what="a loaded page")
    wait_for(site.text, what="words on the page")
    wide = site.browser.execute_script("return document.documentElement.scrollWidth > window.innerWidth")
    assert not wide


def test_an_uninstalled_plugin_leaves_and_can_be_brought_back(product: Product, site: Site, alpha: None):
    product.request("PATCH", "plugins/alpha/config", json={"text": "Kept"})
    site.open("/admin/plugins/")
    site.click(".ls-row[data-plugin=alpha] summary")
    site.click(".ls-row[data-plugin=alpha] a", "Uninstall")
    site.says("Uninstall Alpha?")
    site.click(".ls-form button", "Uninstall")
    site.says("Bring back")
    wait_for(lambda: product.plugin("alpha") is None and not product.shows("alpha"), what="alpha gone")
    site.click("button", "Bring back")
    wait_for(lambda: product.plugin("alpha"), what="alpha back")
    assert product.get("plugins/alpha/config")["text"] == "Kept"
