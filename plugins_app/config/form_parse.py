"""Reads a posted settings form: texts become values of the types that the schema wants, what cannot be read is named (pure)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from plugins_app.config.form_fields import FormField, file_name, json_name
from plugins_app.config.form_files import arranged, entries_of, value_of
from plugins_app.config.form_kinds import HEX_COLOUR, is_colour_list, item_type, option_of
from plugins_app.config.pointers import ABSENT, place, remove, value_at
from plugins_app.config.validation import Problem

NO_VALUE: Any = object()


@dataclass(frozen=True)
class ParsedForm:
    """Values for `save_settings`, and the inputs that could not be read: these are not among the values."""

    values: dict[str, Any]
    problems: list[Problem]


class _Unreadable(Exception):
    """What an input should have been."""


def parse_fields(form: Iterable[FormField], posted: Mapping[str, list[str]], *, stored: dict[str, Any]) -> ParsedForm:
    """Read every field out of a posted form; fields that were not posted keep their stored value, except boxes without a tick."""
    values, problems = deepcopy(stored), []
    for field in [inner for top in form for inner in top.inputs(posted)]:
        if field.kind == "files" and json_name(field.pointer) not in posted:
            _arrange(values, field, posted)
            continue
        try:
            value = _read(field, posted)
        except _Unreadable as problem:
            problems.append(Problem(field.pointer, str(problem), "form"))
            continue
        if not field.has_value and value in (False, "", []):
            continue  # an empty input of a setting that had no value
        if value is ABSENT:
            remove(values, field.pointer)
        elif value is not NO_VALUE:
            place(values, field.pointer, value)
    return ParsedForm(values, problems)


def _arrange(values: dict[str, Any], field: FormField, posted: Mapping[str, list[str]]) -> None:
    """Put the pictures of a field into the order of the form; a form that shows none of them changes nothing."""
    shown, places, dropped = (posted.get(file_name(what, field.pointer), []) for what in ("shown", "place", "drop"))
    present = entries_of(field.files, value_at(values, field.pointer)) if field.files else None
    if not shown or not field.files or present is None:
        return
    value = value_of(field.files, arranged(field.files, present, shown=shown, places=places, dropped=set(dropped)), field.schema)
    if value is ABSENT:
        remove(values, field.pointer)
    else:
        place(values, field.pointer, value)


def _read(field: FormField, posted: Mapping[str, list[str]]) -> Any:
    """Return the value of one field; ABSENT for "use the default", NO_VALUE for "leave it"."""
    if as_json := posted.get(json_name(field.pointer)):
        return _json(as_json[-1])
    texts = posted.get(field.pointer)
    if field.kind == "boolean":
        return bool(texts) and texts is not None and texts[-1] in ("true", "on", "1")
    if field.kind == "choices":
        return _chosen(field, texts or [])
    if field.kind == "secret":
        if posted.get(field.remove_name):
            return None
        return texts[-1] if texts and texts[-1] else NO_VALUE
    if not texts:
        return NO_VALUE
    return _value(field, texts[-1])


def _value(field: FormField, text: str) -> Any:
    if field.kind in ("integer", "number"):
        return _number(field, text)
    if field.kind in ("choice", "radio"):
        return _choice(field, text)
    if field.kind == "colour":
        return _colour(field, text.strip())
    if field.kind == "list":
        return [_item(field, line.strip()) for line in text.splitlines() if line.strip()]
    if field.kind == "json":
        return _json(text)
    if text == "" and "null" in str(field.schema.get("type")):
        return ABSENT
    return text.replace("\r\n", "\n")


def _choice(field: FormField, text: str) -> Any:
    option = option_of(field.schema, text)
    if option is ABSENT and text:
        raise _Unreadable("This is not one of the choices.")
    return option


def _chosen(field: FormField, texts: list[str]) -> list[Any]:
    return [_choice(field, text) for text in texts if text]


def _number(field: FormField, text: str) -> Any:
    text = text.strip()
    if not text:
        return ABSENT
    return _as_number(text, is_whole=field.kind == "integer")


def _item(field: FormField, text: str) -> Any:
    kind = item_type(field.schema)
    return text if kind == "string" else _as_number(text, is_whole=kind == "integer")


def _as_number(text: str, *, is_whole: bool) -> int | float:
    try:
        number: int | float = int(text)
    except ValueError:
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            number = math.nan
    if not math.isfinite(number) or (is_whole and number != int(number)):
        raise _Unreadable("This must be a whole number." if is_whole else "This must be a number.")
    return int(number) if is_whole else number


def _colour(field: FormField, text: str) -> Any:
    if not text:
        return ABSENT
    if not is_colour_list(field.schema):
        return text
    if not HEX_COLOUR.fullmatch(text):
        raise _Unreadable("This must be a colour like #ff8800.")
    return [int(text[start : start + 2], 16) for start in (1, 3, 5)]


def _json(text: str) -> Any:
    if not text.strip():
        return ABSENT
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _Unreadable("This must be JSON.") from error


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)
