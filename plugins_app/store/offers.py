"""One row of the store: an entry of a registry with what GitHub said about its repository and what is installed of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from plugins_app.lifecycle.pictures import address_of, offered
from plugins_app.models import CommitFacts, Plugin, RegistryEntry, Release, RepositoryFacts, Source, Trust
from plugins_app.package.compatibility import incompatibility
from plugins_app.package.ids import is_valid_id
from plugins_app.package.versions import is_newer
from plugins_app.store.plan import slug_of


class Offers:
    """Builds rows out of three small tables and a list of folders that are read once; no row costs a query."""

    def __init__(self) -> None:
        self._installed = _Installed(Plugin.objects.only("plugin_id", "version", "source", "source_ref", "git", "active_generation"))
        self._refused = Release.refused()
        self._drawn = offered()
        self._repositories = {facts.slug: facts for facts in RepositoryFacts.objects.all()}
        self._commits = {(facts.slug, facts.branch, facts.path): facts for facts in CommitFacts.objects.all()}

    def row(self, entry: RegistryEntry) -> dict[str, Any]:
        """Return the row of GET store/list."""
        plugin = self._installed.find(entry)
        reason = incompatibility(entry.raw)
        slug = slug_of(entry.repo).lower()
        about, commit = self._repositories.get(slug), self._commits.get((slug, entry.branch, entry.plugin_path))
        return {
            "id": entry.registry_id,
            "name": entry.name,
            "author": entry.author,
            "description": entry.description,
            "category": entry.category,
            "tags": entry.tags,
            "repo": entry.repo,
            "branch": entry.branch,
            "default_branch": about.default_branch if about and about.default_branch else branch_of(entry, None),
            "plugin_path": entry.plugin_path,
            "stars": about.stars if about else entry.stars,
            "verified": entry.verified,
            "latest_version": entry.latest_version,
            "last_updated": commit.date if commit and commit.date else entry.last_updated,
            "last_commit": commit_body(commit) if commit else None,
            "first_seen_at": entry.first_seen_at.isoformat() if entry.first_seen_at else None,
            "screenshot": entry.screenshot,
            "preview": self._preview(entry, plugin),
            "installed": plugin is not None,
            "installed_id": plugin.plugin_id if plugin else None,
            "installed_version": plugin.version if plugin else None,
            "update_available": plugin is not None and self._is_offered(entry, plugin),
            "compatible": reason is None,
            "incompatible_reason": reason,
            "source": entry.source.name,
            "trust": entry.source.trust,
        }

    def _preview(self, entry: RegistryEntry, plugin: Plugin | None) -> str | None:
        """Return the address of a picture: of the installed version, else of what was drawn before an installation."""
        if plugin is not None:
            return address_of(plugin.plugin_id, plugin.active_generation)
        name = id_before_installation(entry.plugin_path, entry.registry_id)
        return address_of(name, self._drawn[name.lower()]) if name.lower() in self._drawn else None

    def _is_offered(self, entry: RegistryEntry, plugin: Plugin) -> bool:
        """Tell whether an entry is an update of what is installed: of the same registry, no folder of a person's own, not refused."""
        if plugin.source != Source.REGISTRY or plugin.git:
            return False
        is_same = plugin.source_ref.get("registry", "") in ("", entry.source.name) or entry.source.trust == Trust.OFFICIAL
        return is_same and is_newer(entry.latest_version, plugin.version) and (plugin.plugin_id, entry.latest_version) not in self._refused


def row_without_entry(plugin: Plugin) -> dict[str, Any]:
    """Return the same row for an installed plugin that no registry offers."""
    reason = incompatibility(plugin.manifest)
    nothing = dict.fromkeys(("repo", "branch", "default_branch", "plugin_path", "last_updated", "screenshot", "latest_version"), "")
    return nothing | {
        "id": plugin.plugin_id,
        "name": plugin.name,
        "author": plugin.author,
        "description": plugin.description,
        "category": plugin.category,
        "tags": plugin.tags,
        "stars": 0,
        "verified": False,
        "last_commit": None,
        "first_seen_at": None,
        "preview": address_of(plugin.plugin_id, plugin.active_generation),
        "installed": True,
        "installed_id": plugin.plugin_id,
        "installed_version": plugin.version,
        "update_available": False,
        "compatible": reason is None,
        "incompatible_reason": reason,
        "source": "",
        "trust": Trust.ADDED,
    }


def commit_body(commit: CommitFacts) -> dict[str, str]:
    """Return the last commit as the API shows it."""
    return {"sha": commit.sha, "author": commit.author, "date": commit.date, "message": commit.message}


def branch_of(entry: RegistryEntry, facts: RepositoryFacts | None) -> str:
    """Return the branch that an entry is installed from: its own, else the repository's."""
    return entry.branch or (facts.default_branch if facts else "") or "main"


def folder_of(entry: RegistryEntry) -> str:
    """Return the last part of the folder in the repository, which is what a monorepo's plugin is installed as."""
    return _last_part(entry.plugin_path)


def id_before_installation(plugin_path: str, registry_id: str) -> str:
    """Return the id that an entry will be installed under, as far as the registry tells."""
    folder = _last_part(plugin_path)
    return folder if is_valid_id(folder) else registry_id


def _last_part(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


class _Installed:
    """Installed plugins by the ways in which an entry may name them."""

    def __init__(self, plugins: Iterable[Plugin]) -> None:
        self._by_id: dict[str, Plugin] = {}
        self._by_registry_id: dict[str, Plugin] = {}
        for plugin in plugins:
            self._by_id[plugin.plugin_id.lower()] = plugin
            if registry_id := plugin.source_ref.get("registry_id"):
                self._by_registry_id[str(registry_id).lower()] = plugin

    def find(self, entry: RegistryEntry) -> Plugin | None:
        registry_id = entry.registry_id.lower()
        for plugin in (self._by_registry_id.get(registry_id), self._by_id.get(registry_id), self._by_id.get(folder_of(entry).lower())):
            if plugin is not None:
                return plugin
        return None
