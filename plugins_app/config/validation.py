"""Holds settings against a plugin's schema, together with the keys that the host adds to every plugin (pure)."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from plugins_app.config.effort import MOST_VALUES, check_effort, count_values
from plugins_app.config.pointers import pointer_of
from plugins_app.config.wording import sentence
from plugins_app.package.schema import normalise

logger = logging.getLogger(__name__)

HOST_PROPERTIES: dict[str, Any] = {
    "enabled": {"type": "boolean"},
    "display_duration": {"type": "number", "minimum": 1, "maximum": 300},
    "live_priority": {"type": "boolean"},
    "skin": {},
    "skin_options": {},
    "vegas_mode": {},
    "vegas_panel_count": {},
    "vegas_width_pct": {},
    "vegas_overflow": {},
    "vegas_max_width_screens": {},
}


@dataclass(frozen=True)
class Problem:
    """What is wrong at one place (JSON pointer), in plain words; `keyword` is the rule of the schema that failed."""

    path: str
    message: str
    keyword: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return `{path, message}`, the form of error details."""
        return {"path": self.path, "message": self.message}


def validate(schema: dict[str, Any], values: dict[str, Any]) -> list[Problem]:
    """Return everything that is wrong with settings; nothing when the plugin has no schema, or one that cannot be used."""
    try:
        json.dumps(values, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return [Problem("", "The settings hold something that is not JSON.", "json")]
    if count_values(values) > MOST_VALUES:
        return [Problem("", f"These are more than {MOST_VALUES} values.", "json")]
    whole = with_host_keys(schema)
    try:
        check_effort(whole, values)
        validator = jsonschema_rs.Draft7Validator(whole, validate_formats=False, offline=True, pattern_options=jsonschema_rs.RegexOptions())
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        logger.warning("A config schema cannot be used, its settings are not checked: %s", error)
        return []
    return [problem for error in validator.iter_errors(values) for problem in _problems(error)]


def with_host_keys(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the normalised schema, allowing what the host keeps in every plugin's settings, and demanding none of it."""
    known = normalise(schema)
    properties = known.get("properties")
    required = known.get("required")
    return {
        **known,
        "properties": {**HOST_PROPERTIES, **(properties if isinstance(properties, dict) else {})},
        "required": [name for name in required if name not in HOST_PROPERTIES] if isinstance(required, list) else [],
    }


def _problems(error: jsonschema_rs.ValidationError) -> list[Problem]:
    path = list(error.instance_path)
    keyword = str(error.kind.name)
    limit = error.kind.value
    if keyword == "additionalProperties":
        return [Problem(pointer_of([*path, name]), sentence(keyword, None), keyword) for name in limit]
    if keyword == "required":
        return [Problem(pointer_of([*path, limit]), sentence(keyword, None), keyword)]
    return [Problem(pointer_of(path), sentence(keyword, limit), keyword)]
