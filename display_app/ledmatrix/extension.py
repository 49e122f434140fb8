"""What LEDMatrix has no words for, kept under a word of our own in an exported configuration, so that nothing is lost on the way back.

Each entry remembers what LEDMatrix's own words said beside it: when they say something else by now, somebody has changed them there,
and they count (pure).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from display_app.ledmatrix.flat import is_of_panel
from plugins_app.config.defaults import is_same
from plugins_app.config.pointers import ABSENT
from plugins_app.ledmatrix.choice import mark
from plugins_app.ledmatrix.document import Refused

WORD = "ledsite"
SETTINGS_PATH, PLUGINS_PATH, ORDER_PATH = (f"/display/{WORD}/{name}" for name in ("settings", "plugins", "order"))


def write_extension(here: Mapping[str, Any], *, read_back: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry for every setting that does not come back out of LEDMatrix's words as it is; all by pointer."""
    return {
        pointer: {"value": value, "beside": mark(read_back.get(pointer))}
        for pointer, value in here.items()
        if not is_same(read_back.get(pointer, defaults.get(pointer, ABSENT)), value)
    }


def read_extension(entries: object, *, read: Mapping[str, Any], names: Iterable[str]) -> tuple[dict[str, Any], list[Refused]]:
    """Return the settings that count, and those beside which something was changed; `names` are the settings that there are."""
    settings: dict[str, Any] = {}
    refused: list[Refused] = []
    known = frozenset(names)
    for pointer, entry in entries.items() if isinstance(entries, dict) else ():
        if not isinstance(entry, dict) or not is_of_panel(pointer, known) or "value" not in entry:
            refused.append(Refused(SETTINGS_PATH, {pointer: entry}, "It is no setting that was exported."))
        elif entry.get("beside") == mark(read.get(pointer)):
            settings[pointer] = entry["value"]
        else:
            refused.append(Refused(SETTINGS_PATH, {pointer: entry["value"]}, "It was changed in LEDMatrix since the export, which counts."))
    return settings, refused
