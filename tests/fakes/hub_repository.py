"""A folder of plugins seen as GitHub shows a repository: archive, trees, commits; the commit id follows the content."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Repository:
    """One `owner/name`: files by their path in the repository, read anew whenever they change on disk."""

    name: str
    roots: dict[str, Path] = field(default_factory=dict)
    """Folder in the repository ("" for its top, "plugins/clock") -> folder on disk."""
    branch: str = "main"
    stars: int = 7
    date: str = "2026-05-31T12:00:00Z"
    _archives: dict[str, bytes] = field(default_factory=dict)

    def files(self) -> dict[str, Path]:
        """Return every file by its path in the repository."""
        found: dict[str, Path] = {}
        for prefix, folder in self.roots.items():
            for path in sorted(folder.rglob("*")):
                relative = path.relative_to(folder)
                if path.is_file() and "__pycache__" not in relative.parts and ".git" not in relative.parts:
                    found[f"{prefix}/{relative.as_posix()}".lstrip("/")] = path
        return found

    def commit(self, below: str = "") -> str:
        """Return a 40-digit id of everything below a folder."""
        digest = hashlib.sha1(below.encode(), usedforsecurity=False)
        for name, path in self.files().items():
            if not below or name == below or name.startswith(f"{below}/"):
                digest.update(f"{name} {path.stat().st_size} {path.stat().st_mtime_ns};".encode())
        return digest.hexdigest()

    def archive(self) -> bytes:
        """Return the zip of the branch: one top folder, the commit id in the comment."""
        commit = self.commit()
        if commit not in self._archives:
            top = f"{self.name.split('/')[1]}-{self.branch}"
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                archive.mkdir(f"{top}/")
                for name, path in self.files().items():
                    archive.writestr(zipfile.ZipInfo(f"{top}/{name}", (2026, 5, 31, 12, 0, 0)), path.read_bytes(), zipfile.ZIP_DEFLATED)
                archive.comment = commit.encode()
            self._archives = {commit: buffer.getvalue()}
        return self._archives[commit]

    def tree(self, below: str, *, recursive: bool) -> dict[str, Any] | None:
        """Return the answer of git/trees for a folder; None when there is none."""
        prefix = f"{below}/" if below else ""
        inside = [name[len(prefix) :] for name in self.files() if name.startswith(prefix)]
        if not inside:
            return None
        folders = {"/".join(name.split("/")[:depth]) for name in inside for depth in range(1, name.count("/") + 1)}
        names = [(name, "tree") for name in sorted(folders)] + [(name, "blob") for name in inside]
        rows = [{"path": name, "type": kind, "sha": self.commit(f"{prefix}{name}")} for name, kind in names if recursive or "/" not in name]
        return {"sha": self.commit(below), "tree": rows, "truncated": False}

    def commits(self, below: str) -> list[dict[str, Any]]:
        """Return the answer of commits?path=, newest first; one commit is all there ever was."""
        author = {"name": "A. Author", "email": "author@example.invalid", "date": self.date}
        return [{"sha": self.commit(below), "commit": {"author": author, "committer": author, "message": f"Change {below or 'it'}"}}]

    def about(self) -> dict[str, Any]:
        """Return the answer of repos/<owner>/<name>."""
        return {
            "full_name": self.name,
            "default_branch": self.branch,
            "stargazers_count": self.stars,
            "size": 1234,
            "description": "",
            "updated_at": self.date,
            "pushed_at": self.date,
        }


def repositories_of(registry: Any, plugins: Path) -> dict[str, Repository]:
    """Map the repositories that a registry names to folders: `plugin_path` by its last part, whole repositories by id or name."""
    found: dict[str, Repository] = {}
    for entry in registry.get("plugins", []) if isinstance(registry, dict) else []:
        if not isinstance(entry, dict) or not isinstance(entry.get("repo"), str):
            continue
        name = "/".join(entry["repo"].removesuffix(".git").rstrip("/").split("/")[-2:])
        inside = str(entry.get("plugin_path") or "")
        own = name.split("/")[1]
        folder = _folder_of(plugins, [inside.rsplit("/", 1)[-1], str(entry.get("id")), own, own.removeprefix("ledmatrix-")])
        if folder is not None:
            repository = found.setdefault(name, Repository(name, branch=str(entry.get("branch") or "main")))
            repository.roots[inside] = folder
    return found


def _folder_of(plugins: Path, candidates: list[str]) -> Path | None:
    folders = [plugins / name for name in candidates if name]
    named = {_manifest_id(folder): folder for folder in plugins.iterdir() if folder.is_dir()} if plugins.is_dir() else {}
    return next((f for f in folders if (f / "manifest.json").is_file()), next((named[name] for name in candidates if name in named), None))


def _manifest_id(folder: Path) -> str:
    try:
        return str(json.loads((folder / "manifest.json").read_bytes())["id"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
