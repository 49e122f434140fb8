"""The director's decision, many times a second: (state, what is) -> (next state, which turns brought nothing)."""

from __future__ import annotations

import math
from dataclasses import replace

from display_app.rotation import events
from display_app.rotation.choosing import choose, slot_count, wanted_rank
from display_app.rotation.turns import TICKER_SLOT, Inputs, Outcome, Rank, Readiness, Slot, State, Turn

FIRST_FRAME_PATIENCE = 0.1
REST_SECONDS = 2.0
INTRODUCTION_SECONDS = 1.5
OPENING_SECONDS = 3.0


def tick(state: State, inputs: Inputs) -> tuple[State, list[Slot]]:
    """Return the next state and the slots whose turn passed because no frame came in time."""
    state = _forget_what_is_gone(state, inputs)
    if not inputs.power or inputs.covered:
        return replace(state, showing=None, incoming=None, resumes=True), []
    state, passed = _look_at_incoming(state, inputs)
    rank = wanted_rank(state, inputs)
    if state.incoming is not None and state.incoming.rank >= rank:
        return state, passed
    if _showing_goes_on(state, inputs, rank):
        return replace(state, incoming=None), passed
    return _ask_next(replace(state, incoming=None), inputs, rank), passed


def peek(state: State, inputs: Inputs) -> Slot | None:
    """Return who would come next if the present turn ended now."""
    if state.incoming is not None:
        return state.incoming.slot
    chosen = choose(wanted_rank(state, inputs), state, inputs)
    return chosen[0] if chosen else None


def next_moment(state: State, *, now: float) -> float:
    """Return when time alone may change the decision: at once while something is awaited, infinite when nothing runs out."""
    if state.incoming is not None or state.waiting_for is not None:
        return now
    showing, wish = state.showing, state.on_demand
    moments = [state.rest_until, state.held_until, 0.0 if state.turns else state.opens_at, (wish and wish.until) or 0.0]
    if showing is not None:
        moments.append(showing.until or 0.0)
        if state.introductions and showing.rank is Rank.INTRODUCTION:
            moments.append((showing.delivered_at or showing.asked_at) + INTRODUCTION_SECONDS)
    return min((moment for moment in moments if moment > now), default=math.inf)


def _forget_what_is_gone(state: State, inputs: Inputs) -> State:
    wish = state.on_demand
    if wish is not None:
        candidate = inputs.candidate(wish.plugin_id)
        if wish.until is not None and inputs.now >= wish.until:
            state = events.stop_showing(state, now=inputs.now, outcome=Outcome.FINISHED)
        elif candidate is None or candidate.readiness is Readiness.UNABLE:
            state = events.stop_showing(state, now=inputs.now, outcome=Outcome.UNABLE)
    known = tuple(plugin_id for plugin_id in state.introductions if inputs.candidate(plugin_id) is not None)
    showing, incoming = state.showing, state.incoming
    if showing is not None and _has_left(showing, inputs):
        showing = None
    if incoming is not None and not inputs.is_ready(incoming.slot.plugin_id):
        incoming = None
    return replace(state, showing=showing, incoming=incoming, introductions=known)


def _has_left(turn: Turn, inputs: Inputs) -> bool:
    """Tell whether not even the last picture of a turn may stay."""
    if turn.slot == TICKER_SLOT:
        return not inputs.ticker.is_ready
    candidate = inputs.candidate(turn.slot.plugin_id)
    return candidate is None or (turn.is_lost and candidate.readiness is Readiness.UNABLE)


def _look_at_incoming(state: State, inputs: Inputs) -> tuple[State, list[Slot]]:
    turn = state.incoming
    if turn is None:
        return state, []
    if turn.first_frame_at is not None and inputs.now - turn.first_frame_at >= FIRST_FRAME_PATIENCE:
        return events.deliver(state, now=inputs.now), []
    if turn.first_frame_at is None and inputs.now - turn.asked_at >= inputs.first_frame_seconds:
        return events.missed(state, number=turn.number, whole_plugin=True), [turn.slot]
    return state, []


def _showing_goes_on(state: State, inputs: Inputs, rank: Rank) -> bool:
    turn = state.showing
    if turn is None:
        return False
    if turn.is_lost and inputs.now < state.held_until and not inputs.is_ready(turn.slot.plugin_id) and rank is not Rank.LIVE:
        return True
    if turn.rank < rank or (turn.rank is Rank.ON_DEMAND and rank is not Rank.ON_DEMAND):
        return False
    if rank is Rank.ON_DEMAND and state.on_demand is not None and turn.slot.plugin_id != state.on_demand.plugin_id:
        return False
    if inputs.paused and turn.rank is not Rank.ON_DEMAND and not turn.is_over and not turn.is_lost:
        return True
    return not turn.has_ended(inputs.now) and not _has_lost_its_cause(turn, inputs, rank)


def _has_lost_its_cause(turn: Turn, inputs: Inputs, rank: Rank) -> bool:
    if rank is Rank.INTRODUCTION and turn.rank is Rank.INTRODUCTION:
        return inputs.now - (turn.delivered_at or turn.asked_at) >= INTRODUCTION_SECONDS  # another new one waits
    if turn.slot == TICKER_SLOT:
        return inputs.ticker.stop is not None and inputs.is_ready(inputs.ticker.stop.plugin_id)
    return turn.rank in (Rank.TICKER, Rank.LIVE) and rank < turn.rank


def _ask_next(state: State, inputs: Inputs, rank: Rank) -> State:
    if inputs.now < state.rest_until:
        return state
    if state.misses and state.misses >= slot_count(rank, state, inputs):
        if rank is Rank.ON_DEMAND:
            # it has nothing to show: no reason to wait in front of it
            state = events.stop_showing(state, now=inputs.now, outcome=Outcome.DECLINED)
            return _ask_next(state, inputs, wanted_rank(state, inputs))
        return replace(state, misses=0, avoided="", rest_until=inputs.now + REST_SECONDS)
    chosen = choose(rank, _remember_interruption(state, inputs, rank), inputs)
    if chosen is None:
        return _remember_interruption(state, inputs, rank)
    slot, position = chosen
    state = replace(state, opens_at=state.opens_at or inputs.now + OPENING_SECONDS)
    if _should_wait(slot, state, inputs, rank):
        return state
    state = replace(_remember_interruption(state, inputs, rank), turns=state.turns + 1)
    turn = Turn(number=state.turns, slot=slot, rank=rank, asked_at=inputs.now)
    if rank is Rank.ROTATION:
        state = replace(state, position=position, last=slot, resumes=False)
    if rank is Rank.LIVE:
        state = replace(state, last_live=slot)
    if state.showing is not None and state.showing.slot == slot and not state.showing.is_lost:
        return _renew(state, turn, inputs.now)
    if slot == TICKER_SLOT:
        return events.deliver(replace(state, incoming=turn), now=inputs.now)
    return replace(state, incoming=turn)


def _should_wait(slot: Slot, state: State, inputs: Inputs, rank: Rank) -> bool:
    """Tell whether the first picture of all waits a moment: for the ticker, or for a plugin that is earlier in the order."""
    if state.turns or inputs.now >= state.opens_at or rank not in (Rank.ROTATION, Rank.INTRODUCTION):
        return False
    order = [candidate.plugin_id for candidate in inputs.candidates]
    earlier = inputs.candidates[: order.index(slot.plugin_id)]
    return inputs.ticker.is_coming or any(candidate.readiness is Readiness.STARTING for candidate in earlier)


def _renew(state: State, turn: Turn, now: float) -> State:
    return events.deliver(replace(state, incoming=replace(turn, fresh=False)), now=now)


def _remember_interruption(state: State, inputs: Inputs, rank: Rank) -> State:
    turn = state.showing
    is_cut = turn is not None and turn.rank is Rank.ROTATION and rank > Rank.ROTATION and not turn.has_ended(inputs.now)
    return replace(state, resumes=True) if is_cut else state
