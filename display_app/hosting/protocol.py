"""What director, zygote and hosts say to each other: frozen messages, one JSON object a packet, checked on arrival.

Hosts are not trusted: a packet that is no message of the right types raises ProtocolProblem, and the director decides what that costs.
"""

from __future__ import annotations

import json
import types
from dataclasses import asdict, dataclass, fields
from typing import Any, get_args, get_origin, get_type_hints

from plugins_app.package.jsonfile import check_storable

MAX_PACKET = 192 * 1024


class ProtocolProblem(ValueError):
    """A packet that is no message."""


@dataclass(frozen=True, slots=True)
class StartHost:
    """To the zygote, with five descriptors: start order (memfd), control socket, frame bus, page of beats, write end of the log pipe."""

    key: int


@dataclass(frozen=True, slots=True)
class KillHost:
    """To the zygote: end a host and its process group now."""

    key: int


@dataclass(frozen=True, slots=True)
class ZygoteReady:
    """From the zygote: warm, single-threaded, waiting."""

    pid: int


@dataclass(frozen=True, slots=True)
class HostStarted:
    """From the zygote: the process of a host exists."""

    key: int
    pid: int


@dataclass(frozen=True, slots=True)
class HostEnded:
    """From the zygote: a host was reaped; `signal` is 0 when it left with `exit_code`."""

    key: int
    exit_code: int
    signal: int


@dataclass(frozen=True, slots=True)
class Show:
    """To a host: draw `mode` from now on; `fresh` asks for force_clear and a new cycle; seconds: its own when not 0, else the default."""

    turn: int
    mode: str
    default_duration: float
    own_duration: float
    longest: float
    fresh: bool


@dataclass(frozen=True, slots=True)
class Hide:
    """To a host: stop drawing; updates go on."""


@dataclass(frozen=True, slots=True)
class Configure:
    """To a host, with one descriptor (memfd): its settings have changed."""


@dataclass(frozen=True, slots=True)
class Suspend:
    """To a host: neither update nor draw (the breaker is open), or go on."""

    suspended: bool


@dataclass(frozen=True, slots=True)
class Collect:
    """To a host, with one descriptor (memfd): write there what the plugin has for the ticker; lengths in pixels, `way` empty: its own."""

    number: int
    way: str
    item_gap: int
    width_percent: int
    trim: bool
    panel_width: int


@dataclass(frozen=True, slots=True)
class Stop:
    """To a host: let the plugin clean up and leave."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """From a host: the plugin is constructed and valid."""

    modes: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class LoadFailed:
    """From a host that leaves: the plugin did not start, or refuses changed settings; `at` is import, class, construct or validate."""

    at: str
    reason: str
    traceback: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """From a host, once a turn: display() returned for the first time; `shown` is False when the plugin has nothing to show."""

    turn: int
    shown: bool
    base: float
    maximum: float
    dynamic: bool
    high_rate: bool


@dataclass(frozen=True, slots=True)
class Published:
    """From a host: a new frame is on its bus."""

    turn: int


@dataclass(frozen=True, slots=True)
class TurnOver:
    """From a host: the plugin has ended its turn itself (cycle complete, or nothing more to show)."""

    turn: int


@dataclass(frozen=True, slots=True)
class Failed:
    """From a host: plugin code raised in `where` (update, display)."""

    where: str
    reason: str
    traceback: str
    network: bool


@dataclass(frozen=True, slots=True)
class Worked:
    """From a host: the first success after a failure."""


@dataclass(frozen=True, slots=True)
class Content:
    """From a host: a picture of `width` pixels (RGB, panel height) was written where Collect said; width 0: there is none, and why."""

    number: int
    way: str
    width: int
    weight: int
    reason: str


@dataclass(frozen=True, slots=True)
class Live:
    """From a host: the modes that have live content now, on change."""

    modes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnDemandAsked:
    """From a host: the plugin asks to be shown, or to be shown no longer."""

    action: str
    mode: str
    duration: float
    pinned: bool


@dataclass(frozen=True, slots=True)
class SettingsSaved:
    """From a host: the plugin rewrote its own settings."""

    section: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Configured:
    """From a host: whether the plugin took the new settings over; False asks for a restart."""

    applied: bool


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """From a probe host: what it managed to do that a plugin must not (names of the attempts), and who it was."""

    succeeded: tuple[str, ...]
    uid: int
    landlock: bool


Message = (
    StartHost | KillHost | ZygoteReady | HostStarted | HostEnded | Show | Hide | Configure | Suspend | Collect | Stop | Loaded | LoadFailed
    | Drawn | Published | TurnOver | Failed | Worked | Content | Live | OnDemandAsked | SettingsSaved | Configured | ProbeResult
)  # fmt: skip

_KINDS: dict[str, type] = {kind.__name__: kind for kind in get_args(Message)}
_FIELDS: dict[str, frozenset[str]] = {name: frozenset(field.name for field in fields(kind)) for name, kind in _KINDS.items()}
_HINTS: dict[str, dict[str, Any]] = {name: get_type_hints(kind) for name, kind in _KINDS.items()}


def encode(message: Message) -> bytes:
    """Return the packet of one message; ProtocolProblem when it is too long to send."""
    text = json.dumps({"is": type(message).__name__, **asdict(message)}, separators=(",", ":"), ensure_ascii=False)
    packet = text.encode("utf-8", "replace")  # an exception's text may hold halves of characters, which nobody could store or show
    if len(packet) > MAX_PACKET:
        raise ProtocolProblem(f"{type(message).__name__} has {len(packet)} bytes")
    return packet


def decode(packet: bytes) -> Message:
    """Read one packet; ProtocolProblem when it is not exactly one known message with values of the right types."""
    try:
        found = check_storable(json.loads(packet))
    except (ValueError, RecursionError) as error:
        raise ProtocolProblem("not JSON that can be stored") from error
    name = found.pop("is", None) if isinstance(found, dict) else None
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ProtocolProblem(f"unknown message {str(name)[:40]!r}")
    hints = _HINTS[kind.__name__]
    if found.keys() != _FIELDS[kind.__name__]:
        raise ProtocolProblem(f"{name} has other fields")
    message: Message = kind(**{field: _checked(hints[field], value, f"{name}.{field}") for field, value in found.items()})
    return message


def _checked(hint: Any, value: object, where: str) -> Any:
    if get_origin(hint) is tuple:
        if isinstance(value, list) and len(value) <= 200 and all(isinstance(item, str) for item in value):
            return tuple(value)
    elif get_origin(hint) is dict:
        if isinstance(value, dict):
            return value
    elif hint is float:
        if isinstance(value, int | float) and not isinstance(value, bool) and -1e12 < value < 1e12:
            return float(value)
    elif hint is int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    elif isinstance(hint, type) and not isinstance(hint, types.GenericAlias) and isinstance(value, hint):
        return value
    raise ProtocolProblem(f"{where} is of the wrong type")
