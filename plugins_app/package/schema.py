"""A plugin's `config_schema.json`: read as shipped, and normalised to valid draft-07 so that validators and forms can rely on it.

Authors write what their first host forgave: `required` as a flag of the property itself, types of other languages, bounds as text. What
can be understood is put right, what cannot is left out; nothing here raises for a schema that is an object.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from plugins_app.exceptions import PackageError
from plugins_app.package.jsonfile import read_json

FILE_NAME = "config_schema.json"
MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 40
TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")
OTHER_NAMES = {
    "int": "integer", "long": "integer", "float": "number", "double": "number", "decimal": "number", "bool": "boolean", "str": "string",
    "text": "string", "password": "string", "list": "array", "dict": "object", "map": "object", "none": "null",
}  # fmt: skip

Schema = dict[str, Any]

_MAPS = ("properties", "patternProperties", "definitions", "$defs")
_ONES = ("items", "additionalProperties", "additionalItems", "not", "contains", "propertyNames", "if", "then", "else")
_LISTS = ("oneOf", "anyOf", "allOf")
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_TEXTS = ("title", "description", "format", "$comment")
_FLAGS = ("uniqueItems", "readOnly", "writeOnly")
_LOOKS_AROUND = re.compile(r"\(\?(?:[=!>(]|<[=!]|P=)|\\[1-9k]")
_DROPPED = ("$schema", "$id", "id", "dependencies")


def read_schema(folder: Path) -> Schema:
    """Return a plugin's schema as shipped, {} when it has none; PackageError `schema-invalid` when it is no JSON object."""
    if not (folder / FILE_NAME).exists():
        return {}
    data = read_json(folder / FILE_NAME, limit=MAX_BYTES, code="schema-invalid")
    if not isinstance(data, dict):
        raise PackageError(f"{FILE_NAME} is not an object.", code="schema-invalid", hint=f"Ask the plugin's author to correct {FILE_NAME}.")
    return data


def normalise(schema: Schema) -> Schema:
    """Return a schema that is valid draft-07 and means what its author meant; {} stays {}."""
    return _schema(schema, depth=0) if schema else {}


def _schema(raw: Schema, *, depth: int) -> Schema:
    if depth > MAX_DEPTH:
        return {}
    known = {key: value for key, value in raw.items() if key not in _DROPPED}
    _put_types_right(known)
    _put_bounds_right(known)
    _put_words_right(known)
    _descend(known, depth)
    _hoist_required(known, raw.get("properties"))
    return known


def _put_types_right(schema: Schema) -> None:
    """Turn `type` into names of draft-07: the default's first, null beside others kept; derive it where it can be seen."""
    given = schema.pop("type", None)
    names = [_type_name(name) for name in (given if isinstance(given, list) else [given])]
    types = [name for name in dict.fromkeys(names) if name]
    if not types:
        types = ["object"] if "properties" in schema else ["array"] if _describes_items(schema) else []
    if types == ["null"]:
        types = ["object", "null"]
    if schema.pop("nullable", None) is True and types and "null" not in types:
        types.append("null")
    preferred = _type_of(schema.get("default"))
    types.sort(key=lambda name: (name == "null", name != preferred))
    if types:
        schema["type"] = types[0] if len(types) == 1 else types


def _describes_items(schema: Schema) -> bool:
    """Tell whether there is one schema for all items, or something that will be taken for one."""
    items = schema.get("items", True)
    return not isinstance(items, bool) and not (isinstance(items, list) and items)


def _type_name(name: object) -> str:
    lowered = name.lower() if isinstance(name, str) else ""
    return lowered if lowered in TYPES else OTHER_NAMES.get(lowered, "")


def _type_of(value: object) -> str:
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array"), (dict, "object"),
    )  # fmt: skip
    return next((name for kind, name in kinds if isinstance(value, kind)), "null")


def _put_bounds_right(schema: Schema) -> None:
    for exclusive, plain in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if schema.get(exclusive) is True and _is_number(schema.get(plain)):
            schema[exclusive] = schema.pop(plain)
    for key in _NUMBERS:
        if key in schema and not _is_number(schema[key]):
            del schema[key]
    for key in _COUNTS:
        if key in schema and not (_is_number(schema[key]) and schema[key] >= 0 and schema[key] == int(schema[key])):
            del schema[key]
    if "multipleOf" in schema and not (_is_number(schema["multipleOf"]) and schema["multipleOf"] > 0):
        del schema["multipleOf"]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _put_words_right(schema: Schema) -> None:
    for key in _TEXTS:
        if key in schema and not isinstance(schema[key], str):
            del schema[key]
    for key in _FLAGS:
        if key in schema and not isinstance(schema[key], bool):
            del schema[key]
    if "enum" in schema and not (isinstance(schema["enum"], list) and schema["enum"]):
        del schema["enum"]
    if "examples" in schema and not isinstance(schema["examples"], list):
        schema["examples"] = [schema["examples"]]
    if "pattern" in schema and not _is_pattern(schema["pattern"]):
        del schema["pattern"]
    if "$ref" in schema and not (isinstance(schema["$ref"], str) and schema["$ref"].startswith("#")):
        del schema["$ref"]


def _is_pattern(value: object) -> bool:
    """Tell whether a pattern can be used; looking around and back is left to the plugin: it can take for ever."""
    if isinstance(value, str) and _LOOKS_AROUND.search(value):
        return False
    try:
        re.compile(value if isinstance(value, str) else "(")
    except re.error:
        return False
    return True


def _descend(schema: Schema, depth: int) -> None:
    for key in _MAPS:
        if key in schema:
            parts = schema[key] if isinstance(schema[key], dict) else {}
            usable = {name: part for name, part in parts.items() if key != "patternProperties" or _is_pattern(name)}
            schema[key] = {name: _part(part, depth) for name, part in usable.items()}
    for key in _ONES:
        if key in schema:
            value = schema[key]
            many = key == "items" and isinstance(value, list) and value
            schema[key] = [_part(part, depth) for part in value] if many else _part(value, depth)
    for key in _LISTS:
        if key in schema:
            schema[key] = [_part(part, depth) for part in schema[key]] if isinstance(schema[key], list) else []
            if not schema[key]:
                del schema[key]


def _part(value: object, depth: int) -> Schema | bool:
    if isinstance(value, bool):
        return value
    return _schema(value, depth=depth + 1) if isinstance(value, dict) else {}


def _hoist_required(schema: Schema, properties: object) -> None:
    """Collect the names that are required: those listed, and those of properties that carry the flag themselves."""
    listed = schema.pop("required", None)
    names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    for name, part in properties.items() if isinstance(properties, dict) else ():
        if isinstance(part, dict) and part.get("required") is True:
            names.append(name)
    if names:
        schema["required"] = list(dict.fromkeys(names))
