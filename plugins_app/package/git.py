"""What a git working copy says of itself: branch, commit and remote, read from files; no process is started."""

from __future__ import annotations

import configparser
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from plugins_app.package.git_changes import is_changed
from plugins_app.package.reading import read_plain

MAX_BYTES = 4 * 1024 * 1024
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
Described = dict[str, str | bool | None]
_REF = re.compile(r"refs/[A-Za-z0-9._/+@-]{1,200}")


@dataclass(frozen=True)
class GitFacts:
    """Branch (empty when detached), commit id (empty before the first commit) and the address of `origin` (or empty)."""

    branch: str
    sha: str
    remote_url: str


def signature(folder: Path) -> tuple[object, ...] | None:
    """Return what changes when the facts may have changed, or nothing without `.git`; parts that cannot be read are None.

    HEAD's content and time, the time of the loose ref it points to, of packed-refs, and the config's content and time.
    """
    git = folder / ".git"
    if not git.is_dir():
        return None
    head = _text(git / "HEAD")
    ref = _ref_of(head)
    return (
        head,
        _time(git / "HEAD"),
        _time(git / ref) if ref else None,
        _time(git / "packed-refs"),
        _text(git / "config"),
        _time(git / "config"),
    )


def read_git(folder: Path) -> GitFacts | None:
    """Return the facts of a working copy; nothing when there is no `.git` folder with a HEAD."""
    git = folder / ".git"
    head = _text(git / "HEAD") if git.is_dir() else None
    if head is None:
        return None
    ref = _ref_of(head)
    if not ref:
        return GitFacts("", head.strip() if _COMMIT.fullmatch(head.strip()) else "", _remote(git))
    loose = (_text(git / ref) or "").strip()
    sha = loose if _COMMIT.fullmatch(loose) else _packed(git, ref)
    return GitFacts(ref.removeprefix("refs/heads/"), sha, _remote(git))


def describe_git(folder: Path) -> Described | None:
    """Return the facts as rows and the API carry them; `dirty` tells whether tracked files differ from the commit, None when unknown."""
    facts = read_git(folder)
    if facts is None:
        return None
    head = folder / ".git" / "HEAD"
    moved = [_time(head.parent / "refs" / "heads" / facts.branch) if facts.branch else None, _time(head)]
    latest = next((time for time in moved if time is not None), None)
    date = None if latest is None else datetime.fromtimestamp(latest // 10**9, UTC).isoformat().replace("+00:00", "Z")
    dirty = is_changed(folder, facts.sha, trusts_mode=_setting(folder / ".git", "core", "filemode").lower() != "false")
    return {"branch": facts.branch, "sha": facts.sha, "remote_url": facts.remote_url, "date": date, "dirty": dirty}


def _ref_of(head: str | None) -> str:
    target = (head or "").strip().removeprefix("ref:").strip()
    return target if _REF.fullmatch(target) and ".." not in target else ""


def _packed(git: Path, ref: str) -> str:
    for line in (_text(git / "packed-refs") or "").splitlines():
        sha, _, name = line.partition(" ")
        if name.strip() == ref and _COMMIT.fullmatch(sha):
            return sha
    return ""


def _remote(git: Path) -> str:
    """Return where `origin` lies, without a name or password that stands in the address."""
    return re.sub(r"//[^/@]*@", "//", _setting(git, 'remote "origin"', "url"))[:500]


def _setting(git: Path, section: str, name: str) -> str:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(_text(git / "config") or "")
    except configparser.Error:
        return ""
    return (parser.get(section, name, fallback="") or "").strip()


def _text(path: Path) -> str | None:
    try:
        return read_plain(path, limit=MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return None


def _time(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None
