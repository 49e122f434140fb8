"""The store in the browser: a first page that fills in by itself, a search that is in the address, a list that grows, a plugin's page."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.browser.site import Site, wait_for
from tests.fakes.hub import Hub
from tests.fakes.samples import entry, sample_registry

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]
WAITING = ("Fetching the list of plugins", "The store is empty")
README = "# Hello\n\n![tracker](https://pictures.example/x.png) <img src='https://pictures.example/y.png'>\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Serve a registry of sixty plugins that does not answer yet."""
    registry, folder = sample_registry(tmp_path_factory.mktemp("shop"))
    registry["plugins"] += [entry(f"more-{number}", stars=number, category="more") for number in range(54)]
    (folder / "alpha" / "README.md").write_text(README)
    hub = Hub(registry=registry, plugins=folder)
    hub.hold("/registry")
    yield hub
    hub.close()


def cards(site: Site) -> int:
    return len(site.browser.find_elements("css selector", ".ls-found .ls-card"))


def is_filled(site: Site) -> bool:
    """Tell whether the list is there; on a slow machine the first question has been given up meanwhile, as a person would see."""
    if WAITING[1] in site.text():
        site.click(".ls-toolbar button", "Refresh")
    return cards(site) >= 24


def test_a_visit_to_the_store(shop: Hub, site: Site) -> None:
    # 1. Nothing has answered yet: the page says what is being done, and fills in by itself.
    site.open("/admin/store/")
    wait_for(lambda: any(words in site.text() for words in WAITING), what="what is being done")
    shop.heal()
    wait_for(lambda: is_filled(site), seconds=60, what="the first page of the list")
    # 2. Its end is reached: it grows, and stays so when it is renewed.
    site.browser.execute_script("window.scrollTo(0, document.body.scrollHeight)")
    wait_for(lambda: cards(site) > 24, what="a longer list")
    # 3. A search forgives, is in the address, and can be taken away.
    site.open("/admin/store/?category=demo")
    wait_for(lambda: cards(site) == 6, what="the plugins of the category")
    site.fill("[name=query]", "ÁLPHA hello")
    wait_for(lambda: cards(site) == 1, what="one offer left")
    wait_for(lambda: "query=%C3%81LPHA+hello&category=demo" in site.browser.current_url, what="the search in the address")
    site.browser.refresh()
    wait_for(lambda: cards(site) == 1, what="the same after a reload")
    # 4. The page of a plugin fills in by itself while GitHub takes its time; no picture is loaded from elsewhere.
    shop.latency = 1.0
    site.click(".ls-card[data-plugin=alpha] h3 a")
    site.says("This page fills in by itself")
    site.says("Picture: tracker", ".ls-readme")
    shop.latency = 0.0
    # 5. What changes is told at the top until it is seen.
    offered = json.loads(shop.registry)
    offered["plugins"].append(entry("brand-new"))
    shop.set_registry(offered)
    site.open("/admin/store/")
    site.click(".ls-toolbar button", "Refresh")
    site.says("1 new (Brand-New)", ".ls-news")
    site.click(".ls-news button", "Got it")
    wait_for(lambda: not site.text(".ls-news"), what="nothing new any more")
