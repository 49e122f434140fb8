"""One world with all its scenes, prepared once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crash.scenes import SCENES
from tests.crash.world import World
from tests.fakes.hub import Hub


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
