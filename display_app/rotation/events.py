"""What can happen to the rotation from outside: frames, misses, ends, commands. Each takes a state and returns the next."""

from __future__ import annotations

from dataclasses import replace

from display_app.rotation.turns import EndedWish, OnDemand, Outcome, Rank, State, Turn


def published(state: State, *, now: float, number: int) -> State:
    """A frame of a turn arrived while its first display() still runs."""
    turn = state.incoming
    if turn is None or turn.number != number or turn.first_frame_at is not None:
        return state
    return replace(state, incoming=replace(turn, first_frame_at=now))


def drawn(state: State, *, now: float, number: int, seconds: float) -> State:
    """The first display() of a turn returned with something to show, for `seconds`."""
    if state.incoming is not None and state.incoming.number == number:
        state = deliver(state, now=now)
    if state.showing is None or state.showing.number != number or state.showing.delivered_at is None:
        return state
    return replace(state, showing=replace(state.showing, until=state.showing.delivered_at + seconds))


def deliver(state: State, *, now: float) -> State:
    """Give the panel to the incoming turn."""
    turn = state.incoming
    if turn is None:
        return state
    introductions = tuple(plugin_id for plugin_id in state.introductions if plugin_id != turn.slot.plugin_id)
    on_demand = state.on_demand
    if turn.rank is Rank.ON_DEMAND and on_demand is not None and on_demand.until is None and on_demand.duration is not None:
        on_demand = replace(on_demand, until=now + on_demand.duration)
    return replace(
        state,
        showing=replace(turn, delivered_at=now),
        incoming=None,
        introductions=introductions,
        on_demand=on_demand,
        avoided="",
        misses=0,
        rest_until=0.0,
        held_until=0.0,
    )


def missed(state: State, *, number: int, whole_plugin: bool = False) -> State:
    """A turn brought nothing: the next slot is asked; `whole_plugin` passes over its other modes too."""
    if state.incoming is not None and state.incoming.number == number:
        avoided = state.incoming.slot.plugin_id if whole_plugin else state.avoided
        introductions = tuple(plugin_id for plugin_id in state.introductions if plugin_id != state.incoming.slot.plugin_id)
        return replace(state, incoming=None, misses=state.misses + 1, avoided=avoided, introductions=introductions)
    return over(state, number=number)


def over(state: State, *, number: int) -> State:
    """A turn ended itself, or stands still."""
    if state.showing is None or state.showing.number != number:
        return state
    return replace(state, showing=replace(state.showing, is_over=True))


def lost(state: State, *, plugin_id: str) -> State:
    """The host of a plugin is gone: its picture may stay, but it will not move."""
    return replace(state, showing=_lost(state.showing, plugin_id), incoming=None if _is_of(state.incoming, plugin_id) else state.incoming)


def restarting(state: State, *, plugin_id: str, until: float) -> State:
    """The host that has the panel is started again on purpose: its picture is held for a moment, and it gets the panel back."""
    if not _is_of(state.showing, plugin_id):
        return lost(state, plugin_id=plugin_id)
    return replace(introduce(lost(state, plugin_id=plugin_id), plugin_id=plugin_id), held_until=until)


def show(state: State, wish: OnDemand, *, now: float) -> State:
    """A person or a plugin asks to see something now; what was asked for before is over."""
    state = stop_showing(state, now=now, outcome=Outcome.REPLACED)
    showing = state.showing
    if showing is not None and showing.rank is Rank.ON_DEMAND:
        showing = replace(showing, rank=Rank.INTRODUCTION, is_over=True)
    return replace(_cleared(state), on_demand=wish, showing=showing)


def stop_showing(state: State, *, now: float, plugin_id: str | None = None, outcome: Outcome = Outcome.STOPPED) -> State:
    """End what is shown on demand; with `plugin_id` only when it is that plugin's."""
    wish = state.on_demand
    if wish is None or (plugin_id is not None and wish.plugin_id != plugin_id):
        return state
    return replace(_cleared(state), on_demand=None, ended_wish=EndedWish(wish, outcome, now))


def refuse(state: State, wish: OnDemand, *, now: float) -> State:
    """Something was asked for that cannot be shown at all; what is shown goes on."""
    return replace(state, ended_wish=EndedWish(wish, Outcome.UNABLE, now))


def next_turn(state: State, *, now: float) -> State:
    """A person wants to see something else."""
    state = stop_showing(state, now=now)
    showing = replace(state.showing, is_over=True) if state.showing else None
    return replace(_cleared(state), showing=showing, introductions=state.introductions[1:], resumes=False)


def introduce(state: State, *, plugin_id: str) -> State:
    """A plugin was just installed: it is shown once, at once."""
    if plugin_id in state.introductions:
        return state
    return replace(state, introductions=(*state.introductions, plugin_id))


def _cleared(state: State) -> State:
    return replace(state, incoming=None, misses=0, rest_until=0.0, avoided="", held_until=0.0)


def _is_of(turn: Turn | None, plugin_id: str) -> bool:
    return turn is not None and turn.slot.plugin_id == plugin_id


def _lost(turn: Turn | None, plugin_id: str) -> Turn | None:
    return replace(turn, is_lost=True) if turn is not None and turn.slot.plugin_id == plugin_id else turn
