"""Installs what a plugin's requirements.txt asks for and the host does not have, into the generation's own `.deps`.

A line that is not a plain requirement (option, address, path, editable) is refused with a warning and the rest goes on: a plugin that
lacks a library often works in part, and the probe says when it does not. A failed installation is a warning too. What the host ships
keeps its version: hosts are forked from a process that has imported it already.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion

from plugins_app.installer.bound import run_bound
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


def install_requirements(tree: Path, *, target: Path, lock_fd: int, on_line: Callable[[str], None], seconds: float = SECONDS) -> list[str]:
    """Install what is missing into `target`; return warnings. The lock's descriptor is passed on, so it is held while anything writes."""
    requirements, warnings = read_requirements(tree / FILE_NAME)
    hosts = host_distributions()
    wanted, notes = _missing(requirements, hosts)
    warnings += notes
    if wanted:
        warnings += _install(wanted, hosts, target=target, lock_fd=lock_fd, on_line=on_line, seconds=seconds)
    return warnings


def read_requirements(path: Path) -> tuple[list[Requirement], list[str]]:
    """Return the plain requirements of a file that apply to this machine, and a warning for every line that is refused."""
    try:
        body = read_plain(path, limit=MAX_BYTES)
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [f"{FILE_NAME} is ignored: {error.strerror}."]
    found: list[Requirement] = []
    warnings: list[str] = []
    for line in list(_lines(body.decode("utf-8-sig", "replace")))[:MAX_LINES]:
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


def _install(
    wanted: list[Requirement], hosts: Hosts, *, target: Path, lock_fd: int, on_line: Callable[[str], None], seconds: float
) -> list[str]:
    names = ", ".join(str(requirement) for requirement in wanted)
    deadline = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="ledsite-requirements-") as scratch:
        asked, kept = Path(scratch, "requirements.txt"), Path(scratch, "constraints.txt")
        asked.write_text("".join(f"{requirement}\n" for requirement in wanted), encoding="utf-8")
        kept.write_text("".join(f"{name}=={host.version}\n" for name, host in sorted(hosts.items())), encoding="utf-8")
        for command in _installers(asked, kept, target):
            left = max(1.0, deadline - time.monotonic())
            ended = run_bound(command, seconds=left, env=_environment(), cwd=Path(scratch), on_line=on_line, keep_fds=(lock_fd,))
            if ended.code == 0 and not ended.timed_out:
                _prune(target, hosts)
                return []
            shutil.rmtree(target, ignore_errors=True)
            if ended.timed_out:
                return [f"Installing {names} took longer than {seconds:g} s and was stopped."]
    return [f"{names} could not be installed; the plugin may lack something. The log says why."]


def _installers(asked: Path, kept: Path, target: Path) -> Iterator[list[str]]:
    """Yield the commands to try in turn: uv when present, then pip. Wheels only: nothing of a package runs while it is installed."""
    common = ["--target", str(target), "--only-binary", ":all:", "--constraint", str(kept), "--requirement", str(asked)]
    uv = shutil.which("uv")
    if uv is not None:
        # Copies, not hard links: what a plugin does to its files must not reach uv's cache and, through it, other plugins.
        yield [uv, "pip", "install", "--python", sys.executable, "--link-mode", "copy", "--no-progress", "--color", "never", *common]
    if importlib.util.find_spec("pip") is not None:
        quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--no-warn-script-location"]
        yield [sys.executable, "-m", "pip", "install", *quiet, *common]


def _environment() -> dict[str, str]:
    """Return the machine's own environment with its proxy and index settings, without what is ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("LEDSITE_", "DJANGO_", "PYTHON"))}


def _prune(target: Path, hosts: Hosts) -> None:
    """Remove from `target` what the host has in the same version: it would only cost space and be imported twice."""
    for distribution in list(distributions(path=[str(target)])):
        host = hosts.get(canonicalize_name(distribution.metadata["Name"] or ""))
        if host is None or host.version != distribution.version:
            continue
        for file in distribution.files or []:
            path = (target / str(file)).resolve()
            if path.is_relative_to(target.resolve()):
                path.unlink(missing_ok=True)
    for folder, _, _ in os.walk(target, topdown=False):
        if not any(Path(folder).iterdir()):
            Path(folder).rmdir()
