"""Which slot comes next: round after round through the slots of the highest rank that has any."""

from __future__ import annotations

from display_app.rotation.turns import TICKER_SLOT, Candidate, Inputs, Rank, Readiness, Slot, State


def wanted_rank(state: State, inputs: Inputs) -> Rank:
    """Return the rank that the panel belongs to now."""
    if state.on_demand is not None:
        return Rank.ON_DEMAND
    if introduced(state, inputs) is not None:
        return Rank.INTRODUCTION
    has_ticker = _has_ticker(state, inputs)
    if not inputs.paused and live_slots(inputs) and not (has_ticker and inputs.ticker.keeps_live):
        return Rank.LIVE
    return Rank.TICKER if has_ticker else Rank.ROTATION


def _has_ticker(state: State, inputs: Inputs) -> bool:
    """Tell whether the strip may have the panel; a rotation that was told to stand still keeps it."""
    is_held = inputs.paused and state.showing is not None and state.showing.rank is Rank.ROTATION
    return inputs.ticker.is_ready and not is_held


def introduced(state: State, inputs: Inputs) -> Slot | None:
    """Return the first mode of the first new plugin that can draw."""
    for plugin_id in state.introductions:
        candidate = inputs.candidate(plugin_id)
        if candidate is not None and candidate.readiness is Readiness.READY and candidate.modes:
            return Slot(plugin_id, candidate.modes[0])
    return None


def live_slots(inputs: Inputs) -> list[Slot]:
    """Return the slots with live content, in the order of the panel."""
    return [Slot(found.plugin_id, mode) for found in inputs.candidates if found.readiness is Readiness.READY for mode in found.live]


def all_slots(inputs: Inputs) -> list[Slot]:
    """Return every slot in the order of the panel, whether its host can draw or not."""
    return [Slot(found.plugin_id, mode) for found in inputs.candidates for mode in found.modes]


def slot_count(rank: Rank, state: State, inputs: Inputs) -> int:
    """Return how many slots a rank goes through before it comes round."""
    if rank is Rank.ON_DEMAND:
        return len(on_demand_slots(state, inputs))
    if rank is Rank.LIVE:
        return len(live_slots(inputs))
    if rank is Rank.TICKER:
        return state.misses + 1  # the strip itself never misses
    return len([slot for slot in all_slots(inputs) if inputs.is_ready(slot.plugin_id)])


def choose(rank: Rank, state: State, inputs: Inputs) -> tuple[Slot, int] | None:
    """Return the next slot of a rank and, for the rotation, its position; None when nobody can draw."""
    if rank is Rank.ON_DEMAND:
        return _choose_on_demand(state, inputs)
    if rank is Rank.INTRODUCTION:
        slot = introduced(state, inputs)
        return (slot, state.position) if slot else None
    if rank is Rank.TICKER:
        return _choose_ticker(inputs), state.position
    if rank is Rank.LIVE:
        slots = live_slots(inputs)
        return (_after(slots, state.last_live), state.position) if slots else None
    return _choose_rotation(state, inputs)


def on_demand_slots(state: State, inputs: Inputs) -> list[Slot]:
    """Return what was asked for: one mode when pinned, else all, live ones first, or those from the mode that was named on."""
    wish = state.on_demand
    candidate = inputs.candidate(wish.plugin_id) if wish else None
    if wish is None or candidate is None or candidate.readiness is not Readiness.READY:
        return []
    modes = _ordered_modes(candidate)
    if wish.mode in modes:
        start = modes.index(wish.mode)
        modes = modes[start:] + modes[:start]
    return [Slot(wish.plugin_id, mode) for mode in (modes[:1] if wish.pinned else modes)]


def _ordered_modes(candidate: Candidate) -> list[str]:
    live = [mode for mode in candidate.modes if mode in candidate.live]
    idle_live = [mode for mode in candidate.modes if mode.endswith("_live") and mode not in live]
    return live + [mode for mode in candidate.modes if mode not in live and mode not in idle_live] + idle_live


def _choose_on_demand(state: State, inputs: Inputs) -> tuple[Slot, int] | None:
    slots = on_demand_slots(state, inputs)
    if not slots:
        return None
    if state.misses:
        return slots[state.misses % len(slots)], state.position
    is_theirs = state.showing is not None and state.showing.rank is Rank.ON_DEMAND
    return _after(slots, state.showing.slot if state.showing and is_theirs else None), state.position


def _choose_ticker(inputs: Inputs) -> Slot:
    stop = inputs.ticker.stop
    return stop if stop is not None and inputs.is_ready(stop.plugin_id) else TICKER_SLOT


def _choose_rotation(state: State, inputs: Inputs) -> tuple[Slot, int] | None:
    slots = all_slots(inputs)
    # Its modes may have come or gone since, so the last slot is looked for by name; one that is gone left its place to the next.
    base = slots.index(state.last) if state.last in slots else state.position - 1
    start = max(base, 0) if state.resumes else base + 1
    for avoided in (state.avoided, ""):
        for offset in range(len(slots)):
            index = (start + offset) % len(slots)
            slot = slots[index]
            if inputs.is_ready(slot.plugin_id) and (not avoided or slot.plugin_id != avoided):
                return slot, index
    return None


def _after(slots: list[Slot], last: Slot | None) -> Slot:
    return slots[(slots.index(last) + 1) % len(slots)] if last in slots else slots[0]
