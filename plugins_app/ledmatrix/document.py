"""Sorts LEDMatrix's two documents into the words of its own and one section a plugin, with secrets laid over settings (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from plugins_app.config.pointers import place, pointer_of
from plugins_app.config.secret_paths import has_secret_name
from plugins_app.package.ids import is_valid_id
from plugins_app.package.jsonfile import clean_text

# Top-level names that are LEDMatrix's own, today's and those of earlier versions.
OWN_WORDS = frozenset(
    (
        "web_display_autostart", "schedule", "dim_schedule", "timezone", "target_fps", "location", "display", "sync", "plugin_system",
        "fonts", "base_odds_manager", "github", "logging", "network", "system", "web_interface", "display_modes", "hardware", "debug",
        "log_level", "emulator", "vegas_scroll_speed", "vegas_separator_width", "vegas_target_fps", "vegas_buffer_ahead",
        "vegas_plugin_order", "vegas_excluded_plugins", "vegas_scroll_enabled",
    )
)  # fmt: skip
MOST_SECTIONS = 300
LONGEST_POINTER = 300
_PLACEHOLDER = re.compile(r"YOUR_[A-Z0-9_]+|your[-_].*[-_]here", re.DOTALL)


@dataclass(frozen=True)
class Refused:
    """A value that does not come over: where it stands, what it is (None for a secret), and why."""

    path: str
    value: Any
    reason: str


@dataclass(frozen=True)
class Section:
    """What the documents say of one plugin: its settings whole, and which places hold what stood among the secrets."""

    key: str
    enabled: bool = False
    values: dict[str, Any] = field(default_factory=dict, repr=False)
    secrets: frozenset[str] = frozenset()
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True)
class Document:
    """Both documents, sorted: `words` are LEDMatrix's own, sections stand in the order of the file."""

    words: dict[str, Any] = field(repr=False)
    sections: tuple[Section, ...]
    refused: tuple[Refused, ...]
    github_token: str = field(default="", repr=False)


def sort_document(config: dict[str, Any], secrets: dict[str, Any]) -> Document:
    """Sort both documents; what is no section of a plugin and no word of LEDMatrix is refused with its reason."""
    sections: list[Section] = []
    refused: list[Refused] = []
    for key in dict.fromkeys([*config, *secrets]):
        if key in OWN_WORDS:
            continue
        problem = _problem_of(key, config.get(key, {}), secrets.get(key, {}), count=len(sections))
        if problem:
            is_secret = key not in config
            value = None if is_secret or has_secret_name(key) else without_secrets(config[key])
            refused.append(Refused(pointer_of([clean_text(key, limit=100)]), value, problem))
        else:
            sections.append(read_section(key, config.get(key, {}), secrets.get(key, {})))
    words = {key: value for key, value in config.items() if key in OWN_WORDS}
    return Document(words, tuple(sections), tuple(refused), _token(config, secrets))


def read_section(key: str, values: dict[str, Any], secrets: dict[str, Any]) -> Section:
    """Return one section with its secrets in their places, as LEDMatrix would hand it to the plugin."""
    whole = deepcopy(values)
    found: set[str] = set()
    lay_over(whole, secrets, found=found)
    enabled = whole.pop("enabled", False)
    said = None if "/enabled" in found else without_secrets(enabled)
    refused = () if isinstance(enabled, bool) else (Refused("/enabled", said, "It is neither true nor false, and counts as false."),)
    return Section(key, enabled is True, whole, frozenset(found), refused)


def merged(first: Section, second: Section) -> Section:
    """Return two sections of the same plugin as one, in which the first counts more."""
    values = deepcopy(second.values)
    lay_over(values, first.values, found=set())
    refused = (*first.refused, *second.refused)
    return Section(first.key, first.enabled or second.enabled, values, first.secrets | second.secrets, refused)


def lay_over(target: dict[str, Any], source: dict[str, Any], *, found: set[str], path: tuple[str | int, ...] = ()) -> None:
    """Lay secrets over settings: objects into each other, a list of objects item by item, all else in the place of what is there."""
    for key, value in source.items():
        present, here = target.get(key), (*path, key)
        if isinstance(present, dict) and isinstance(value, dict):
            lay_over(present, value, found=found, path=here)
        elif isinstance(present, list) and value and isinstance(value, list) and all(isinstance(item, dict) for item in value):
            _lay_over_items(present, value, found=found, path=here)
        else:
            target[key] = deepcopy(value)
            found.update(pointer_of(each) for each in _texts(value, here))


def leaves(values: dict[str, Any]) -> dict[str, Any]:
    """Return every value by its pointer: objects are gone through, lists stay whole; nulls and empty objects say nothing."""
    return {pointer_of(path): value for path, value in _leaves(values, ())}


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    """Return values by pointer as objects inside of objects."""
    whole: dict[str, Any] = {}
    for pointer, value in flat.items():
        place(whole, pointer, deepcopy(value))
    return whole


def without_secrets(value: Any) -> Any:
    """Return a value without what a name in it calls secret, for reports."""
    if isinstance(value, dict):
        return {key: without_secrets(inner) for key, inner in value.items() if not has_secret_name(key)}
    return [without_secrets(inner) for inner in value] if isinstance(value, list) else value


def is_placeholder(value: object) -> bool:
    """Tell whether a text is what LEDMatrix's template of secrets has where a person's should stand."""
    return isinstance(value, str) and (not value.strip() or _PLACEHOLDER.fullmatch(value.strip()) is not None)


def _lay_over_items(target: list[Any], source: list[Any], *, found: set[str], path: tuple[str | int, ...]) -> None:
    for index, (present, value) in enumerate(zip(target, source, strict=False)):
        if isinstance(present, dict):
            lay_over(present, value, found=found, path=(*path, index))
        elif value:
            target[index] = deepcopy(value)


def _leaves(values: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, key))
        elif value is not None:
            yield (*path, key), value


def _texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Name the places of all texts in a value: what is no text cannot be masked in a form."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(inner, (*path, key))


def _problem_of(key: str, values: object, secrets: object, *, count: int) -> str:
    if not isinstance(values, dict):
        return "It is neither a word of LEDMatrix that is known here nor the settings of a plugin."
    if not is_valid_id(key):
        return "It cannot be the id of a plugin."
    if not isinstance(secrets, dict):
        return "Its secrets are not an object with a name for each."
    return "" if count < MOST_SECTIONS else f"There are more than {MOST_SECTIONS} plugins."


def _token(config: dict[str, Any], secrets: dict[str, Any]) -> str:
    for document in (secrets, config):
        github = document.get("github")
        token = github.get("api_token") if isinstance(github, dict) else None
        if isinstance(token, str) and not is_placeholder(token):
            return token.strip()
    return ""
