"""Turns a schema and values into form fields, and a posted form back into values; JSON pointers are the input names (pure)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from plugins_app.config.change import compose
from plugins_app.config.defaults import defaults_of
from plugins_app.config.form_fields import Choice, FileEntry, FormField, Kind, json_name
from plugins_app.config.form_files import entries_of, item_schema, path_in, wanted_document, wanted_files
from plugins_app.config.form_kinds import choices_of, kind_of, schema_kind, text_of
from plugins_app.config.form_parse import ParsedForm, parse_fields
from plugins_app.config.pointers import ABSENT, pointer_of, value_at
from plugins_app.config.secret_paths import is_secret
from plugins_app.config.validation import HOST_PROPERTIES, Problem
from plugins_app.package.schema import normalise

__all__ = ["Choice", "FormField", "ParsedForm", "build_form", "file_fields", "parse_form"]

DURATION: dict[str, Any] = {
    **HOST_PROPERTIES["display_duration"],
    "title": "Display duration",
    "description": "Seconds that it stays on the panel at each turn.",
}
MAX_DEPTH = 12


def build_form(
    schema: dict[str, Any],
    values: dict[str, Any],
    *,
    set_secrets: Collection[str] = (),
    problems: Iterable[Problem | Mapping[str, str]] = (),
) -> list[FormField]:
    """Return the fields of a plugin's settings, filled in; `enabled` has a switch of its own and is not among them."""
    errors = dict(_path_and_message(problem) for problem in problems)
    return _fields(schema, _Builder(schema, values, set_secrets=set(set_secrets), errors=errors))


def parse_form(
    schema: dict[str, Any], posted: Mapping[str, list[str]], stored: dict[str, Any], *, set_secrets: Collection[str] = ()
) -> ParsedForm:
    """Read a posted form into values to be saved whole; what has no field keeps its stored value."""
    by_schema = _Builder(
        schema, stored, set_secrets=set(set_secrets), kind_of=lambda schema, value, is_deep: schema_kind(schema, is_deep=is_deep)
    )
    fields = _fields(schema, by_schema)
    return parse_fields(fields, posted, stored=stored)


def file_fields(schema: dict[str, Any], values: dict[str, Any]) -> list[FormField]:
    """Return the fields that name uploaded files: pictures, or a document."""
    return list(_of_files(build_form(schema, values)))


def _of_files(fields: Iterable[FormField]) -> Iterator[FormField]:
    for field in fields:
        if field.files or field.document:
            yield field
        yield from _of_files(field.children)


def _fields(schema: dict[str, Any], builder: _Builder) -> list[FormField]:
    known = normalise(schema)
    properties = known.get("properties")
    properties = dict(properties) if isinstance(properties, dict) else {}
    properties.pop("enabled", None)
    properties.setdefault("display_duration", DURATION)
    return builder.fields({**known, "properties": properties}, path=[])


class _Builder:
    """What all fields of one form share."""

    def __init__(
        self,
        schema: dict[str, Any],
        values: dict[str, Any],
        *,
        set_secrets: Collection[str] = (),
        errors: Mapping[str, str] | None = None,
        kind_of: Callable[..., Kind] = kind_of,
    ) -> None:
        self._whole, self._defaults = compose(schema, values, {}), defaults_of(schema)
        self._set_secrets, self._errors, self._kind_of = set_secrets, errors or {}, kind_of

    def fields(self, schema: dict[str, Any], *, path: list[str]) -> list[FormField]:
        properties: dict[str, Any] = schema["properties"]
        required = schema.get("required")
        required = required if isinstance(required, list) else []
        return [
            self._field(
                name, properties[name] if isinstance(properties[name], dict) else {}, path=[*path, name], is_required=name in required
            )
            for name in _ordered(properties, schema.get("x-propertyOrder"))
            if not _is_hidden(properties[name])
        ]

    def _field(self, name: str, schema: dict[str, Any], *, path: list[str], is_required: bool) -> FormField:
        pointer = pointer_of(path)
        value = value_at(self._whole, pointer)
        default = value_at(self._defaults, pointer)
        secret = (is_secret(name, schema) or pointer in self._set_secrets) and not isinstance(schema.get("properties"), dict)
        is_deep = len(path) >= MAX_DEPTH
        kind: Kind = "secret" if secret else self._kind_of(schema, value, is_deep=is_deep)
        children = tuple(self.fields(schema, path=path)) if kind == "group" else ()
        return FormField(
            pointer=pointer,
            name=json_name(pointer) if kind == "json" and schema_kind(schema, is_deep=is_deep) != "json" else pointer,
            kind=kind,
            label=_label(name, schema),
            help=_text(schema.get("description")),
            value="" if kind in ("secret", "group", "files") else text_of(kind, value),
            has_value=value is not ABSENT and value is not None,
            default="" if default is ABSENT or kind in ("secret", "group", "files") else text_of(kind, default),
            choices=_choices(kind, schema, is_open=value is ABSENT or value is None),
            children=children,
            entries=self._entries(schema, value, path=path) if kind == "files" else (),
            files=wanted_files(schema) if kind == "files" else None,
            document=wanted_document(schema) if kind == "text" else None,
            minimum=_number(schema, "minimum"),
            maximum=_number(schema, "maximum"),
            step=_number(schema, "multipleOf"),
            min_length=_count(schema, "minLength"),
            max_length=_count(schema, "maxLength"),
            pattern=_text(schema.get("pattern")),
            placeholder=_text(schema.get("x-placeholder")) or _colour_hint(kind, schema),
            required=is_required,
            is_secret=secret,
            is_set=pointer in self._set_secrets,
            is_collapsed=schema.get("x-collapsed") is True,
            depth=len(path) - 1,
            error=self._errors.get(pointer) or next((text for path, text in self._errors.items() if _is_below(path, pointer, kind)), ""),
            schema=schema,
        )

    def _entries(self, schema: dict[str, Any], value: Any, *, path: list[str]) -> tuple[FileEntry, ...]:
        wanted = wanted_files(schema)
        assert wanted is not None
        inner = item_schema(wanted, schema)
        return tuple(
            FileEntry(path_in(wanted, entry), tuple(self.fields(inner, path=[*path, str(index)])))
            for index, entry in enumerate(entries_of(wanted, value) or ())
        )


def _path_and_message(problem: Problem | Mapping[str, str]) -> tuple[str, str]:
    return (problem.path, problem.message) if isinstance(problem, Problem) else (problem["path"], problem["message"])


def _ordered(properties: dict[str, Any], order: Any) -> list[str]:
    first = [name for name in order if isinstance(name, str) and name in properties] if isinstance(order, list) else []
    return list(dict.fromkeys([*first, *properties]))


def _is_hidden(schema: Any) -> bool:
    return isinstance(schema, dict) and (schema.get("x-display") == "hidden" or schema.get("x-widget") == "hidden")


def _is_below(path: str, pointer: str, kind: str) -> bool:
    # A list has one input for all of its items: what is wrong with an item is shown there.
    return kind != "group" and path.startswith(f"{pointer}/")


def _label(name: str, schema: dict[str, Any]) -> str:
    return _text(schema.get("title")) or name.replace("_", " ").replace("-", " ").strip().capitalize() or name


def _choices(kind: Kind, schema: dict[str, Any], *, is_open: bool) -> tuple[Choice, ...]:
    # A list of choices always posts one: where none was made, and null is none of them, "not set" stands first.
    offered = choices_of(schema) if kind in ("choice", "radio", "choices") else ()
    return (Choice("", "not set"), *offered) if is_open and kind == "choice" and None not in schema.get("enum", ()) else offered


def _colour_hint(kind: Kind, schema: dict[str, Any]) -> str:
    return "#rrggbb" if kind == "text" and schema_kind(schema) == "colour" else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(schema: dict[str, Any], keyword: str) -> float | int | None:
    value = schema.get(keyword)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _count(schema: dict[str, Any], keyword: str) -> int | None:
    value = _number(schema, keyword)
    return int(value) if value is not None and value >= 0 else None
