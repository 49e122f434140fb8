"""What is wrong with a setting, in plain words that never repeat the value: it may be a secret (pure)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a group of settings",
    "null": "empty",
}


def sentence(keyword: str, limit: Any) -> str:
    """Return the sentence for a failed keyword of a schema, `limit` being what the keyword demands."""
    say = _SENTENCES.get(keyword)
    return say(limit) if say is not None else "This is not accepted here."


def _types(names: Any) -> str:
    listed = sorted(names, key=lambda name: name == "null") if isinstance(names, list) else [names]
    return "This must be " + " or ".join(TYPES.get(str(name), str(name)) for name in listed) + "."


def _options(options: Any) -> str:
    words = [option if isinstance(option, str) else json.dumps(option) for option in options] if isinstance(options, list) else []
    shown = ", ".join(words[:20]) + (" ..." if len(words) > 20 else "")
    return f"This must be one of: {shown}." if words else "This is not one of the choices."


def _plural(count: Any, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


_SENTENCES: dict[str, Callable[[Any], str]] = {
    "type": _types,
    "enum": _options,
    "const": lambda value: _options([value]),
    "minimum": lambda limit: f"This must be at least {limit}.",
    "maximum": lambda limit: f"This must be at most {limit}.",
    "exclusiveMinimum": lambda limit: f"This must be more than {limit}.",
    "exclusiveMaximum": lambda limit: f"This must be less than {limit}.",
    "multipleOf": lambda step: f"This must be a multiple of {step}.",
    "minLength": lambda limit: f"This needs at least {_plural(limit, 'character')}." if limit != 1 else "This is needed.",
    "maxLength": lambda limit: f"This may have at most {_plural(limit, 'character')}.",
    "pattern": lambda pattern: f"This does not have the expected form ({pattern}).",
    "minItems": lambda limit: f"This list needs at least {_plural(limit, 'item')}.",
    "maxItems": lambda limit: f"This list may have at most {_plural(limit, 'item')}.",
    "uniqueItems": lambda _: "An item stands twice in this list.",
    "required": lambda _: "This is needed.",
    "additionalProperties": lambda _: "The plugin knows no setting of this name.",
    "oneOf": lambda _: "This does not have one of the expected forms.",
    "anyOf": lambda _: "This does not have one of the expected forms.",
}
