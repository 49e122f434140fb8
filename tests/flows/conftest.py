"""One running product with a hub of sample plugins, shared by the flows of a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.hub import Hub
from tests.fakes.product import Product, running_product
from tests.fakes.samples import sample_registry


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Serve four copies of the hello plugin and one broken plugin as a monorepo."""
    registry, folder = sample_registry(tmp_path_factory.mktemp("shop"))
    hub = Hub(registry=registry, plugins=folder)
    yield hub
    hub.close()


@pytest.fixture(scope="module")
def product(shop: Hub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Run the product against the shop."""
    folder: Path = tmp_path_factory.mktemp("product")
    with running_product(folder, **shop.environment()) as running:
        yield running
