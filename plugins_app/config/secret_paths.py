"""Which settings are secrets: those that a schema marks, and those whose name says so though their author forgot (pure)."""

from __future__ import annotations

import re
from typing import Any

from plugins_app.config.pointers import pointer_of

MASK = "********"
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
LAST_WORDS = frozenset(
    ("password", "passwd", "passphrase", "passcode", "pass", "pwd", "secret", "token", "apikey", "psk", "credential", "credentials")
)
ENDINGS = ("apikey", "accesskey", "secretkey", "privatekey", "authkey", "apitoken", "authtoken", "accesstoken")
STRINGS = frozenset({"string", "null"})


def secret_paths(schema: dict[str, Any], values: dict[str, Any]) -> set[str]:
    """Return the pointers of all secrets that the schema knows or the values hold, also inside of lists."""
    found: set[str] = set()
    _walk(schema, values, [], found, is_marked=False)
    return found


def is_secret(name: str, schema: dict[str, Any]) -> bool:
    """Tell whether one property is a secret; `x-secret: false` says that it is none whatever its name."""
    mark = schema.get("x-secret")
    if isinstance(mark, bool):
        return mark
    return schema.get("format") == "password" or (_may_be_text(schema) and has_secret_name(name))


def has_secret_name(name: str) -> bool:
    """Tell whether a name says secret: api_key, db_pass, clientSecret; not max_tokens, not token_file."""
    words = [word.lower() for word in WORDS.findall(name) if not word.isdigit()]
    return bool(words) and (words[-1] in LAST_WORDS or "".join(words).endswith(ENDINGS))


def mask_of(pointer: str, *, is_in_list: bool) -> str:
    """Return what is shown for a secret that is set; inside a list it names its place, so that items may change places."""
    return f"{MASK} {pointer}" if is_in_list else MASK


def masked_pointer(value: Any, pointer: str) -> str | None:
    """Return the place of the secret that a submitted value stands for; None when it is a new value."""
    if value in ("", MASK):
        return pointer
    if isinstance(value, str) and value.startswith(f"{MASK} /"):
        return value.removeprefix(f"{MASK} ")
    return None


def _walk(schema: Any, value: Any, path: list[str | int], found: set[str], *, is_marked: bool) -> None:
    schema = schema if isinstance(schema, dict) else {}
    properties = schema.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    if isinstance(value, dict) or (properties and value is None):
        held = value or {}
        others = schema.get("additionalProperties")
        for name in [*properties, *(name for name in held if name not in properties)]:
            _enter(name, properties.get(name, others), held.get(name), [*path, name], found, is_marked=is_marked)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _walk(schema.get("items"), item, [*path, index], found, is_marked=is_marked)
    elif is_marked and path and not isinstance(value, bool):
        found.add(pointer_of(path))


def _enter(name: str, schema: Any, value: Any, path: list[str | int], found: set[str], *, is_marked: bool) -> None:
    schema = schema if isinstance(schema, dict) else {}
    is_marked = schema.get("x-secret") is not False and (is_marked or is_secret(name, schema))
    by_name_only = is_marked and schema.get("x-secret") is not True and not isinstance(value, str | dict | list | None)
    _walk(schema, value, path, found, is_marked=is_marked and not by_name_only)


def _may_be_text(schema: dict[str, Any]) -> bool:
    kinds = schema.get("type")
    if kinds is None:
        return "enum" not in schema and "properties" not in schema and "items" not in schema
    listed = kinds if isinstance(kinds, list) else [kinds]
    return "enum" not in schema and "string" in listed and STRINGS.issuperset(str(kind) for kind in listed)
