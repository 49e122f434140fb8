"""Everything that is stored about one plugin, for its page: its row of the list, what its files say, and what follows from them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from plugins_app.exceptions import NotFound
from plugins_app.installer.requirement_states import RequirementState, states_of
from plugins_app.models import CommitFacts, Plugin, RegistryEntry, RepositoryFacts, Trust
from plugins_app.package.compatibility import incompatibility, wanted_interface
from plugins_app.package.ids import check_id
from plugins_app.package.manifest import Manifest
from plugins_app.package.versions import newest_first
from plugins_app.store import catalogue, documents
from plugins_app.store.offers import row_without_entry
from plugins_app.store.plan import slug_of
from plugins_app.store.readme import to_html
from plugins_app.store.releases import OfferedVersion, offered_versions, told_versions
from plugins_app.store.stored_files import Files, files_in, files_of

KIB = 1024


@dataclass(frozen=True)
class Download:
    """How much an installation downloads: as measured here, or the size of the repository by GitHub's word."""

    bytes: int | None = None
    origin: Literal["measured", "github", "unknown"] = "unknown"


@dataclass(frozen=True)
class Asked:
    """When GitHub last said what stands in the row: of the repository (stars, default branch), and of the last commit; None: never."""

    repository_at: datetime | None = None
    commit_at: datetime | None = None


@dataclass(frozen=True)
class Details:
    """One plugin: its row of the list, and what stands in its files."""

    row: dict[str, Any]
    files: Files
    versions: list[OfferedVersion]
    requirements: list[RequirementState]
    download: Download
    readme_html: str
    wanted_interface: str = ""
    asked: Asked = Asked()

    def as_dict(self, *, picture: str | None) -> dict[str, Any]:
        """Return the body of GET store/<id>."""
        files, installed = self.files, (self.row["installed_version"] or "").removeprefix("v")
        return {
            **self.row,
            "readme": {"text": files.readme, "html": self.readme_html},
            "versions": [
                {**asdict(one), "installed": bool(installed) and one.version.removeprefix("v") == installed} for one in self.versions
            ],
            "requirements": [asdict(one) for one in self.requirements],
            "download": asdict(self.download),
            "asked": asdict(self.asked),
            "schema": files.schema,
            "picture": picture,
            "files": {
                "state": files.state,
                "origin": files.origin,
                "fetched_at": files.fetched_at,
                "problem": files.problem,
                "notes": files.notes,
            },
        }


def look_up(plugin_id: str) -> tuple[RegistryEntry | None, Plugin | None]:
    """Find what a registry offers, and what is installed, under an id; NotFound `not-in-registry` when it is neither."""
    plugin = Plugin.objects.filter(plugin_id__iexact=check_id(plugin_id)).first()
    reference = plugin.source_ref if plugin is not None else {}
    try:
        entry = catalogue.find_entry(str(reference.get("registry_id") or plugin_id), registry=str(reference.get("registry") or ""))
    except NotFound:
        if plugin is None:
            raise
        return None, plugin
    return entry, plugin


def details(plugin_id: str, *, asks: bool = False, is_forced: bool = False) -> Details:
    """Return what is stored about a plugin, at once; `asks`: and let a worker fetch what is missing or old (forced: whatever its age)."""
    entry, plugin = look_up(plugin_id)
    row = catalogue.row_of(entry) if entry is not None else row_without_entry(_installed(plugin))
    if plugin is None and row["installed_id"]:
        plugin = Plugin.objects.filter(pk=row["installed_id"]).first()
    files = files_of(entry, plugin, asks=asks, is_forced=is_forced, has_update=row["update_available"])
    reason = row["incompatible_reason"] or incompatibility(files.manifest)
    row |= {"compatible": reason is None, "incompatible_reason": reason}
    base = documents.base_url(entry) if entry is not None else "https://github.com/"
    about = RepositoryFacts.objects.filter(slug=slug_of(entry.repo).lower()).first() if entry is not None else None
    return Details(
        row=row,
        files=files,
        versions=_versions(entry, files),
        requirements=states_of(files.requirements),
        download=_download(about),
        readme_html=to_html(files.readme, base=base) if files.readme else "",
        wanted_interface=wanted_interface(files.manifest) or (wanted_interface(entry.raw) if entry is not None else ""),
        asked=_asked(entry, about),
    )


def details_of_folder(manifest: Manifest, folder: Path) -> Details:
    """Return the same for a plugin that lies in a folder and is not installed."""
    kept = Plugin(plugin_id=manifest.id, name=manifest.name, version=manifest.version, manifest=manifest.raw)
    kept.author, kept.description, kept.category, kept.tags = manifest.author, manifest.description, manifest.category, list(manifest.tags)
    told = {
        "installed": False,
        "installed_id": None,
        "installed_version": None,
        "latest_version": manifest.version,
        "trust": Trust.OFFICIAL,
    }
    files = files_in(folder, manifest)
    return Details(
        row=row_without_entry(kept) | told,
        files=files,
        versions=_versions(None, files),
        requirements=states_of(files.requirements),
        download=Download(0, "measured"),
        readme_html=to_html(files.readme, base="https://github.com/") if files.readme else "",
    )


def picture_of(plugin_id: str) -> bytes:
    """Return the stored screenshot; NotFound `no-picture`."""
    entry, _ = look_up(plugin_id)
    facts = documents.facts_of(entry) if entry is not None else None
    if facts is None or not facts.picture:
        raise NotFound(f"There is no screenshot of {plugin_id}.", code="no-picture", hint="Its registry and its manifest name none.")
    return bytes(facts.picture)


def _versions(entry: RegistryEntry | None, files: Files) -> list[OfferedVersion]:
    """Return what the registry lists; where it names the newest alone, the dates and notes of the plugin's own manifests beside it."""
    offered = {one.version: one for one in (offered_versions(entry) if entry is not None else [])}
    for manifest in (files.offered, files.manifest):
        told = manifest.get("versions")
        own = [one for one in told[:100] if isinstance(one, dict)] if isinstance(told, list) else []
        for version in told_versions(own):
            known = offered.get(version.version)
            if known is None or not (known.released or known.notes):
                offered[version.version] = version
    return [offered[version] for version in newest_first(offered)]


def _asked(entry: RegistryEntry | None, about: RepositoryFacts | None) -> Asked:
    if entry is None:
        return Asked()
    commits = CommitFacts.objects.filter(slug=slug_of(entry.repo).lower(), branch=entry.branch, path=entry.plugin_path)
    return Asked(about.checked_at if about else None, commits.values_list("checked_at", flat=True).first())


def _download(about: RepositoryFacts | None) -> Download:
    if about is not None and about.download_bytes:
        return Download(about.download_bytes, "measured")
    if about is not None and about.size_kb:
        return Download(about.size_kb * KIB, "github")
    return Download()


def _installed(plugin: Plugin | None) -> Plugin:
    assert plugin is not None  # look_up has found one of the two
    return plugin
