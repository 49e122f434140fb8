"""What to ask GitHub next, out of what is known: one question per repository and kind, the most wanted first (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from plugins_app.store import github

Kind = Literal["commit", "tree", "about"]
FIRST, CHANGED, NEW, AGAIN = 0, 1, 2, 3
"""Nothing known yet; known to have changed; nice to have; another look because time has passed."""
CLOCK_SLACK = timedelta(minutes=5)
COMMIT_TTLS = 4
PATIENCE = 3
"""After so many failures in a row a question takes its turn with the others: what is gone for good would use up every hour."""


@dataclass(frozen=True)
class Repository:
    """One repository and branch, and the folders in it that hold plugins ("" for all of it)."""

    slug: str
    branch: str
    paths: frozenset[str]

    @property
    def key(self) -> str:
        """The name that facts are kept under."""
        return self.slug.lower()


@dataclass(frozen=True)
class Question:
    """One conditional request."""

    url: str
    kind: Kind
    repository: Repository
    path: str
    priority: int
    asked_at: datetime | None
    mark: str = ""


class Row(Protocol):
    """What is remembered about one address."""

    fetched_at: datetime | None
    tried_at: datetime
    backoff_until: datetime | None
    failures: int


@dataclass
class Known:
    """Everything that is remembered: rows by address, trees by address, marks of commits, last pushes."""

    rows: Mapping[str, Row]
    trees: Mapping[str, github.Tree] = field(default_factory=dict)
    marks: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    """(repository, branch, path) -> mark of the good commit."""
    pushes: Mapping[str, str] = field(default_factory=dict)
    """Repository -> time of its last push."""


class Planner:
    """Finds the questions of one moment; forced: whatever was answered less than `ttl` ago is asked too."""

    def __init__(self, base: str, known: Known, *, now: datetime, ttl: timedelta, since: datetime | None = None) -> None:
        self._base, self._known, self._now, self._ttl = base, known, now, ttl
        self._since = since

    def questions(self, repositories: Iterable[Repository]) -> list[Question]:
        """Return what is due, the most wanted first, then the one that was asked longest ago."""
        found: dict[str, Question] = {}
        for repository in repositories:
            for question in self._of(repository):
                found.setdefault(question.url, question)
        never = datetime.min.replace(tzinfo=self._now.tzinfo)
        return sorted(found.values(), key=lambda question: (question.priority, question.asked_at or never))

    def _of(self, repository: Repository) -> Iterable[Question]:
        about = github.about_url(self._base, repository.slug)
        yield from self._if_old(about, "about", repository, first=NEW)
        for folder in sorted({path.rpartition("/")[0] for path in repository.paths if path}):
            yield from self._of_folder(repository, folder)
        if "" in repository.paths:
            yield from self._commit(repository, "", mark=self._known.pushes.get(repository.key, ""), is_exact=False)

    def _of_folder(self, repository: Repository, folder: str) -> Iterable[Question]:
        url = github.tree_url(self._base, repository.slug, branch=repository.branch or "HEAD", folder=folder)
        yield from self._if_old(url, "tree", repository, first=FIRST)
        tree = self._known.trees.get(url)
        for path in sorted(path for path in repository.paths if path and path.rpartition("/")[0] == folder):
            if tree is not None and path.rpartition("/")[2] in tree:
                yield from self._commit(repository, path, mark=tree[path.rpartition("/")[2]], is_exact=True)
            elif tree is None and self._has_failed(url):
                yield from self._commit(repository, path, mark="", is_exact=False)

    def _commit(self, repository: Repository, path: str, *, mark: str, is_exact: bool) -> Iterable[Question]:
        url = github.commits_url(self._base, repository.slug, branch=repository.branch, path=path)
        known = self._known.marks.get((repository.key, repository.branch, path))
        if known is None:
            priority = FIRST
        elif mark and known != mark:
            priority = CHANGED
        elif not is_exact and self._is_old(url, self._ttl * COMMIT_TTLS):
            priority = AGAIN
        else:
            return
        if not self._is_left_alone(url):
            yield self._question(url, "commit", repository, path=path, priority=priority, mark=mark)

    def _if_old(self, url: str, kind: Kind, repository: Repository, *, first: int) -> Iterable[Question]:
        if self._is_old(url, self._ttl) and not self._is_left_alone(url):
            row = self._known.rows.get(url)
            is_known = row is not None and row.fetched_at is not None
            yield self._question(url, kind, repository, path="", priority=AGAIN if is_known else first)

    def _question(self, url: str, kind: Kind, repository: Repository, *, path: str, priority: int, mark: str = "") -> Question:
        row = self._known.rows.get(url)
        # What was answered before and is not known has no commit there: that is no news to wait for either.
        if row is not None and (row.failures >= PATIENCE or (priority == FIRST and row.fetched_at is not None)):
            priority = AGAIN
        return Question(url, kind, repository, path, priority, row.tried_at if row else None, mark)

    def _is_old(self, url: str, ttl: timedelta) -> bool:
        row = self._known.rows.get(url)
        if row is None or row.fetched_at is None:
            return True
        if self._since is not None:
            return not self._since <= row.fetched_at <= self._now
        return not -CLOCK_SLACK < self._now - row.fetched_at < ttl

    def _is_left_alone(self, url: str) -> bool:
        row = self._known.rows.get(url)
        if row is None or self._since is not None:
            return False
        # A wait that began in the future was written before the clock was set: it says nothing.
        return row.backoff_until is not None and row.tried_at - CLOCK_SLACK < self._now < row.backoff_until

    def _has_failed(self, url: str) -> bool:
        row = self._known.rows.get(url)
        return row is not None and row.fetched_at is None


def repositories_of(places: Sequence[tuple[str, str, str]]) -> list[Repository]:
    """Group (repository, branch, folder) of the registry's entries; every repository stands once per branch, in registry order."""
    paths: dict[tuple[str, str], set[str]] = {}
    spelled: dict[str, str] = {}
    for repo, branch, path in places:
        slug = spelled.setdefault(slug_of(repo).lower(), slug_of(repo))
        paths.setdefault((slug, branch), set()).add(path)
    return [Repository(slug, branch, frozenset(found)) for (slug, branch), found in paths.items()]


def slug_of(repo: str) -> str:
    """Return owner/name of a repository's address."""
    return "/".join(repo.rstrip("/").split("/")[-2:])
