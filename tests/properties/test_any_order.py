"""Any order of operations, crashes, hands in folders, states of the registry and time: nothing is lost and nothing comes back."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fakes.hub import Hub
from tests.properties.history import AT_FIRST, DAY, HERE, IDS, UNREACHABLE, AnyOrder, Town

pytestmark = [pytest.mark.process, pytest.mark.timeout(3600)]

EXAMPLES, STEPS = (int(os.environ.get("FUZZ_HISTORIES", 60)), 30) if os.environ.get("FUZZ_FULL") else (4, 12)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Return the world in which every history begins: two plugins installed, automatic updates on."""
    hub = Hub()
    made = AnyOrder.world = Town(tmp_path_factory.mktemp("town"), hub)
    made.do("refresh")
    for plugin_id in IDS[:2]:
        made.do(HERE + "work", made.do(HERE + "ask", "install", plugin_id), kill_at=None)
        made.do(HERE + "configure", plugin_id, AT_FIRST)
    made.do(HERE + "turn_on_automatic_updates")
    made.save("begun")
    yield made
    made.close()
    hub.close()


def test_a_version_that_comes_by_itself_and_fails_goes_back(town: Town) -> None:
    history = AnyOrder()
    history.begin()
    for result in ("crash", "picture"):
        history.a_version_comes_by_itself(13, 3)
        (one,) = history.do("on_probation")
        history.nothing_is_lost_and_nothing_comes_back()
        history.the_panel_tells(result, 3, 2)
        assert history.do("was_sent_back", one["generation"]) is (result == "crash")


@pytest.mark.parametrize("mode", UNREACHABLE)
def test_a_registry_that_cannot_be_asked_decides_nothing(town: Town, mode: str) -> None:
    history = AnyOrder()
    history.begin()
    history.registry(mode)
    history.delete_folder("alpha")
    history.install("gamma", None, None)
    history.nothing_is_lost_and_nothing_comes_back()
    history.registry("up")
    history.time_passes(DAY)
    history.nothing_is_lost_and_nothing_comes_back()
    assert not history.do("recover_and_tell")["rows"]["alpha"]["missing"]


def test_any_order(town: Town) -> None:
    try:
        run_state_machine_as_test(
            AnyOrder,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                derandomize=not os.environ.get("FUZZ_FULL"),
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        print(f"any order: {EXAMPLES} histories, {AnyOrder.steps} pieces of work, {AnyOrder.kills_that_landed} kills landed,")
        print(f"{AnyOrder.came_by_themselves} versions came by themselves, {AnyOrder.sent_back} were sent back")
