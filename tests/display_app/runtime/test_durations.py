"""How long a mode stays: the table of contract 5.5."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from display_app.runtime.durations import Dwell, dwell_of


def plugin(**hooks: Any) -> SimpleNamespace:
    """Return an object whose hooks answer with the given values; an exception is raised."""

    def hook(answer: Any) -> Any:
        def call(**_: Any) -> Any:
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call

    defaults = {"get_display_duration": 20, "supports_dynamic_duration": False, "get_dynamic_duration_cap": None}
    return SimpleNamespace(**{name: hook(answer) for name, answer in (defaults | hooks).items()})


def test_not_dynamic() -> None:
    assert dwell_of(plugin(), "a", global_config={}) == Dwell(20.0, 20.0, False)


@pytest.mark.parametrize("base", [0, -3, None, "20", float("nan"), float("inf"), True, RuntimeError("no")])
def test_a_base_that_is_no_duration_is_fifteen(base: Any) -> None:
    assert dwell_of(plugin(get_display_duration=base), "a", global_config={}).base == 15.0


def dynamic(**hooks: Any) -> SimpleNamespace:
    return plugin(supports_dynamic_duration=True, **hooks)


def test_the_owner_s_longest_cycle_counts_instead_of_the_usual_cap() -> None:
    config = {"display": {"dynamic_duration": {"max_duration_seconds": 60}}}
    assert dwell_of(dynamic(), "a", global_config=config, longest=400.0) == Dwell(20.0, 400.0, True)
    assert dwell_of(dynamic(get_dynamic_duration_cap=90), "a", global_config=config, longest=400.0).maximum == 90.0


@pytest.mark.parametrize(
    ("floor", "base", "maximum"), [(45, 45.0, 90.0), (5, 20.0, 90.0), (None, 20.0, 90.0), (300, 90.0, 90.0), ("x", 20.0, 90.0)]
)
def test_a_floor_lengthens_a_cycle_up_to_its_cap(floor: Any, base: float, maximum: float) -> None:
    found = dwell_of(dynamic(get_dynamic_duration_floor=floor, get_dynamic_duration_cap=90), "a", global_config={})
    assert (found.base, found.maximum) == (base, maximum)


def test_without_the_hook_the_global_table_decides_else_thirty() -> None:
    bare = plugin()
    del bare.get_display_duration
    config = {"display": {"display_durations": {"a": 42}}}
    assert dwell_of(bare, "a", global_config=config).base == 42.0
    assert dwell_of(bare, "b", global_config=config).base == 30.0


@pytest.mark.parametrize(
    ("cap", "common", "cycle", "maximum"),
    [
        (None, None, None, 180.0),
        (90, None, None, 90.0),
        (300, None, None, 180.0),
        (300, 240, None, 240.0),
        (None, 60, None, 60.0),
        (None, None, 75, 75.0),
        (50, None, 75, 50.0),
        (5, None, None, 20.0),
        (None, None, 3, 20.0),
        (-1, 0, -5, 180.0),
        (RuntimeError("no"), None, RuntimeError("no"), 180.0),
        ("many", "few", "some", 180.0),
    ],
)
def test_a_dynamic_dwell_ends_at_the_smallest_limit_but_not_before_the_base(cap: Any, common: Any, cycle: Any, maximum: float) -> None:
    display = {} if common is None else {"dynamic_duration": {"max_duration_seconds": common}}
    dynamic = plugin(supports_dynamic_duration=True, get_dynamic_duration_cap=cap, get_cycle_duration=cycle)
    assert dwell_of(dynamic, "a", global_config={"display": display}) == Dwell(20.0, maximum, True)


def test_the_cycle_is_asked_for_the_mode_by_keyword() -> None:
    dynamic = plugin(supports_dynamic_duration=True)
    dynamic.get_cycle_duration = lambda *, display_mode: {"short": 30, "long": 120}[display_mode]
    assert dwell_of(dynamic, "short", global_config={}).maximum == 30.0
    assert dwell_of(dynamic, "long", global_config={}).maximum == 120.0


def test_a_hook_that_raises_is_not_dynamic() -> None:
    assert dwell_of(plugin(supports_dynamic_duration=RuntimeError("no")), "a", global_config={}).dynamic is False
