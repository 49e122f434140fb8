"""Brings the files of a plugin into a folder, from wherever it was asked for: registry, address, upload, or the product itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plugins_app.exceptions import BadRequest, NotFound
from plugins_app.installer.fetch import FetchedArchive, fetch_archive
from plugins_app.installer.files import digests_of
from plugins_app.installer.unpack import unpack
from plugins_app.lifecycle.addresses import parse_address, repository_of
from plugins_app.lifecycle.requests import folder_id_of
from plugins_app.models import Source
from plugins_app.operations.job import Job
from plugins_app.store.catalogue import find_entry
from plugins_app.store.facts import note_download
from plugins_app.store.releases import branch_urls, find_version, version_urls


@dataclass(frozen=True)
class Fetched:
    """The files of one plugin as shipped, and where they came from; `expected_ids` is empty when any id will do."""

    tree: Path
    files: dict[str, str] = field(repr=False)
    source: str
    source_ref: dict[str, Any]
    archive_sha256: str = ""
    archive_bytes: int = 0
    commit: str = ""
    expected_ids: frozenset[str] = frozenset()


def fetch(job: Job, source: str, ref: dict[str, Any], folder: Path) -> Fetched:
    """Download or copy into `folder`; only that folder is touched."""
    return _FETCHERS[source](job, ref, folder)


def _from_registry(job: Job, ref: dict[str, Any], folder: Path) -> Fetched:
    entry = find_entry(ref["registry_id"], registry=ref.get("registry") or "")
    chosen = find_version(entry, ref["version"]) if ref.get("version") else None
    urls = version_urls(entry, chosen) if chosen else branch_urls(entry)
    repository = repository_of(entry.repo)
    kept = {
        "registry_id": entry.registry_id,
        "registry": entry.source.name,
        "repo": repository,
        "branch": entry.branch,
        "plugin_path": entry.plugin_path,
    }
    ids = {folder_id_of(entry), entry.registry_id, f"ledmatrix-{entry.registry_id}", repository.rpartition("/")[2]}
    facts = {"source": Source.REGISTRY, "source_ref": kept, "expected_ids": frozenset(ids)}
    try:
        fetched = _from_archive(job, urls, entry.plugin_path, folder, **facts)
    except NotFound as error:
        if chosen is None:
            raise
        raise NotFound(
            f"Version {chosen.version} of {entry.name} is not at {urls[0]}, where its registry has it.",
            code="version-not-there",
            hint="Choose another version, or leave it out for the newest; nothing was changed.",
        ) from error
    note_download(entry.repo, fetched.archive_bytes)
    return fetched


def _from_url(job: Job, ref: dict[str, Any], folder: Path) -> Fetched:
    github_url = job.context.github_url
    address = parse_address(ref["url"], plugin_path=ref.get("plugin_path", ""), branch=ref.get("branch", ""), github_url=github_url)
    kept = {name: ref.get(name, "") for name in ("url", "plugin_path", "branch")}
    return _from_archive(job, address.archive_urls(github_url), address.plugin_path, folder, source=Source.URL, source_ref=kept)


def _from_upload(job: Job, ref: dict[str, Any], folder: Path) -> Fetched:
    archive = Path(ref["path"])
    if archive.parent != job.context.uploads or not archive.is_file():
        raise BadRequest("The uploaded file is no longer here.", code="upload-gone", hint="Upload it again.")
    unpacked = unpack(archive, folder / "tree")
    kept = {"filename": ref.get("filename", "")}
    return Fetched(folder / "tree", unpacked.files, Source.UPLOAD, kept, commit=unpacked.commit)


def _from_product(job: Job, ref: dict[str, Any], folder: Path) -> Fetched:
    tree = folder / "tree"
    job.log(f"Copying {Path(ref['path']).name}")
    shutil.copytree(ref["path"], tree, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    return Fetched(tree, digests_of(tree), Source.BUNDLED, {"path": ref["path"]})


def _from_archive(job: Job, urls: list[str], plugin_path: str, folder: Path, **facts: Any) -> Fetched:
    archive = _download(job, urls, folder / "archive.zip")
    unpacked = unpack(archive.path, folder / "tree", subfolder=plugin_path)
    archive.path.unlink()
    facts |= {"archive_sha256": archive.sha256, "archive_bytes": archive.size}
    return Fetched(folder / "tree", unpacked.files, commit=unpacked.commit, **facts)


def _download(job: Job, urls: list[str], target: Path) -> FetchedArchive:
    """Take the first address that exists."""
    for url in urls[:-1]:
        try:
            return _download_one(job, url, target)
        except NotFound:
            job.log(f"Nothing at {url}")
    return _download_one(job, urls[-1], target)


def _download_one(job: Job, url: str, target: Path) -> FetchedArchive:
    job.log(f"Downloading {url}")

    def on_progress(done: int, total: int | None) -> None:
        job.progress.percent(5 + 30 * min(1.0, done / total) if total else 5)

    return fetch_archive(job.context.http, url, target, on_progress=on_progress, is_cancelled=job.progress.is_cancelled)


_FETCHERS: dict[str, Callable[[Job, dict[str, Any], Path], Fetched]] = {
    Source.REGISTRY: _from_registry,
    Source.URL: _from_url,
    Source.UPLOAD: _from_upload,
    Source.BUNDLED: _from_product,
}
