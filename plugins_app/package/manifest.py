"""What a plugin says of itself: `manifest.json`, read leniently and checked where we would act on it."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from plugins_app.exceptions import PackageError
from plugins_app.package.ids import is_valid_id
from plugins_app.package.jsonfile import clean_text, read_json
from plugins_app.package.reading import read_plain

FILE_NAME = "manifest.json"
MAX_BYTES = 1024 * 1024
MAX_SOURCE_BYTES = 8 * 1024 * 1024
DEFAULT_ENTRY_POINT = "manager.py"


@dataclass(frozen=True)
class Manifest:
    """The manifest with its defaults filled in; `raw` is the object as shipped."""

    id: str
    name: str
    version: str
    author: str
    description: str
    category: str
    tags: tuple[str, ...]
    entry_point: str
    class_name: str
    display_modes: tuple[str, ...]
    update_interval: float | None
    raw: dict[str, Any] = field(repr=False)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a plugin's folder; entry module and class are found, never imported."""
    data = read_json(folder / FILE_NAME, limit=MAX_BYTES, code="manifest-invalid", missing_code="manifest-missing")
    manifest = parse_manifest(data)
    entry = _entry_file(folder, manifest.entry_point)
    if manifest.class_name:
        return manifest
    return parse_manifest({**manifest.raw, "class_name": guess_class_name(entry)}, raw=manifest.raw)


def parse_manifest(data: object, *, raw: dict[str, Any] | None = None) -> Manifest:
    """Check a parsed manifest and fill in defaults; `class_name` stays empty when it is not given."""
    if not isinstance(data, dict):
        raise _invalid("it is not an object")
    plugin_id = data.get("id")
    if not is_valid_id(plugin_id):
        raise _invalid(f"{clean_text(plugin_id, limit=80)!r} cannot be an id")
    class_name = data.get("class_name") or ""
    if not isinstance(class_name, str) or (class_name and not class_name.isidentifier()):
        raise _invalid("class_name is not the name of a class")
    return Manifest(
        id=str(plugin_id),
        name=clean_text(data.get("name"), limit=200) or str(plugin_id),
        version=clean_text(data.get("version"), limit=50) or "0",
        author=clean_text(data.get("author"), limit=200),
        description=clean_text(data.get("description"), limit=5000),
        category=clean_text(data.get("category"), limit=100),
        tags=_texts(data.get("tags")),
        entry_point=_checked_entry_point(data.get("entry_point") or DEFAULT_ENTRY_POINT),
        class_name=class_name,
        display_modes=_texts(data.get("display_modes")) or (str(plugin_id),),
        update_interval=_positive(data.get("update_interval")),
        raw=data if raw is None else raw,
    )


def guess_class_name(entry: Path) -> str:
    """Name the plugin's class: the first with BasePlugin among its bases, else the first; the source is parsed, not run."""
    try:
        source = read_plain(entry, limit=MAX_SOURCE_BYTES)
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(source)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _invalid(f"it names no class, and {entry.name} cannot be parsed to find one") from error
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    if not classes:
        raise _invalid(f"it names no class, and {entry.name} has none")
    return next((node for node in classes if any(_is_base_plugin(base) for base in node.bases)), classes[0]).name


def _is_base_plugin(base: ast.expr) -> bool:
    return (isinstance(base, ast.Name) and base.id == "BasePlugin") or (isinstance(base, ast.Attribute) and base.attr == "BasePlugin")


def _checked_entry_point(value: object) -> str:
    if not isinstance(value, str) or "\\" in value or "\0" in value or not value.endswith(".py") or len(value) > 200:
        raise _invalid("entry_point is not the name of a Python file")
    path = PurePosixPath(value)
    if path.is_absolute() or ".." in path.parts:
        raise _invalid("entry_point leaves the plugin's folder")
    return str(path)


def _entry_file(folder: Path, entry_point: str) -> Path:
    entry = folder / entry_point
    if not entry.resolve().is_relative_to(folder.resolve()):
        raise _invalid("entry_point leaves the plugin's folder")
    if not entry.is_file():
        raise PackageError(
            f"The plugin has no {entry_point}.", code="entry-point-missing", hint="Ask the plugin's author for a complete package."
        )
    return entry


def _texts(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else []
    texts = [clean_text(item, limit=100) for item in items[:200] if isinstance(item, str)]
    return tuple(dict.fromkeys(text for text in texts if text))


def _positive(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
        return None
    return float(value)


def _invalid(reason: str) -> PackageError:
    return PackageError(
        f"The manifest cannot be used: {reason}.", code="manifest-invalid", hint="Ask the plugin's author to correct manifest.json."
    )
