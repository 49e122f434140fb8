"""The entry of a plugin for a registry, out of its manifest and the address of its repository. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from plugins_app.package.manifest import Manifest


def registry_entry(manifest: Manifest, repository: str, *, today: date, branch: str = "main", plugin_path: str = "") -> dict[str, Any]:
    """Return it, with this version to be found under the tag `v<version>`."""
    address, day = repository.rstrip("/").removesuffix(".git"), today.isoformat()
    download = f"{address}/archive/refs/tags/v{manifest.version}.zip"
    return {
        "id": manifest.id,
        "name": manifest.name,
        "description": manifest.description,
        "author": manifest.author,
        "category": manifest.category,
        "tags": list(manifest.tags),
        "repo": address,
        "branch": branch,
        "plugin_path": plugin_path,
        "latest_version": manifest.version,
        "last_updated": day,
        "verified": False,
        "screenshot": "",
        "versions": [{"version": manifest.version, "released": day, "download_url": download}],
    }
