"""The words of the rotation: slots, turns, candidates, and the state that the tick carries from moment to moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

REASONS = {0: "rotation", 1: "ticker", 2: "live", 3: "rotation", 4: "on-demand"}


class Rank(IntEnum):
    """Why a turn has the panel; a higher rank takes it from a lower one."""

    ROTATION = 0
    TICKER = 1
    LIVE = 2
    INTRODUCTION = 3
    ON_DEMAND = 4

    @property
    def reason(self) -> str:
        """Return the word that the API uses."""
        return REASONS[self]


class Readiness(IntEnum):
    """Whether a plugin's host can draw."""

    UNABLE = 0
    STARTING = 1
    READY = 2


@dataclass(frozen=True)
class Slot:
    """One mode of one plugin; mode names alone are not unique."""

    plugin_id: str
    mode: str


TICKER_SLOT = Slot("", "ticker")  # the strip of all plugins, which the director draws itself


@dataclass(frozen=True)
class Candidate:
    """A plugin that is wanted on, in the order of the panel."""

    plugin_id: str
    modes: tuple[str, ...]
    readiness: Readiness
    live: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turn:
    """The panel given to a slot: asked for, then delivered with the first frame, until its time is over."""

    number: int
    slot: Slot
    rank: Rank
    asked_at: float
    fresh: bool = True
    first_frame_at: float | None = None
    delivered_at: float | None = None
    until: float | None = None
    is_over: bool = False
    is_lost: bool = False

    def has_ended(self, now: float) -> bool:
        """Tell whether its time is over."""
        return self.is_over or self.is_lost or (self.until is not None and now >= self.until)


@dataclass(frozen=True)
class OnDemand:
    """What a person or a plugin asked to see now."""

    plugin_id: str
    mode: str | None = None
    duration: float | None = None
    pinned: bool = False
    until: float | None = None
    number: int = 0


class Outcome(StrEnum):
    """How it ended that something was asked for."""

    FINISHED = "finished"
    STOPPED = "stopped"
    REPLACED = "replaced"
    DECLINED = "declined"
    UNABLE = "unable"


@dataclass(frozen=True)
class EndedWish:
    """What was asked for last, and how that ended."""

    wish: OnDemand
    outcome: Outcome
    at: float


@dataclass(frozen=True)
class TickerView:
    """The ticker as the tick sees it: whether its strip has pictures, or will soon; whose stop it stands at; if live ones stay in it."""

    is_ready: bool = False
    is_coming: bool = False
    stop: Slot | None = None
    keeps_live: bool = False


@dataclass(frozen=True)
class Inputs:
    """What a tick looks at besides its own state."""

    now: float
    candidates: tuple[Candidate, ...]
    paused: bool = False
    power: bool = True
    covered: bool = False
    first_frame_seconds: float = 1.0
    ticker: TickerView = TickerView()

    def candidate(self, plugin_id: str) -> Candidate | None:
        """Return one candidate by id."""
        return next((candidate for candidate in self.candidates if candidate.plugin_id == plugin_id), None)

    def is_ready(self, plugin_id: str) -> bool:
        """Tell whether a plugin can be asked for frames."""
        candidate = self.candidate(plugin_id)
        return candidate is not None and candidate.readiness is Readiness.READY


@dataclass(frozen=True)
class State:
    """`showing` is on the panel, `incoming` was asked and has not delivered: until then the former goes on."""

    showing: Turn | None = None
    incoming: Turn | None = None
    on_demand: OnDemand | None = None
    ended_wish: EndedWish | None = None
    introductions: tuple[str, ...] = ()
    position: int = 0
    last: Slot | None = None
    resumes: bool = False
    last_live: Slot | None = None
    avoided: str = ""
    misses: int = 0
    rest_until: float = 0.0
    turns: int = 0
    held_until: float = 0.0
    opens_at: float = 0.0

    @property
    def waiting_for(self) -> str | None:
        """Return the plugin whose host must start before what was asked for can be seen."""
        if self.on_demand is None:
            return None
        has_panel = any(turn is not None and turn.rank is Rank.ON_DEMAND and not turn.is_lost for turn in (self.showing, self.incoming))
        return None if has_panel else self.on_demand.plugin_id
