"""Who has the panel: order of ranks, rounds, misses, interruptions; and what holds for every sequence of events."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from display_app.rotation import events
from display_app.rotation.tick import INTRODUCTION_SECONDS, next_moment, peek, tick
from display_app.rotation.turns import TICKER_SLOT, Candidate, Inputs, OnDemand, Outcome, Rank, Readiness, Slot, State, TickerView

READY, STARTING, UNABLE = Readiness.READY, Readiness.STARTING, Readiness.UNABLE


def plugin(name: str, *modes: str, readiness: Readiness = READY, live: tuple[str, ...] = ()) -> Candidate:
    return Candidate(name, modes or (name,), readiness, live)


class Panel:
    """A rotation with hosts that answer as the test says; seconds go by with `wait`."""

    def __init__(self, *candidates: Candidate, seconds: float = 10.0) -> None:
        self.inputs = Inputs(now=100.0, candidates=candidates)
        self.state = State()
        self.seconds = seconds
        self.silent: set[str] = set()
        self.passed: list[Slot] = []
        self.settle()

    def settle(self) -> None:
        for _ in range(12):
            self.state, passed = tick(self.state, self.inputs)
            self.passed += passed
            turn = self.state.incoming
            if turn is not None and turn.slot.plugin_id not in self.silent:
                self.state = events.drawn(self.state, now=self.inputs.now, number=turn.number, seconds=self.seconds)
            showing = self.state.showing
            if showing is not None and showing.until is None:
                self.state = events.drawn(self.state, now=self.inputs.now, number=showing.number, seconds=self.seconds)

    def wait(self, seconds: float) -> None:
        self.inputs = replace(self.inputs, now=self.inputs.now + seconds)
        self.settle()

    def set(self, *candidates: Candidate) -> None:
        self.inputs = replace(self.inputs, candidates=candidates)
        self.settle()

    @property
    def shown(self) -> str | None:
        return f"{self.state.showing.slot.plugin_id}.{self.state.showing.slot.mode}" if self.state.showing else None

    def rounds(self, number: int) -> list[str | None]:
        seen = []
        for _ in range(number):
            seen.append(self.shown)
            self.wait(self.seconds)
        return seen


def test_modes_follow_one_another_in_order() -> None:
    assert Panel(plugin("a", "1", "2"), plugin("b")).rounds(5) == ["a.1", "a.2", "b.b", "a.1", "a.2"]


def test_a_plugin_that_cannot_draw_is_left_out_and_joins_later() -> None:
    panel = Panel(plugin("a"), plugin("b", readiness=STARTING), plugin("c"))
    assert panel.rounds(3) == ["a.a", "c.c", "a.a"]
    panel.set(plugin("a"), plugin("b"), plugin("c"))
    assert "b.b" in panel.rounds(3)


def test_hosts_that_become_ready_later_do_not_confuse_the_order() -> None:
    panel = Panel(Candidate("a", (), STARTING), plugin("b"), Candidate("c", (), STARTING))
    panel.wait(3.1)
    assert panel.shown == "b.b"
    panel.set(plugin("a", "1", "2"), plugin("b"), plugin("c"))
    assert panel.rounds(4) == ["b.b", "c.c", "a.1", "a.2"]


def test_the_round_goes_on_behind_a_plugin_that_was_removed() -> None:
    panel = Panel(plugin("a"), plugin("b"), plugin("c"))
    panel.wait(10)
    panel.set(plugin("a"), plugin("c"))
    assert panel.rounds(2) == ["c.c", "a.a"]


def test_a_single_plugin_goes_on_without_a_fresh_start() -> None:
    panel = Panel(plugin("a"))
    first = panel.state.showing
    panel.wait(10)
    assert first is not None and panel.state.showing is not None
    assert panel.state.showing.number > first.number
    assert panel.state.showing.fresh is False


def test_a_plugin_that_brings_no_frame_within_a_second_is_passed_while_the_last_one_goes_on() -> None:
    panel = Panel(plugin("a"), plugin("b"), plugin("c"))
    panel.silent = {"b"}
    panel.wait(10)
    assert panel.shown == "a.a"
    assert panel.state.incoming is not None and panel.state.incoming.slot == Slot("b", "b")
    panel.wait(1.0)
    assert panel.shown == "c.c"
    assert panel.passed == [Slot("b", "b")]


def test_when_nobody_delivers_the_last_picture_stays_and_there_is_a_rest() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    panel.silent = {"b"}
    panel.state = events.lost(panel.state, plugin_id="a")
    panel.set(plugin("a", readiness=STARTING), plugin("b"))
    for _ in range(4):
        panel.wait(1.0)
        assert panel.shown == "a.a"


def test_a_frame_is_shown_before_display_returns_but_not_at_once() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    panel.silent = {"b"}
    panel.wait(10)
    assert panel.state.incoming is not None
    panel.state = events.published(panel.state, now=panel.inputs.now, number=panel.state.incoming.number)
    panel.wait(0.05)
    assert panel.shown == "a.a"
    panel.wait(0.06)
    assert panel.shown == "b.b"


def test_a_removed_plugin_leaves_at_once_and_nothing_remains_of_the_last_one() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    panel.set(plugin("b"))
    assert panel.shown == "b.b"
    panel.set()
    assert panel.shown is None


def test_live_content_takes_the_panel_goes_round_and_gives_it_back() -> None:
    panel = Panel(plugin("a"), plugin("b", "b_recent", "b_live"), plugin("c", "c_live"))
    panel.wait(3)
    panel.set(plugin("a"), plugin("b", "b_recent", "b_live", live=("b_live",)), plugin("c", "c_live", live=("c_live",)))
    assert panel.rounds(3) == ["b.b_live", "c.c_live", "b.b_live"]
    panel.set(plugin("a"), plugin("b", "b_recent", "b_live"), plugin("c", "c_live"))
    assert panel.shown == "a.a"


def test_on_demand_comes_before_live_and_ends_after_its_time() -> None:
    panel = Panel(plugin("a", live=("a",)), plugin("b"))
    panel.state = events.show(panel.state, OnDemand("b", duration=25), now=panel.inputs.now)
    panel.settle()
    assert panel.rounds(2) == ["b.b", "b.b"]
    panel.wait(5)
    assert panel.shown == "a.a"


def test_on_demand_pinned_stays_in_its_mode_and_unpinned_goes_round() -> None:
    panel = Panel(plugin("a"), plugin("b", "1", "2", "3"))
    panel.state = events.show(panel.state, OnDemand("b", mode="2", pinned=True), now=panel.inputs.now)
    panel.settle()
    assert panel.rounds(2) == ["b.2", "b.2"]
    panel.state = events.show(panel.state, OnDemand("b", mode="2"), now=panel.inputs.now)
    panel.settle()
    assert panel.rounds(4) == ["b.2", "b.3", "b.1", "b.2"]


def test_another_mode_on_demand_is_shown_at_once() -> None:
    panel = Panel(plugin("a"), plugin("b", "1", "2"))
    for mode in ("2", "1"):
        panel.state = events.show(panel.state, OnDemand("b", mode=mode), now=panel.inputs.now)
        panel.settle()
        assert panel.shown == f"b.{mode}"


def test_on_demand_waits_for_a_host_that_starts_and_gives_up_one_that_cannot() -> None:
    panel = Panel(plugin("a"), plugin("b", readiness=STARTING))
    panel.state = events.show(panel.state, OnDemand("b"), now=panel.inputs.now)
    panel.settle()
    assert panel.state.waiting_for == "b"
    panel.set(plugin("a"), plugin("b", readiness=UNABLE))
    assert panel.state.on_demand is None
    assert panel.shown == "a.a"


def test_on_demand_with_nothing_to_show_ends() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    panel.silent = {"b"}
    panel.state = events.show(panel.state, OnDemand("b"), now=panel.inputs.now)
    panel.settle()
    panel.wait(1.1)
    assert panel.state.on_demand is None
    assert panel.shown == "a.a"


def test_the_rotation_goes_on_where_it_was_interrupted() -> None:
    panel = Panel(plugin("a"), plugin("b"), plugin("c"))
    panel.wait(10)
    panel.wait(3)
    panel.state = events.show(panel.state, OnDemand("a", duration=5), now=panel.inputs.now)
    panel.settle()
    panel.wait(5)
    assert panel.rounds(3) == ["b.b", "c.c", "a.a"]


def test_next_ends_the_turn_and_what_was_asked_for() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    panel.state = events.show(panel.state, OnDemand("a"), now=panel.inputs.now)
    panel.settle()
    panel.state = events.next_turn(panel.state, now=panel.inputs.now)
    panel.settle()
    assert panel.state.on_demand is None
    assert panel.shown == "b.b"


def test_a_pause_stops_the_rotation_but_not_what_is_asked_for() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    panel.inputs = replace(panel.inputs, paused=True)
    assert panel.rounds(3) == ["a.a", "a.a", "a.a"]
    panel.state = events.next_turn(panel.state, now=panel.inputs.now)
    panel.settle()
    assert panel.shown == "b.b"


def test_a_new_plugin_is_shown_once_as_soon_as_it_can() -> None:
    panel = Panel(plugin("a"), plugin("b", readiness=STARTING))
    panel.state = events.introduce(panel.state, plugin_id="b")
    panel.wait(2)
    assert panel.shown == "a.a"
    panel.set(plugin("a"), plugin("b"))
    assert panel.shown == "b.b"
    assert panel.state.introductions == ()
    panel.wait(10)
    assert panel.shown == "a.a"


def test_a_host_that_is_restarted_on_purpose_keeps_its_picture_and_gets_the_panel_back() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    panel.state = events.restarting(panel.state, plugin_id="a", until=panel.inputs.now + 3)
    panel.set(plugin("a", readiness=STARTING), plugin("b"))
    panel.wait(1)
    assert panel.shown == "a.a"
    panel.set(plugin("a"), plugin("b"))
    assert panel.shown == "a.a"
    assert panel.state.showing is not None and not panel.state.showing.is_lost


def test_without_power_nobody_has_the_panel_and_then_the_same_one_again() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    panel.wait(10)
    panel.inputs = replace(panel.inputs, power=False)
    panel.settle()
    assert panel.shown is None
    panel.inputs = replace(panel.inputs, power=True)
    panel.settle()
    assert panel.shown == "b.b"


def test_the_next_moment_is_the_end_of_a_turn() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    assert next_moment(panel.state, now=101.0) == 110.0


def test_the_next_moment_is_now_while_a_picture_or_a_host_is_awaited() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    panel.silent.add("b")
    panel.wait(10.0)
    assert panel.state.incoming is not None
    assert next_moment(panel.state, now=110.0) == 110.0
    state = events.show(panel.state, OnDemand("c"), now=110.0)
    assert next_moment(state, now=110.0) == 110.0


def test_the_next_moment_is_the_end_of_what_was_asked_for() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    panel.state = events.show(panel.state, OnDemand("b", duration=3.0, pinned=True), now=100.0)
    panel.settle()
    assert next_moment(panel.state, now=101.0) == 103.0


def test_a_rest_ends_in_time() -> None:
    panel = Panel()
    panel.state = State(rest_until=102.0)
    assert next_moment(panel.state, now=101.0) == 102.0
    assert next_moment(panel.state, now=102.0) == math.inf


def test_a_new_plugin_makes_way_for_another_new_one_in_time() -> None:
    panel = Panel(plugin("a"))
    for name in ("b", "c"):
        panel.set(*panel.inputs.candidates, plugin(name))
        panel.state = events.introduce(panel.state, plugin_id=name)
    panel.settle()
    assert next_moment(panel.state, now=101.0) == 100.0 + INTRODUCTION_SECONDS


def test_peek_names_the_next_one() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    assert peek(panel.state, panel.inputs) == Slot("b", "b")


# -- the first picture of all


def test_the_first_in_the_order_opens_though_another_is_ready_earlier() -> None:
    panel = Panel(plugin("a", readiness=STARTING), plugin("b"))
    assert (panel.shown, panel.state.incoming) == (None, None)
    panel.wait(1)
    panel.set(plugin("a"), plugin("b"))
    assert panel.shown == "a.a"
    panel.wait(10)
    assert panel.shown == "b.b"


def test_whoever_is_ready_opens_when_the_first_takes_too_long() -> None:
    panel = Panel(plugin("a", readiness=STARTING), plugin("b"))
    panel.wait(2.9)
    assert panel.shown is None
    panel.wait(0.2)
    assert panel.shown == "b.b"
    unable = Panel(plugin("a", readiness=UNABLE), plugin("b"))
    assert unable.shown == "b.b"


# -- how a wish ends


def ended(panel: Panel) -> tuple[str, Outcome] | None:
    found = panel.state.ended_wish
    return (found.wish.plugin_id, found.outcome) if found else None


def test_a_wish_for_a_plugin_that_has_nothing_to_show_ends_as_declined() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    panel.silent = {"b"}
    panel.state = events.show(panel.state, OnDemand("b", duration=60, number=7), now=panel.inputs.now)
    panel.settle()
    assert ended(panel) is None
    panel.wait(1.1)
    assert (ended(panel), panel.shown) == (("b", Outcome.DECLINED), "a.a")
    assert panel.state.ended_wish is not None and panel.state.ended_wish.wish.number == 7


def test_each_way_in_which_a_wish_ends_has_its_name() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    panel.state = events.show(panel.state, OnDemand("b", duration=5), now=panel.inputs.now)
    panel.settle()
    panel.wait(6)
    assert ended(panel) == ("b", Outcome.FINISHED)
    panel.state = events.show(panel.state, OnDemand("a"), now=panel.inputs.now)
    panel.state = events.show(panel.state, OnDemand("b"), now=panel.inputs.now)
    assert ended(panel) == ("a", Outcome.REPLACED)
    panel.set(plugin("a"), plugin("b", readiness=UNABLE))
    assert ended(panel) == ("b", Outcome.UNABLE)
    panel.state = events.stop_showing(events.show(panel.state, OnDemand("a"), now=panel.inputs.now), now=panel.inputs.now)
    assert ended(panel) == ("a", Outcome.STOPPED)


# -- the ticker


def is_ticker(state: State) -> bool:
    return state.showing is not None and state.showing.slot == TICKER_SLOT


def with_ticker(panel: Panel, **view: object) -> None:
    panel.inputs = replace(panel.inputs, ticker=TickerView(**{"is_ready": True, **view}))  # type: ignore[arg-type]
    panel.settle()


def test_the_ticker_takes_the_place_of_the_rotation_while_it_has_pictures() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    with_ticker(panel)
    assert is_ticker(panel.state)
    panel.wait(1000)
    assert is_ticker(panel.state) and panel.state.incoming is None
    with_ticker(panel, is_ready=False)
    assert panel.shown == "a.a"


def test_what_is_live_or_asked_for_interrupts_the_ticker_and_gives_it_back() -> None:
    panel = Panel(plugin("a"), plugin("b", "b_live"))
    with_ticker(panel)
    panel.set(plugin("a"), plugin("b", "b_live", live=("b_live",)))
    assert panel.shown == "b.b_live"
    panel.state = events.show(panel.state, OnDemand("a", duration=5), now=panel.inputs.now)
    panel.settle()
    assert panel.shown == "a.a"
    panel.wait(6)
    assert panel.shown == "b.b_live"
    panel.set(plugin("a"), plugin("b", "b_live"))
    assert is_ticker(panel.state)
    panel.inputs = replace(panel.inputs, covered=True)
    panel.settle()
    assert panel.shown is None
    panel.inputs = replace(panel.inputs, covered=False)
    panel.settle()
    assert is_ticker(panel.state)


def test_live_content_may_be_kept_in_the_ticker() -> None:
    panel = Panel(plugin("a"), plugin("b", "b_live", live=("b_live",)))
    with_ticker(panel, keeps_live=True)
    assert is_ticker(panel.state)


def test_at_a_stop_the_plugin_has_the_panel_for_its_time_and_then_the_ticker_goes_on() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    with_ticker(panel)
    with_ticker(panel, stop=Slot("b", "b"))
    assert panel.shown == "b.b" and panel.state.showing is not None and panel.state.showing.rank is Rank.TICKER
    with_ticker(panel)
    panel.wait(9)
    assert panel.shown == "b.b"
    panel.wait(1)
    assert is_ticker(panel.state)


def test_a_stop_that_brings_no_picture_is_passed() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    with_ticker(panel)
    panel.silent = {"b"}
    with_ticker(panel, stop=Slot("b", "b"))
    assert is_ticker(panel.state) and panel.state.incoming is not None
    with_ticker(panel)
    panel.wait(1.1)
    assert is_ticker(panel.state) and panel.state.incoming is None
    assert panel.passed == [Slot("b", "b")]


def test_a_panel_that_stands_still_is_not_taken_by_the_ticker() -> None:
    panel = Panel(plugin("a"), plugin("b"))
    panel.inputs = replace(panel.inputs, paused=True)
    with_ticker(panel)
    assert panel.shown == "a.a"


def test_the_ticker_opens_when_it_is_about_to_be_ready() -> None:
    panel = Panel(plugin("a", readiness=STARTING))
    panel.inputs = replace(panel.inputs, ticker=TickerView(is_coming=True))
    panel.set(plugin("a"))
    assert panel.shown is None
    with_ticker(panel)
    assert is_ticker(panel.state)


NAMES = ("a", "b", "c")
candidates = st.lists(
    st.builds(
        Candidate,
        st.sampled_from(NAMES),
        st.sampled_from([("x",), ("x", "y"), ("x_live", "z")]),
        st.sampled_from(list(Readiness)),
        st.sampled_from([(), ("x_live",)]),
    ).map(lambda found: replace(found, live=tuple(mode for mode in found.live if mode in found.modes))),
    max_size=3,
    unique_by=lambda found: found.plugin_id,
).map(tuple)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("candidates"), candidates),
        st.tuples(st.just("wait"), st.floats(0, 20)),
        st.tuples(st.just("deliver"), st.floats(1, 30)),
        st.tuples(st.sampled_from(["miss", "over", "next", "stop", "frame", "lose"]), st.none()),
        st.tuples(st.sampled_from(["show", "introduce"]), st.sampled_from(NAMES)),
        st.tuples(st.sampled_from(["power", "paused"]), st.booleans()),
        st.tuples(st.just("ticker"), st.builds(TickerView, st.booleans(), stop=st.sampled_from([None, Slot("a", "x")]))),
    ),
    max_size=40,
)


def happen(state: State, inputs: Inputs, what: str, value: object) -> tuple[State, Inputs]:
    incoming = state.incoming.number if state.incoming else 0
    showing = state.showing.number if state.showing else 0
    changes = {
        "deliver": lambda: events.drawn(state, now=inputs.now, number=incoming or showing, seconds=float(str(value))),
        "miss": lambda: events.missed(state, number=incoming, whole_plugin=True),
        "over": lambda: events.over(state, number=showing),
        "next": lambda: events.next_turn(state, now=inputs.now),
        "stop": lambda: events.stop_showing(state, now=inputs.now),
        "frame": lambda: events.published(state, now=inputs.now, number=incoming),
        "lose": lambda: events.lost(state, plugin_id=state.showing.slot.plugin_id if state.showing else ""),
        "show": lambda: events.show(state, OnDemand(str(value), duration=5), now=inputs.now),
        "introduce": lambda: events.introduce(state, plugin_id=str(value)),
    }
    if what in changes:
        return changes[what](), inputs
    if what == "wait":
        return state, replace(inputs, now=inputs.now + float(str(value)))
    return state, replace(inputs, **{what: value})


@settings(max_examples=300, deadline=None)
@given(steps)
def test_what_always_holds(actions: list[tuple[str, object]]) -> None:
    state, inputs = State(), Inputs(now=0.0, candidates=())
    for what, value in actions:
        state, inputs = happen(state, inputs, what, value)
        state, _ = tick(state, inputs)
        ready = {found.plugin_id for found in inputs.candidates if found.readiness is READY}
        known = {found.plugin_id for found in inputs.candidates}
        assert state.incoming is None or state.incoming.slot.plugin_id in ready
        assert state.showing is None or state.showing.slot.plugin_id in known or (is_ticker(state) and inputs.ticker.is_ready)
        assert state.showing is None or state.showing.delivered_at is not None
        if state.on_demand is not None and state.incoming is not None:
            assert state.incoming.rank is Rank.ON_DEMAND
        if inputs.power and ready and state.showing is None and inputs.now >= state.rest_until and state.on_demand is None:
            assert state.incoming is not None or inputs.now < state.opens_at
        again, _ = tick(state, inputs)
        assert again.showing == state.showing
