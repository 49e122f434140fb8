"""One world with all its scenes, prepared once."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.crash.scenes import SCENES
from tests.crash.siege import IDS, Siege
from tests.crash.world import World
from tests.fakes.hub import Hub
from tests.fakes.product import running_product, wait_for
from tests.fakes.samples import sample_registry


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return the world; every scene has its operation asked for, and its number in `operations`."""
    hub = Hub()
    made = World(tmp_path_factory.mktemp("crash"), hub)
    made.save("empty")
    for kind, steps in SCENES.items():
        prepare(made, steps)
        made.operations[kind] = made.do("request", kind)
        made.bystander[kind] = made.do("look")["folders"]["bystander"]
        made.save(kind)
    made.publish(version="2.0.0")
    yield made
    made.close()
    hub.close()


def prepare(made: World, steps: list[str]) -> None:
    """Go through the steps of a scene; the beginnings that scenes have in common are made once."""
    made.publish(version="1.0.0")
    made.load("empty")
    for number, step in enumerate(steps, 1):
        so_far = "+".join(steps[:number])
        if step == "new version":
            made.publish(version="2.0.0")
        elif made.has(so_far):
            made.load(so_far)
        else:
            made.do(step)
            made.save(so_far)


@pytest.fixture(params=list(SCENES))
def kind(request: pytest.FixtureRequest) -> str:
    """Return each kind of operation in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    """Return the real product with four plugins; it is ended by force when it does not listen."""
    folder = tmp_path_factory.mktemp("siege")
    registry, plugins = sample_registry(folder / "shop")
    hub = Hub(registry=registry, plugins=plugins)
    with running_product(folder, **hub.environment()) as product:
        wait_for(lambda: product.get("plugins/store/list")["results"], what="a filled store")
        for plugin_id in IDS:
            product.request("POST", "plugins/install", json={"plugin_id": plugin_id})
        yield Siege(product, folder / "shop", hub, random.Random(0))
    hub.close()
