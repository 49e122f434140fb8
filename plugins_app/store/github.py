"""GitHub's API in three questions: a repository, its last commit, a folder's tree; answers are checked before use (pure)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from plugins_app.exceptions import NetworkProblem

MAX_TREE = 5000


@dataclass(frozen=True)
class About:
    """A repository."""

    stars: int
    default_branch: str
    pushed_at: str
    size_kb: int = 0


@dataclass(frozen=True)
class Commit:
    """The last change of a repository or of a folder in it."""

    sha: str
    author: str
    date: str
    message: str


Tree = dict[str, str]
"""Folder name -> id of its content."""


def about_url(base: str, slug: str) -> str:
    """Return the address of a repository's description."""
    return f"{base}/repos/{slug}"


def commits_url(base: str, slug: str, *, branch: str, path: str) -> str:
    """Return the address of the last commit of a branch (empty: the default one) that touched a path (empty: any)."""
    parts = [("sha", branch), ("path", path)]
    query = "".join(f"{name}={quote(value, safe='/')}&" for name, value in parts if value)
    return f"{base}/repos/{slug}/commits?{query}per_page=1"


def tree_url(base: str, slug: str, *, branch: str, folder: str) -> str:
    """Return the address of the list of folders in a folder."""
    return f"{base}/repos/{slug}/git/trees/{quote(branch, safe='')}{f':{quote(folder)}' if folder else ''}"


def parse_about(body: bytes) -> About:
    """Read a repository's description; raise NetworkProblem `api-invalid`."""
    data = _json(body, dict)
    stars, branch = data.get("stargazers_count"), data.get("default_branch")
    if not isinstance(stars, int) or isinstance(stars, bool) or not 0 <= stars < 2**31:
        raise _invalid("it has no number of stars")
    size = data.get("size")
    return About(
        stars=stars,
        default_branch=_text(branch, 200),
        pushed_at=_text(data.get("pushed_at"), 40),
        size_kb=size if isinstance(size, int) and not isinstance(size, bool) and 0 <= size < 2**31 else 0,
    )


def parse_commits(body: bytes) -> Commit | None:
    """Read a list of commits; None when there is none, NetworkProblem `api-invalid` when it is no such list."""
    items = _json(body, list)
    if not items:
        return None
    try:
        item = items[0]
        sha, commit = item["sha"], item["commit"]
        person = commit.get("author") or {}
        date = (commit.get("committer") or {}).get("date") or person.get("date")
        found = Commit(
            sha=_text(sha, 64), author=_text(person.get("name"), 200), date=_text(date, 40), message=_first_line(commit.get("message"))
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise _invalid("it is no list of commits") from error
    if not found.sha:
        raise _invalid("a commit has no id")
    return found


def parse_tree(body: bytes) -> Tree:
    """Read a tree; raise NetworkProblem `api-invalid`."""
    data = _json(body, dict)
    items = data.get("tree")
    if not isinstance(items, list):
        raise _invalid("it has no list `tree`")
    if data.get("truncated") is True or len(items) > MAX_TREE:
        raise _invalid("the list `tree` is cut off")
    rows = [item for item in items if isinstance(item, dict)]
    return {_text(row.get("path"), 300): _text(row.get("sha"), 64) for row in rows if row.get("type") == "tree"}


def _json(body: bytes, kind: type) -> Any:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _invalid("it is not JSON") from error
    if not isinstance(data, kind):
        raise _invalid("it is of another shape")
    return data


def _first_line(value: Any) -> str:
    return _text(value.split("\n", 1)[0] if isinstance(value, str) else "", 500)


def _text(value: Any, limit: int) -> str:
    if not isinstance(value, str):
        return ""
    clean = value.encode("utf-8", "ignore").decode()
    return "".join(char if char.isprintable() else " " for char in clean).strip()[:limit]


def _invalid(reason: str) -> NetworkProblem:
    return NetworkProblem(f"GitHub's answer cannot be read: {reason}.", code="api-invalid", hint="What was known before stays.")
