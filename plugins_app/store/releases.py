"""Which versions of a plugin a registry offers, and where it says that each lies; the head of the branch never stands in for another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from django.conf import settings

from plugins_app.exceptions import BadRequest
from plugins_app.models import RegistryEntry
from plugins_app.package.compatibility import incompatibility
from plugins_app.package.ids import is_valid_id
from plugins_app.store.catalogue import archive_url, default_branch
from plugins_app.store.offers import folder_of
from plugins_app.store.plan import slug_of

COMMON_BRANCHES = ("main", "master")
NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,49}")
_GITHUB = "https://github.com/"
_MOST_URL = 500


@dataclass(frozen=True)
class OfferedVersion:
    """One version on offer; `url` is empty where the registry does not say where it lies, `incompatible` a sentence or empty."""

    version: str
    released: str = ""
    notes: str = ""
    url: str = ""
    incompatible: str = ""


def offered_versions(entry: RegistryEntry) -> list[OfferedVersion]:
    """Return what a registry lists, in its order; the newest comes first also where it lists none."""
    found = {version.version: version for version in _listed(entry)}
    if entry.latest_version and entry.latest_version not in found:
        newest = OfferedVersion(entry.latest_version, url=_by_template(entry, entry.latest_version))
        found = {newest.version: newest, **found}
    return list(found.values())


def find_version(entry: RegistryEntry, wanted: str) -> OfferedVersion:
    """Return the version that a person names, with or without a `v`; raise BadRequest `version-unknown`."""
    plain = wanted.strip().removeprefix("v")
    for offered in offered_versions(entry):
        if offered.version.removeprefix("v") == plain:
            return offered
    url = _by_template(entry, plain) if NAME.fullmatch(plain) else ""
    if url:
        return OfferedVersion(plain, url=url)
    listed = ", ".join(offered.version for offered in offered_versions(entry)[:8])
    raise BadRequest(
        f"{entry.registry_id} is not offered in version {wanted[:40]}.",
        code="version-unknown",
        hint=f"On offer: {listed}." if listed else "Leave the version out for the newest.",
    )


def version_urls(entry: RegistryEntry, offered: OfferedVersion) -> list[str]:
    """Return where to look for a version, the first that exists counts: where the registry says, else by the usual names of tags.

    Only of the newest may the head of the branch be taken, and what comes is held against the version by the caller.
    """
    if offered.url:
        return [offered.url]
    if offered.version == entry.latest_version:
        return branch_urls(entry)
    base = f"{settings.LEDSITE.github_url}/{slug_of(entry.repo)}/archive/refs/tags"
    return [f"{base}/{quote(tag)}.zip" for tag in _tags(entry, offered.version.removeprefix("v"))]


def branch_urls(entry: RegistryEntry) -> list[str]:
    """Return the addresses of the branch that is installed, the usual ones behind it."""
    return [archive_url(entry, branch=branch) for branch in dict.fromkeys((default_branch(entry), *COMMON_BRANCHES))]


def told_versions(items: Iterable[dict[str, Any]]) -> Iterator[OfferedVersion]:
    """Yield the versions that a plugin's manifest tells of, which does not say where they lie."""
    for item in items:
        name = item.get("version")
        if isinstance(name, str) and NAME.fullmatch(name):
            yield OfferedVersion(
                version=name,
                released=_text(item, "released")[:10],
                notes=_text(item, "notes"),
                incompatible=incompatibility({"versions": [item]}) or "",
            )


def _listed(entry: RegistryEntry) -> Iterator[OfferedVersion]:
    named = [item for item in entry.versions if isinstance(item.get("version"), str)]
    addresses = {item["version"]: _address(item.get("download_url")) for item in reversed(named)}
    for version in told_versions(entry.versions):
        yield replace(version, url=addresses[version.version] or _by_template(entry, version.version))


def _tags(entry: RegistryEntry, number: str) -> list[str]:
    """Name tags as people write them; in a repository of many plugins they begin with the plugin's name."""
    names = [name for name in dict.fromkeys((entry.registry_id, folder_of(entry))) if is_valid_id(name)] if entry.plugin_path else []
    return [*(f"{name}-v{number}" for name in names), f"v{number}", number]


def _by_template(entry: RegistryEntry, version: str) -> str:
    template = entry.raw.get("download_url_template")
    if not isinstance(template, str) or "{version}" not in template:
        return ""
    return _address(template.replace("{version}", quote(version.removeprefix("v"))))


def _address(value: Any) -> str:
    """Return an address as it is requested: GitHub is a name for the base of the settings; the HTTP client checks the host."""
    if not isinstance(value, str) or len(value) > _MOST_URL or not value.isascii() or not value.isprintable():
        return ""
    return f"{settings.LEDSITE.github_url}/{value.removeprefix(_GITHUB)}" if value.startswith(_GITHUB) else value


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return " ".join(value.split())[:300] if isinstance(value, str) else ""
