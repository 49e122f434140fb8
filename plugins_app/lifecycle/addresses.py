"""Reads the addresses that a person installs from: a repository on GitHub, which is a name, or a zip file elsewhere (pure)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from plugins_app.exceptions import BadRequest
from plugins_app.package.ids import is_valid_id

OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}")
REPOSITORY = re.compile(r"[A-Za-z0-9._-]{1,100}")
BRANCH = re.compile(r"[A-Za-z0-9._/+-]{1,200}")
COMMON_BRANCHES = ("main", "master")
HINT = "Give the address of a repository, like https://github.com/OWNER/REPOSITORY, or of a zip file."


@dataclass(frozen=True)
class InstallAddress:
    """Where an archive lies: `repo` ("owner/name") with an optional branch, or one `url`; `plugin_path` is the folder inside."""

    repo: str = ""
    branch: str = ""
    url: str = ""
    plugin_path: str = ""

    def archive_urls(self, github_url: str) -> list[str]:
        """Return the addresses to try, the first that exists counts."""
        if self.url:
            return [self.url]
        branches = [self.branch] if self.branch else list(COMMON_BRANCHES)
        return [f"{github_url}/{self.repo}/archive/refs/heads/{quote(branch, safe='/')}.zip" for branch in branches]

    def suggested_id(self) -> str:
        """Guess the plugin's id for the time until its manifest is known."""
        name = (self.plugin_path or self.repo or urlsplit(self.url).path.removesuffix(".zip")).rstrip("/").rpartition("/")[2]
        digest = hashlib.sha256(f"{self.repo}{self.url}{self.plugin_path}".encode()).hexdigest()[:12]
        return name if is_valid_id(name) else f"url-{digest}"


def parse_address(url: str, *, plugin_path: str, branch: str, github_url: str) -> InstallAddress:
    """Understand an address; raise BadRequest `bad-url`, `bad-branch` or `bad-plugin-path`."""
    url = url.strip()
    path = check_plugin_path(plugin_path)
    if branch:
        check_branch(branch)
    if len(url) > 500 or not url.isascii() or not url.isprintable():
        raise BadRequest("That is not a web address.", code="bad-url", hint=HINT)
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise BadRequest("That is not a web address.", code="bad-url", hint=HINT) from error
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise BadRequest("Only https addresses can be installed from.", code="bad-url", hint=HINT)
    if parts.path.lower().endswith(".zip"):
        return InstallAddress(url=url, plugin_path=path)
    if parts.query or parts.username or not _is_github(url, github_url):
        raise BadRequest(f"{url} is neither a repository on GitHub nor a zip file.", code="bad-url", hint=HINT)
    return _repository(parts.path if parts.hostname == "github.com" else url.removeprefix(github_url), plugin_path=path, branch=branch)


def repository_of(url: str) -> str:
    """Return "owner/name" of a repository's address in a registry; raise BadRequest `bad-url`."""
    return _repository(urlsplit(url).path, plugin_path="", branch="").repo


def check_plugin_path(plugin_path: str) -> str:
    """Return a folder inside an archive without slashes around it; refuse what leads out of it."""
    path = plugin_path.strip().strip("/")
    segments = path.split("/") if path else []
    if len(path) > 240 or "\\" in path or not path.isprintable() or any(segment in ("", ".", "..") for segment in segments):
        raise BadRequest(
            f"{plugin_path[:80]!r} is not a folder inside an archive.", code="bad-plugin-path", hint="Give one like plugins/clock."
        )
    return path


def check_branch(branch: str) -> str:
    """Return a branch name; refuse what git would."""
    if not BRANCH.fullmatch(branch) or ".." in branch or "//" in branch or branch[0] in "/-." or branch.endswith(("/", ".", ".lock")):
        raise BadRequest(f"{branch[:80]!r} is not the name of a branch.", code="bad-branch", hint="Leave it empty for the usual one.")
    return branch


def _is_github(url: str, github_url: str) -> bool:
    return urlsplit(url).hostname == "github.com" or url.startswith(f"{github_url}/")


def _repository(path: str, *, plugin_path: str, branch: str) -> InstallAddress:
    owner, _, rest = unquote(path).strip("/").partition("/")
    name, _, tail = rest.partition("/")
    name = name.removesuffix(".git")
    if not OWNER.fullmatch(owner) or not REPOSITORY.fullmatch(name) or name in (".", ".."):
        raise BadRequest("That address names no repository.", code="bad-url", hint=HINT)
    if tail:
        word, _, where = tail.partition("/")
        if word != "tree" or not where:
            raise BadRequest("That address leads into a repository, but not to a folder.", code="bad-url", hint=HINT)
        head, _, folder = where.partition("/")
        branch, plugin_path = branch or check_branch(head), plugin_path or check_plugin_path(folder)
    return InstallAddress(repo=f"{owner}/{name}", branch=branch, plugin_path=plugin_path)
