"""Which kind of input fits a property, and the text that stands in it; what no input fits is edited as JSON (pure)."""

from __future__ import annotations

import json
import re
from typing import Any

from plugins_app.config.form_fields import Choice, Kind
from plugins_app.config.form_files import entries_of, wanted_files
from plugins_app.config.pointers import ABSENT

HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
FORMATS: dict[str, Kind] = {"time": "time", "date": "date", "date-time": "text", "uri": "url", "url": "url"}
WIDGETS: dict[str, Kind] = {"time-picker": "time", "date-picker": "date", "color-picker": "colour", "colour-picker": "colour"}
SHAPES: dict[str, re.Pattern[str]] = {"time": TIME, "date": DATE}
SCALARS = frozenset({"string", "number", "integer", "boolean"})


def kind_of(schema: dict[str, Any], value: Any, *, is_deep: bool = False) -> Kind:
    """Choose the input for a property; a value that would not survive the input is edited as text or JSON instead."""
    kind = schema_kind(schema, is_deep=is_deep)
    if kind == "group":
        return "group" if value is ABSENT or value is None or isinstance(value, dict) else "json"
    return kind if _survives(kind, schema, value) else _fallback(kind, schema, value)


def schema_kind(schema: dict[str, Any], *, is_deep: bool = False) -> Kind:
    """Choose the input for a property whatever its value is; groups end where they would lie too deep."""
    kinds = types_of(schema)
    if len(kinds) > 1:
        return "json"
    if wanted_files(schema) is not None:
        return "files"
    kind = kinds[0] if kinds else ""
    if isinstance(schema.get("enum"), list) and kind in ("", *SCALARS):
        return "radio" if schema.get("x-widget") == "radio" else "choice"
    if kind in ("boolean", "integer", "number"):
        return kind  # type: ignore[return-value]
    if kind == "string":
        return _kind_of_text(schema)
    if kind == "array":
        return _kind_of_list(schema)
    properties = schema.get("properties")
    return "group" if isinstance(properties, dict) and properties and not is_deep else "json"


def types_of(schema: dict[str, Any]) -> list[str]:
    """Return the types that a property may have besides null."""
    kinds = schema.get("type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return [kind for kind in listed if isinstance(kind, str) and kind != "null"]


def item_type(schema: dict[str, Any]) -> str:
    """Return the type of a list's items, empty when they have none or several."""
    items = schema.get("items")
    found = types_of(items) if isinstance(items, dict) else []
    return found[0] if len(found) == 1 else ""


def choices_of(schema: dict[str, Any]) -> tuple[Choice, ...]:
    """Return what a property offers, with the labels that its author gave."""
    options = _options(schema)
    names = schema.get("enumNames")
    labels = schema.get("x-options")
    labels = labels.get("labels") if isinstance(labels, dict) else None
    found = []
    for index, option in enumerate(options):
        text = as_text(option)
        label = labels.get(text) if isinstance(labels, dict) else None
        if label is None and isinstance(names, list) and index < len(names):
            label = names[index]
        found.append(Choice(text, label if isinstance(label, str) and label else text.replace("_", " ") or "none"))
    return tuple(found)


def option_of(schema: dict[str, Any], text: str) -> Any:
    """Return the option that a posted text stands for, ABSENT when there is none."""
    return next((option for option in _options(schema) if as_text(option) == text), ABSENT)


def as_text(value: Any) -> str:
    """Return the text of a value in an input of one line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def text_of(kind: Kind, value: Any) -> str | tuple[str, ...]:
    """Return what stands in an input of a kind for a value."""
    if value is ABSENT or value is None or kind == "files":
        return () if kind == "choices" else ""
    if kind == "choices":
        return tuple(as_text(item) for item in value) if isinstance(value, list) else ()
    if kind == "boolean":
        return "true" if value else ""
    if kind == "colour" and isinstance(value, list):
        return "#" + "".join(f"{part:02x}" for part in value)
    if kind == "list" and isinstance(value, list):
        return "\n".join(as_text(item) for item in value)
    if kind == "json":
        return json.dumps(value, indent=2, ensure_ascii=False)
    return as_text(value)


def is_colour_list(schema: dict[str, Any]) -> bool:
    """Tell whether a property is a colour as three whole numbers."""
    if types_of(schema) != ["array"] or item_type(schema) not in ("integer", "number"):
        return False
    items = schema["items"]
    is_triple = schema.get("minItems") == 3 and schema.get("maxItems") == 3
    is_byte = items.get("minimum") == 0 and items.get("maximum") == 255
    return (is_triple and is_byte) or schema.get("x-widget") == "color-picker"


def _kind_of_text(schema: dict[str, Any]) -> Kind:
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and pattern.startswith("^#") and "{6}" in pattern:
        return "colour"
    widget, shape = schema.get("x-widget"), schema.get("format")
    by_widget = WIDGETS.get(widget) if isinstance(widget, str) else None
    return by_widget or (FORMATS.get(shape, "text") if isinstance(shape, str) else "text")


def _kind_of_list(schema: dict[str, Any]) -> Kind:
    items = schema.get("items")
    if isinstance(items, dict) and isinstance(items.get("enum"), list) and schema.get("uniqueItems", True) is not False:
        return "choices"
    if is_colour_list(schema):
        return "colour"
    return "list" if item_type(schema) in ("string", "integer", "number") else "json"


def _fallback(kind: Kind, schema: dict[str, Any], value: Any) -> Kind:
    # A browser's colour input cannot be empty, and posts black: a colour that is not chosen yet is typed.
    if kind == "colour" and value in (ABSENT, None, ""):
        return "text"
    if types_of(schema) != ["string"] or not isinstance(value, str) or "enum" in schema:
        return "json"
    return "text" if len(value.splitlines()) <= 1 else "multiline"


def _survives(kind: Kind, schema: dict[str, Any], value: Any) -> bool:
    """Tell whether a value comes back out of an input as it went in."""
    if kind == "colour":
        return _is_colour(schema, value)
    if value is ABSENT or value is None or kind == "json":
        return True
    if kind == "files":
        wanted = wanted_files(schema)
        return wanted is not None and entries_of(wanted, value) is not None
    if kind == "choices":
        return isinstance(value, list) and all(option_of(schema, as_text(item)) is not ABSENT for item in value)
    if kind in ("choice", "radio"):
        return option_of(schema, as_text(value)) is not ABSENT
    if kind == "list":
        return isinstance(value, list) and all(_is_line(item, schema) for item in value)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in ("integer", "number"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if not isinstance(value, str) or len(value.splitlines()) > 1:
        return False
    return kind not in SHAPES or value == "" or SHAPES[kind].fullmatch(value) is not None


def _is_colour(schema: dict[str, Any], value: Any) -> bool:
    if is_colour_list(schema):
        return isinstance(value, list) and len(value) == 3 and all(type(part) is int and 0 <= part <= 255 for part in value)
    return isinstance(value, str) and HEX_COLOUR.fullmatch(value) is not None


def _is_line(item: Any, schema: dict[str, Any]) -> bool:
    if item_type(schema) == "string":
        return isinstance(item, str) and bool(item.strip()) and item == item.strip() and len(item.splitlines()) == 1
    return isinstance(item, int | float) and not isinstance(item, bool)


def _options(schema: dict[str, Any]) -> list[Any]:
    items = schema.get("items")
    found = schema.get("enum") or (items.get("enum") if isinstance(items, dict) else None)
    return found if isinstance(found, list) else []
