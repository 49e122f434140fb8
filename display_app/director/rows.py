"""What the rows say: wanted plugins, settings of the panel and waiting commands, read in a few small queries with no cursor left open."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from display_app.hosting.limits import DEFAULT, Limits
from display_app.models import DisplayCommand, DisplaySettings, Notification, NotificationState
from display_app.rotation.durations import Durations, readable_durations
from display_app.rotation.light import LightSettings, read_override
from display_app.rotation.schedule import readable_windows
from display_app.rotation.ticker import TickerSettings, readable_ticker
from plugins_app.config.location import device_location
from plugins_app.config.store import effective_settings
from plugins_app.models import Operation, Phase, Plugin, Source
from plugins_app.models.stamp import database_stamp

PLACING = (Phase.COMMITTED, Phase.STOPPED)
COLUMNS = (
    "plugin_id", "name", "version", "active_generation", "position", "introduced_at", "incompatible", "config__revision", "source",
    "start_mark",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """One plugin that is wanted on."""

    plugin_id: str
    name: str
    version: str
    generation: str
    position: int
    introduced_at: datetime | None
    incompatible: str
    settings_revision: int
    is_bundled: bool = False
    start_mark: int = 0


@dataclass(frozen=True)
class Settings:
    """The settings of the panel."""

    light: LightSettings = field(default_factory=LightSettings)
    paused: bool = False
    durations: Durations = field(default_factory=Durations)
    ticker: TickerSettings = field(default_factory=TickerSettings)
    transition: str = "cut"
    transition_seconds: float = 0.5
    hardware: tuple[tuple[str, Any], ...] = ()
    limits: Limits = DEFAULT


@dataclass(frozen=True)
class Command:
    """One order that nobody has taken yet."""

    pk: int
    kind: str
    arguments: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True)
class WaitingNotice:
    """One notification that has not ended."""

    number: int
    text: str
    image: bytes
    colour: str
    is_urgent: bool
    hold: float
    expires_at: datetime


@dataclass(frozen=True)
class Rows:
    """One look at the database: `busy` are plugins whose files are being exchanged."""

    plugins: tuple[Wanted, ...] = ()
    busy: frozenset[str] = frozenset()
    settings: Settings = field(default_factory=Settings)
    commands: tuple[Command, ...] = ()
    notices: tuple[WaitingNotice, ...] = ()


@dataclass(frozen=True)
class Startable:
    """What a host needs to know of its plugin, read when it is started."""

    manifest: dict[str, Any]
    settings: dict[str, Any]
    location: dict[str, str]


class LatestRows:
    """The rows as they are now, read only when somebody has written since the last look: looking costs a hundredth of reading."""

    def __init__(self) -> None:
        self._stamp: tuple[object, ...] = ()
        self._rows = Rows()

    def read(self, *, after_command: int) -> Rows:
        """Return the present rows."""
        stamp = (after_command, *database_stamp())
        if stamp != self._stamp:
            self._rows = read_rows(after_command=after_command)
            self._stamp = stamp
        return self._rows


def read_rows(*, after_command: int) -> Rows:
    """Look at the database once."""
    plugins = [_wanted(row) for row in Plugin.objects.wanted_on().in_order().values_list(*COLUMNS)]
    busy = Operation.objects.open().filter(phase__in=PLACING).exclude(plugin_id="").values_list("plugin_id", flat=True)
    commands = DisplayCommand.objects.filter(taken_at=None, pk__gt=after_command).order_by("pk")
    return Rows(
        plugins=tuple(plugins),
        busy=frozenset(plugin_id.lower() for plugin_id in busy),
        settings=_settings(),
        commands=tuple(Command(row.pk, row.kind, row.arguments, row.created_at) for row in commands),
        notices=_notices(),
    )


def read_startable(plugin_id: str) -> Startable | None:
    """Return manifest and effective settings of one plugin; None when it is gone meanwhile."""
    plugin = Plugin.objects.filter(plugin_id=plugin_id).first()
    return Startable(plugin.manifest, effective_settings(plugin), device_location()) if plugin else None


def installed_ids() -> set[str]:
    """Return every installed plugin, wanted on or not."""
    return set(Plugin.objects.values_list("plugin_id", flat=True))


def _wanted(row: tuple[Any, ...]) -> Wanted:
    columns: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
    is_bundled = columns.pop("source") == Source.BUNDLED
    revision, generation = columns.pop("config__revision") or 0, columns.pop("active_generation")
    return Wanted(settings_revision=revision, generation=generation, is_bundled=is_bundled, **columns)


def _notices() -> tuple[WaitingNotice, ...]:
    rows = Notification.objects.filter(state=NotificationState.WAITING).order_by("pk")
    return tuple(WaitingNotice(row.pk, row.text, bytes(row.image), row.colour, row.is_urgent, row.hold, row.expires_at) for row in rows)


def _settings() -> Settings:
    row = DisplaySettings.objects.filter(pk=1).first()
    if row is None:
        return Settings()
    hardware = tuple(sorted(row.hardware.items())) if isinstance(row.hardware, dict) else ()
    light = LightSettings(
        power=row.power,
        brightness=row.brightness,
        schedules=readable_windows(row.schedules, with_brightness=False),
        dimming=readable_windows(row.dimming, with_brightness=True),
        override=read_override(row.override),
    )
    return Settings(
        light=light,
        paused=row.paused,
        durations=Durations(row.default_duration, readable_durations(row.durations), row.longest_cycle),
        ticker=readable_ticker(row.ticker),
        transition=row.transition,
        transition_seconds=row.transition_seconds,
        hardware=hardware,
        limits=Limits.of(row.limits),
    )
