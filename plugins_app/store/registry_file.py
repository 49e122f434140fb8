"""Reads a registry file entry by entry: a bad entry is dropped with its reason and never hides the good ones (pure)."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from plugins_app.exceptions import NetworkProblem
from plugins_app.package.ids import is_valid_id
from plugins_app.package.jsonfile import check_storable

MAX_BODY = 20 * 1024 * 1024
MAX_ENTRIES = 20_000
MAX_RAW = 32 * 1024
REPOSITORY = re.compile(
    r"https?://(?:www\.)?github\.com/([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100}?)(?:\.git)?/*", re.IGNORECASE
)
BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,199}")
PATH_PART = re.compile(r"[^\x00-\x1f\x7f\\/:]{1,120}")


@dataclass(frozen=True)
class FileEntry:
    """One plugin on offer; `repo` is always `https://github.com/<owner>/<name>`, a name and not an address."""

    registry_id: str
    name: str
    repo: str
    branch: str = ""
    plugin_path: str = ""
    description: str = ""
    author: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    stars: int = 0
    downloads: int = 0
    verified: bool = False
    latest_version: str = ""
    last_updated: str = ""
    screenshot: str = ""
    versions: tuple[dict[str, Any], ...] = ()
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RegistryFile:
    """What a registry file says: entries in its order, and the entries that cannot be used."""

    digest: str
    entries: tuple[FileEntry, ...]
    dropped: tuple[dict[str, Any], ...]


class _Unusable(Exception):
    """Why an entry is dropped."""


def parse_registry(body: bytes) -> RegistryFile:
    """Read a registry of either shape; raise NetworkProblem `registry-invalid` when it is none at all."""
    items = _items(body)
    entries: list[FileEntry] = []
    dropped: list[dict[str, Any]] = []
    seen: set[str] = set()
    for index, item in enumerate(items):
        if isinstance(item, dict) and item.get("type") not in (None, "", "plugin"):
            continue  # a skin, or whatever registries will offer besides plugins
        try:
            entry = _entry(item)
            if entry.registry_id.lower() in seen:
                raise _Unusable("an entry with this id came before")
        except _Unusable as problem:
            name = item.get("id") if isinstance(item, dict) else None
            dropped.append({"index": index, "id": _text(name, 63), "reason": str(problem)})
            continue
        seen.add(entry.registry_id.lower())
        entries.append(entry)
    return RegistryFile(digest=hashlib.sha256(body).hexdigest(), entries=tuple(entries), dropped=tuple(dropped))


def _items(body: bytes) -> list[Any]:
    if len(body) > MAX_BODY:
        raise _invalid(f"it is larger than {MAX_BODY // 1024 // 1024} MiB")
    if body[:200].lstrip().lower().startswith((b"<!doctype", b"<html")):
        raise _invalid("a web page came instead")
    try:
        data = json.loads(body.decode("utf-8-sig"), parse_constant=lambda name: None)
    except (ValueError, RecursionError) as error:
        raise _invalid("it is not JSON, or it ends too early") from error
    items = data.get("plugins") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise _invalid("it has no list `plugins`")
    if len(items) > MAX_ENTRIES:
        raise _invalid(f"it lists more than {MAX_ENTRIES} plugins")
    return items


def _invalid(reason: str) -> NetworkProblem:
    return NetworkProblem(
        f"The registry cannot be read: {reason}.",
        code="registry-invalid",
        hint="What was on offer before stays; it is asked again by itself.",
    )


def _entry(item: Any) -> FileEntry:
    if not isinstance(item, dict):
        raise _Unusable("it is not an object")
    registry_id = item.get("id")
    if not is_valid_id(registry_id):
        raise _Unusable("its id is missing or not allowed")
    versions = tuple(version for version in _list(item.get("versions"))[:100] if isinstance(version, dict))
    newest = versions[0].get("version") if versions else ""
    return FileEntry(
        registry_id=str(registry_id),
        name=_text(item.get("name"), 200) or str(registry_id),
        repo=_repository(item.get("repo")),
        branch=_branch(item.get("branch")),
        plugin_path=_plugin_path(item.get("plugin_path")),
        description=_text(item.get("description"), 4000),
        author=_text(item.get("author"), 200),
        category=_text(item.get("category"), 100),
        tags=tuple(dict.fromkeys(tag for tag in (_text(tag, 60) for tag in _list(item.get("tags"))[:50]) if tag)),
        stars=_count(item.get("stars")),
        downloads=_count(item.get("downloads")),
        verified=item.get("verified") is True,
        latest_version=_text(item.get("latest_version"), 50) or _text(newest, 50),
        last_updated=_text(item.get("last_updated"), 40),
        screenshot=_picture(item.get("screenshot")),
        versions=tuple(_stored(versions) or ()),
        raw=_stored(item) or {},
    )


def _repository(value: Any) -> str:
    match = REPOSITORY.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or match[2] in (".", ".."):
        raise _Unusable("its repository is not one on GitHub")
    return f"https://github.com/{match[1]}/{match[2]}"


def _branch(value: Any) -> str:
    if value in (None, ""):
        return ""
    if not isinstance(value, str) or not BRANCH.fullmatch(value) or ".." in value or "//" in value or value.endswith(("/", ".")):
        raise _Unusable("its branch is not the name of one")
    return value


def _plugin_path(value: Any) -> str:
    if value in (None, "", ".", "/"):
        return ""
    path = value.strip("/") if isinstance(value, str) else "\\"
    if len(path) > 240 or not path.isprintable() or any(not PATH_PART.fullmatch(part) or part in (".", "..") for part in path.split("/")):
        raise _Unusable("its folder leads out of the repository")
    return path


def _text(value: Any, limit: int) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value) if abs(value) < 1e15 else ""
    if not isinstance(value, str):
        return ""
    # Half of a surrogate pair is JSON, but no text that a database takes.
    clean = value[: limit * 2].encode("utf-8", "ignore").decode()
    return "".join(char if char.isprintable() else " " for char in clean).strip()[:limit]


def _count(value: Any) -> int:
    return min(max(int(value), 0), 2**31 - 1) if isinstance(value, int) and not isinstance(value, bool) else 0


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _picture(value: Any) -> str:
    text = _text(value, 500)
    return text if text.startswith("https://") and text.isascii() and not re.search(r"[\s\"'<>\\]", text) else ""


def _stored(value: Any) -> Any:
    """Return JSON as it can be stored and sent on, `?` for halves of characters; None when it is too large or deep, or has such numbers."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
        return check_storable(json.loads(text)) if len(text) <= MAX_RAW else None
    except (ValueError, RecursionError):
        return None
