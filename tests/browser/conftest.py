"""One running product with a shop of sample plugins and one browser, for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium import webdriver

from tests.browser.site import Site
from tests.fakes.browser import chromium
from tests.fakes.hub import Hub
from tests.fakes.product import Product, running_product
from tests.fakes.samples import sample_registry


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Serve the sample plugins as a monorepo."""
    registry, folder = sample_registry(tmp_path_factory.mktemp("shop"))
    hub = Hub(registry=registry, plugins=folder)
    yield hub
    hub.close()


@pytest.fixture(scope="module")
def product(shop: Hub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Run the product against the shop."""
    with running_product(tmp_path_factory.mktemp("product"), **shop.environment()) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    """Run a browser with a desktop's window."""
    with chromium(width=1280, height=900) as driver:
        yield driver


@pytest.fixture(scope="module")
def site(product: Product, browser: webdriver.Chrome) -> Site:
    """Log the administrator in, through the form."""
    site = Site(browser, product.url)
    site.log_in()
    return site


@pytest.fixture(autouse=True)
def no_complaints(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail when a page asked another server for anything, or its console shows an error."""
    yield
    if "site" in request.fixturenames:
        request.getfixturevalue("site").check()
