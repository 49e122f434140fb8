"""Installs what a plugin's requirements.txt asks for and the host does not have, into the generation's own `.deps`.

A line that is not a plain requirement (option, address, path, editable) is refused with a warning and the rest goes on: a plugin that
lacks a library often works in part, and the probe says when it does not. A failed installation is a warning too. What the host ships
keeps its version: hosts are forked from a process that has imported it already.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion

from plugins_app.installer.wheels import install_wheels
from plugins_app.package.reading import read_plain

logger = logging.getLogger(__name__)

FILE_NAME = "requirements.txt"
SECONDS = 300.0
MAX_BYTES = 256 * 1024
MAX_LINES = 200
SHIPPED = Path(__file__).resolve().parents[2] / "requirements.txt"
_LOCKED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==", re.MULTILINE)
_COMMENT = re.compile(r"(^|\s)#.*$")

Hosts = dict[str, Distribution]


@dataclass(frozen=True)
class Provided:
    """What became of a plugin's requirements: sentences for a person, what it has to do without, and whether only for the moment."""

    warnings: list[str]
    lacking: str = ""
    is_for_now: bool = False


def install_requirements(
    tree: Path,
    *,
    target: Path,
    lock_fd: int,
    on_line: Callable[[str], None],
    on_wait: Callable[[], None] = lambda: None,
    seconds: float = SECONDS,
) -> Provided:
    """Install what is missing into `target`; `on_wait`, called twice a second, may end it by raising.

    The lock's descriptor is passed on, so it is held while anything writes.
    """
    requirements, warnings = read_requirements(tree / FILE_NAME)
    if not requirements:
        return Provided(warnings)
    hosts = host_distributions()
    wanted, notes = _missing(requirements, hosts)
    if not wanted:
        return Provided(warnings + notes)
    asked = [str(requirement) for requirement in wanted]
    kept = {name: host.version for name, host in hosts.items()}
    failure = install_wheels(asked, kept=kept, target=target, lock_fd=lock_fd, on_line=on_line, on_wait=on_wait, seconds=seconds)
    if failure is None:
        return Provided(warnings + notes)
    return Provided([*warnings, *notes, failure.sentence], ", ".join(asked), failure.is_network)


def read_requirements(path: Path) -> tuple[list[Requirement], list[str]]:
    """Return the plain requirements of a file that apply to this machine, and a warning for every line that is refused."""
    try:
        body = read_plain(path, limit=MAX_BYTES)
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [f"{FILE_NAME} is ignored: {error.strerror}."]
    return parse_requirements(body.decode("utf-8-sig", "replace"))


def parse_requirements(text: str) -> tuple[list[Requirement], list[str]]:
    """Return the plain requirements of a file's text that apply to this machine, and a warning for every line that is refused."""
    found: list[Requirement] = []
    warnings: list[str] = []
    for line in list(_lines(text))[:MAX_LINES]:
        requirement = _parse(line)
        if requirement is None:
            warnings.append(f"{FILE_NAME}: {line[:100]!a} is refused; only names with versions are installed.")
        elif _applies(requirement, extra=""):
            found.append(requirement)
    return found, warnings


def host_distributions(shipped: Path = SHIPPED) -> Hosts:
    """Return what comes with this product, by normalised name: installed and in its lock file (a developer's tools do not count)."""
    names = {canonicalize_name(name) for name in _LOCKED.findall(shipped.read_text(encoding="utf-8"))} if shipped.exists() else None
    found: Hosts = {}
    for distribution in distributions():
        name = canonicalize_name(distribution.metadata["Name"] or "")
        if name and (names is None or name in names):
            found.setdefault(name, distribution)
    return found


def is_satisfied(requirement: Requirement, hosts: Hosts, *, seen: frozenset[str] = frozenset()) -> bool:
    """Tell whether the host has a requirement: name, version and, down to their own requirements, its extras."""
    host = hosts.get(canonicalize_name(requirement.name))
    if host is None or not _accepts(requirement, host):
        return False
    return all(_has_extra(host, extra, hosts, seen) for extra in requirement.extras)


def _has_extra(host: Distribution, extra: str, hosts: Hosts, seen: frozenset[str]) -> bool:
    key = f"{host.metadata['Name']}[{extra}]"
    if key in seen:
        return True
    for text in host.requires or []:
        try:
            needed = Requirement(text)
        except InvalidRequirement:
            continue
        belongs = _applies(needed, extra=extra) and not _applies(needed, extra="")
        if belongs and not is_satisfied(needed, hosts, seen=seen | {key}):
            return False
    return True


def _applies(requirement: Requirement, *, extra: str) -> bool:
    try:
        return requirement.marker is None or requirement.marker.evaluate({"extra": extra})
    except (UndefinedComparison, UndefinedEnvironmentName, InvalidVersion):
        return True


def _accepts(requirement: Requirement, host: Distribution) -> bool:
    try:
        return requirement.specifier.contains(host.version, prereleases=True)
    except InvalidVersion:
        return False


def _lines(text: str) -> Iterator[str]:
    """Yield the lines that say something, continued ones joined, comments removed."""
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        if plain := _COMMENT.sub("", line).strip():
            yield plain


def _parse(line: str) -> Requirement | None:
    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        return None
    return None if requirement.url else requirement


def _missing(requirements: list[Requirement], hosts: Hosts) -> tuple[list[Requirement], list[str]]:
    """Return what must be installed; where the host has another version of something, its own stays, with a warning."""
    wanted, warnings = [], []
    for requirement in requirements:
        host = hosts.get(canonicalize_name(requirement.name))
        if host is not None and not _accepts(requirement, host):
            warnings.append(f"It asks for {requirement}, but {host.version} comes with this product and is used.")
        elif not is_satisfied(requirement, hosts):
            wanted.append(requirement)
    return wanted, warnings
