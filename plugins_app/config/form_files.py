"""Settings that name uploaded files: which properties do, what stands in them, and what a posted form makes of it (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

from plugins_app.config.pointers import ABSENT

Shape = Literal["objects", "texts", "object", "text"]
WIDGETS = ("file-upload", "file-upload-single")
TYPES = ("image/png", "image/jpeg", "image/bmp", "image/gif")
MANAGED = frozenset({"id", "path", "uploaded_at", "display_order", "filename", "original_filename", "size", "content_type"})
PLACE = "display_order"
DOCUMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}\.json")
OWN_DOCUMENTS = ("manifest.json", "config_schema.json", "preview.json", "plugin.json")
MOST_DOCUMENT = 1024 * 1024
MOST = 50


@dataclass(frozen=True)
class WantedDocument:
    """A property wants a JSON file under a name in the plugin's own folder, of at most so many bytes: the credentials of an account."""

    name: str
    most_bytes: int


@dataclass(frozen=True)
class WantedFiles:
    """What a property wants: one picture or a list, each as an object with its path or as the path alone; at most `most`."""

    shape: Shape
    most: int
    types: tuple[str, ...] = TYPES

    @property
    def is_list(self) -> bool:
        """Tell whether it wants several."""
        return self.shape in ("objects", "texts")


def wanted_files(schema: dict[str, Any]) -> WantedFiles | None:
    """Return what a property wants of pictures; None when it wants none."""
    if schema.get("x-widget") not in WIDGETS:
        return None
    shape = _shape(schema)
    config = schema.get("x-upload-config")
    config = config if isinstance(config, dict) else {}
    allowed = config.get("allowed_types")
    types = tuple(one for one in TYPES if one in allowed) if isinstance(allowed, list) else TYPES
    if shape is None or not types:
        return None
    if shape in ("object", "text"):
        return WantedFiles(shape, 1, types)
    most = config.get("max_files")
    return WantedFiles(shape, min(most, MOST) if type(most) is int and most > 0 else MOST, types)


def wanted_document(schema: dict[str, Any]) -> WantedDocument | None:
    """Return the JSON file that a property wants; None when it wants none."""
    config = schema.get("x-upload-config")
    if schema.get("x-widget") not in WIDGETS or schema.get("type") != "string" or not isinstance(config, dict):
        return None
    name, most = config.get("target_filename"), config.get("max_size_mb")
    if not isinstance(name, str) or not DOCUMENT.fullmatch(name) or name in OWN_DOCUMENTS:
        return None
    share = most if isinstance(most, int | float) and 0 < most < 1 else 1
    return WantedDocument(name, int(share * MOST_DOCUMENT))


def wants_files_somewhere(schema: Any) -> bool:
    """Tell whether any property wants files, also where a form has no field for it: in the items of a list."""
    if isinstance(schema, dict):
        return bool(wanted_files(schema) or wanted_document(schema)) or any(wants_files_somewhere(inner) for inner in schema.values())
    return isinstance(schema, list) and any(wants_files_somewhere(inner) for inner in schema)


def wants_files_in_lists(schema: Any) -> bool:
    """Tell whether items of a list want pictures: a form has no field for these, a person writes their paths."""
    if not isinstance(schema, dict) or wanted_files(schema) is not None:
        return False
    return wants_files_somewhere(schema.get("items")) or any(wants_files_in_lists(inner) for inner in _properties(schema).values())


def entries_of(wanted: WantedFiles, value: Any) -> list[Any] | None:
    """Return what a value names, one entry a picture; None when it is of another form."""
    if value in (ABSENT, None, "", {}):
        return []
    entries = value if wanted.is_list else [value]
    return list(entries) if isinstance(entries, list) and all(_path(wanted, one) for one in entries) else None


def path_in(wanted: WantedFiles, entry: Any) -> str:
    """Return the path that an entry names."""
    return _path(wanted, entry)


def value_of(wanted: WantedFiles, entries: Sequence[Any], schema: dict[str, Any]) -> Any:
    """Return entries as the value of the property; their order is written down where the schema has a place for it."""
    if not wanted.is_list:
        return entries[-1] if entries else ABSENT
    if wanted.shape == "texts" or PLACE not in _properties(schema["items"]):
        return list(entries)
    return [{**entry, PLACE: place} for place, entry in enumerate(entries)]


def new_entry(wanted: WantedFiles, facts: Mapping[str, Any], schema: dict[str, Any]) -> Any:
    """Return the entry of a picture that was just kept; `facts` are id, path and uploaded_at, of which the schema may know some."""
    if wanted.shape in ("texts", "text"):
        return facts["path"]
    known = _properties(schema["items"] if wanted.is_list else schema)
    return {name: value for name, value in facts.items() if name in known}


def arranged(wanted: WantedFiles, entries: Sequence[Any], *, shown: Sequence[str], places: Sequence[str], dropped: set[str]) -> list[Any]:
    """Return entries in the order that a form asks for, without those to drop.

    `shown` are the paths as the form had them, `places` the number typed for each. An entry that the form did not show was added meanwhile
    and stays, at the end; a path that names no entry counts for nothing.
    """
    waiting = list(entries)
    chosen: list[tuple[tuple[float, int, int], Any]] = []
    for index, path in enumerate(shown):
        entry = next((one for one in waiting if _path(wanted, one) == path), None)
        if entry is None:
            continue
        waiting.remove(entry)
        place = _number(places[index] if index < len(places) else "", default=index + 1)
        turn = (place > index + 1) - (place < index + 1)  # who is moved up goes before, who is moved down behind the one in that place
        if path not in dropped:
            chosen.append(((place, turn, index), entry))
    return [entry for _, entry in sorted(chosen, key=lambda one: one[0])] + waiting


def item_schema(wanted: WantedFiles, schema: dict[str, Any]) -> dict[str, Any]:
    """Return what else can be set for each picture of a list."""
    if wanted.shape != "objects":
        return {"properties": {}}
    items = deepcopy(schema["items"])
    items["properties"] = {name: inner for name, inner in _properties(items).items() if name not in MANAGED}
    return dict(items)


def _shape(schema: dict[str, Any]) -> Shape | None:
    kind = schema.get("type")
    if kind == "string":
        return "text"
    if kind == "object":
        return "object" if "path" in _properties(schema) else None
    items = schema.get("items")
    if kind != "array" or not isinstance(items, dict):
        return None
    if items.get("type") == "string":
        return "texts"
    return "objects" if "path" in _properties(items) else None


def _properties(schema: dict[str, Any]) -> dict[str, Any]:
    properties = schema.get("properties")
    return properties if isinstance(properties, dict) else {}


def _path(wanted: WantedFiles, entry: Any) -> str:
    if wanted.shape in ("texts", "text"):
        return entry if isinstance(entry, str) else ""
    path = entry.get("path") if isinstance(entry, dict) else None
    return path if isinstance(path, str) else ""


def _number(text: str, *, default: float) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else default
