"""Reads what LEDMatrix's configuration says of the panel, in the words of this product's settings; every value by its pointer (pure)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from display_app.ledmatrix.hardware import read_geometry, read_hardware, whole
from display_app.ledmatrix.weekly import DIM, ON, read_windows
from plugins_app.config.pointers import ABSENT, pointer_of, value_at
from plugins_app.ledmatrix.document import Refused

# Here: there.
TICKER = {
    "enabled": "enabled",
    "speed": "scroll_speed",
    "gap": "separator_width",
    "item_gap": "intra_plugin_gap",
    "width_percent": "render_width_pct",
    "trim": "auto_trim",
    "live_in_ticker": "live_in_ticker",
    "live_weight": "live_weight",
    "order": "plugin_order",
    "excluded": "excluded_plugins",
}
PLACE = ("city", "state", "country")
TICKER_PATH, DURATIONS_PATH = "/display/vegas_scroll", "/display/display_durations"
NO_SUCH_MODE = "No plugin here has a mode of this name."
DURATION = "display_duration"
BRIGHTNESS_PATH = "/display/hardware/brightness"
CYCLE_PATH = "/display/dynamic_duration/max_duration_seconds"
_NO_WORD_FOR = {
    "/display/use_short_date_format": "Plugins cannot read it here.",
    "/base_odds_manager": "It is about how LEDMatrix fetches odds.",
    "/fonts": "Fonts are not assigned here.",
    "/target_fps": "Every plugin is drawn as often as it wants here, up to 60 times a second.",
}


@dataclass(frozen=True)
class PanelWords:
    """What was read: settings by pointer here, `origins` where each stood there, and what does not come over.

    `durations` are seconds by mode, which become settings once it is known whose modes they are. `panel` and `time_zone` belong into the
    environment; empty when they were not said.
    """

    settings: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    durations: dict[str, Any] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()
    left_out: dict[str, str] = field(default_factory=dict)
    panel: str = ""
    time_zone: str = ""


def read_words(words: Mapping[str, Any]) -> PanelWords:
    """Read LEDMatrix's own words; whatever they hold, what can be understood is."""
    reader = _Reader(words)
    for part in (reader.light, reader.place, reader.ticker, reader.hardware, reader.time, reader.others):
        part()
    return PanelWords(
        reader.settings, reader.origins, reader.durations, tuple(reader.refused), reader.left_out, reader.panel, reader.time_zone
    )


def with_ids(words: PanelWords, ids: Mapping[str, str]) -> PanelWords:
    """Return the same with the ids that plugins have here; in lists of the ticker others are as they are."""
    settings = dict(words.settings)
    for pointer in ("/ticker/order", "/ticker/excluded"):
        if isinstance(settings.get(pointer), list):
            named = [ids.get(name, name) if isinstance(name, str) else name for name in settings[pointer]]
            settings[pointer] = _once(named, is_sorted=pointer == "/ticker/excluded")
    return PanelWords(settings, words.origins, words.durations, words.refused, words.left_out, words.panel, words.time_zone)


def read_durations(
    words: PanelWords, *, modes: Mapping[str, str], settled: Collection[str]
) -> tuple[dict[str, Any], dict[str, str], list[Refused]]:
    """Return seconds by pointer, where each stood, and those that do not count.

    `modes` names the plugin of a mode, `settled` are plugins with a duration in their own settings, which counts more in LEDMatrix.
    """
    settings: dict[str, Any] = {}
    origins: dict[str, str] = {}
    refused: list[Refused] = []
    for mode, seconds in words.durations.items():
        plugin_id, there = modes.get(mode, ""), f"{DURATIONS_PATH}{pointer_of([mode])}"
        if plugin_id and plugin_id not in settled:
            here = pointer_of(["durations", plugin_id, mode])
            settings[here], origins[here] = seconds, there
        else:
            reason = f"The display_duration of {plugin_id} counts." if plugin_id else NO_SUCH_MODE
            refused.append(Refused(there, seconds, "Several plugins have it." if mode in modes and not plugin_id else reason))
    return settings, origins, refused


class _Reader:
    """What was read so far."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self.words = words
        self.settings: dict[str, Any] = {}
        self.origins: dict[str, str] = {}
        self.durations: dict[str, Any] = {}
        self.refused: list[Refused] = []
        self.left_out: dict[str, str] = {}
        self.panel = self.time_zone = ""

    def at(self, pointer: str) -> Any:
        return value_at(self.words, pointer)

    def object_at(self, pointer: str) -> dict[str, Any]:
        """Return an object, an empty one when there is none; refuse what is something else."""
        value = self.at(pointer)
        if value is ABSENT or value is None:
            return {}
        if isinstance(value, dict):
            return value
        self.refused.append(Refused(pointer, value, "It is no object."))
        return {}

    def put(self, here: str, there: str, value: Any) -> None:
        if value is not ABSENT and value is not None:
            self.settings[here], self.origins[here] = whole(value), there

    def light(self) -> None:
        display = self.object_at("/display")
        if not display:
            return
        self.put("/brightness", BRIGHTNESS_PATH, self.at(BRIGHTNESS_PATH))
        self.put("/longest_cycle", CYCLE_PATH, self.at(CYCLE_PATH))
        self.durations = {mode: whole(seconds) for mode, seconds in self.object_at(DURATIONS_PATH).items() if seconds is not None}

    def place(self) -> None:
        for part, text in self.object_at("/location").items():
            if part in PLACE:
                self.put(f"/location/{part}", f"/location/{part}", text.strip() if isinstance(text, str) else text)

    def ticker(self) -> None:
        there = self.object_at(TICKER_PATH)
        for here, name in TICKER.items():
            value = there.get(name, ABSENT)
            if here in ("order", "excluded") and isinstance(value, list) and all(isinstance(each, str) for each in value):
                value = _once(value, is_sorted=here == "excluded")
            self.put(f"/ticker/{here}", f"{TICKER_PATH}/{name}", value)
        others = [name for name in there if name not in TICKER.values()]
        if there.get("enabled") is True and others:
            self.left_out[TICKER_PATH] = f"How LEDMatrix draws its strip is not how it is drawn here: {', '.join(map(str, others))[:300]}."

    def hardware(self) -> None:
        there, runtime = self.object_at("/display/hardware"), self.object_at("/display/runtime")
        self.panel, refused = read_geometry(there)
        options, more = read_hardware(there, runtime, panel=self.panel)
        self.refused += [*refused, *more]
        for option in options:
            self.put(f"/hardware/{option.name}", option.path, option.value)

    def time(self) -> None:
        self._zone(self.at("/timezone"))
        if self.at("/schedule") is not ABSENT:
            read = read_windows(self.at("/schedule"), ON)
            self.refused += read.refused
            if not read.refused or read.windows:
                self.put("/schedules", "/schedule", read.windows)
        if self.at("/dim_schedule") is not ABSENT:
            self._dimming(self.at("/dim_schedule"))

    def others(self) -> None:
        for pointer, reason in _NO_WORD_FOR.items():
            if self.at(pointer) not in (ABSENT, None, False, {}):
                self.left_out[pointer] = reason
        if value_at(self.words, "/display/double_sided/enabled") is True:
            self.left_out["/display/double_sided"] = "A picture cannot be shown twice here: the panel is one picture."
        if self.at("/sync/role") not in (ABSENT, None, "standalone"):
            self.left_out["/sync"] = "Two displays cannot be one here."

    def _zone(self, name: Any) -> None:
        if name is ABSENT or name is None:
            return
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
            self.refused.append(Refused("/timezone", name, "It is no time zone that is known here."))
        else:
            self.time_zone = name

    def _dimming(self, value: Any) -> None:
        brightness = whole(value.get("dim_brightness", 30)) if isinstance(value, dict) else 30
        if not isinstance(brightness, int) or isinstance(brightness, bool) or not 0 <= brightness <= 100:
            self.refused.append(Refused("/dim_schedule/dim_brightness", brightness, "It must be a whole number from 0 to 100."))
            return
        read = read_windows(value, DIM, brightness=brightness)
        self.refused += read.refused
        if not read.refused or read.windows:
            self.put("/dimming", "/dim_schedule", read.windows)


def _once(names: list[Any], *, is_sorted: bool) -> list[Any]:
    found = [name for place, name in enumerate(names) if name not in names[:place]]
    return sorted(found) if is_sorted and all(isinstance(name, str) for name in found) else found
