"""Installs wheels into a folder with uv or pip, whichever is here, and tells a network that is down from packages that do not fit."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from packaging.utils import canonicalize_name

from plugins_app.installer.bound import run_bound

# Words of uv and pip for an index that does not answer; neither says it with its exit code.
_NETWORK = re.compile(
    r"error sending request|dns error|name resolution|name or service not known|connection (?:refused|reset|aborted|broken)|"
    r"network is unreachable|timed out|timeouterror|http (?:status server )?error:? \(?(?:429|5\d\d)|too many requests",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Failure:
    """Why nothing was installed, in a sentence; `is_network` when another try may help."""

    sentence: str
    is_network: bool


def install_wheels(
    asked: Sequence[str],
    *,
    kept: Mapping[str, str],
    target: Path,
    lock_fd: int,
    on_line: Callable[[str], None],
    on_wait: Callable[[], None],
    seconds: float,
) -> Failure | None:
    """Install requirements and what they require; `kept` are names and versions that must stay as the host has them."""
    names = ", ".join(asked)
    deadline = time.monotonic() + seconds
    heard = _Ear(on_line)
    with tempfile.TemporaryDirectory(prefix="ledsite-requirements-") as scratch:
        wishes, constraints = Path(scratch, "requirements.txt"), Path(scratch, "constraints.txt")
        wishes.write_text("".join(f"{wish}\n" for wish in asked), encoding="utf-8")
        constraints.write_text("".join(f"{name}=={version}\n" for name, version in sorted(kept.items())), encoding="utf-8")
        for command in _installers(wishes, constraints, target):
            left = max(1.0, deadline - time.monotonic())
            ended = run_bound(
                command, seconds=left, env=_environment(), cwd=Path(scratch), on_line=heard, on_wait=on_wait, keep_fds=(lock_fd,)
            )
            if ended.code == 0 and not ended.timed_out:
                _prune(target, kept)
                return None
            shutil.rmtree(target, ignore_errors=True)
            if ended.timed_out:
                return Failure(f"Installing {names} took longer than {seconds:g} s and was stopped.", is_network=True)
    if heard.is_network:
        return Failure(f"{names} could not be fetched: the package index does not answer. The plugin may lack something.", is_network=True)
    return Failure(f"{names} could not be installed; the plugin may lack something. The log says why.", is_network=False)


class _Ear:
    """Hands lines on and listens for a network that is down."""

    def __init__(self, on_line: Callable[[str], None]) -> None:
        self.on_line, self.is_network = on_line, False

    def __call__(self, line: str) -> None:
        self.is_network = self.is_network or bool(_NETWORK.search(line))
        self.on_line(line)


def _installers(wishes: Path, constraints: Path, target: Path) -> Iterator[list[str]]:
    """Yield the commands to try in turn: uv when present, then pip. Wheels only: nothing of a package runs while it is installed."""
    common = ["--target", str(target), "--only-binary", ":all:", "--constraint", str(constraints), "--requirement", str(wishes)]
    uv = shutil.which("uv")
    if uv is not None:
        # Copies, not hard links: what a plugin does to its files must not reach uv's cache and, through it, other plugins.
        yield [uv, "pip", "install", "--python", sys.executable, "--link-mode", "copy", "--no-progress", "--color", "never", *common]
    if importlib.util.find_spec("pip") is not None:
        quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--no-warn-script-location"]
        # It says that an index does not answer only when it tries again.
        yield [sys.executable, "-m", "pip", "install", *quiet, "--retries", "2", *common]


def _environment() -> dict[str, str]:
    """Return the machine's own environment with its proxy and index settings, without what is ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("LEDSITE_", "DJANGO_", "PYTHON"))}


def _prune(target: Path, kept: Mapping[str, str]) -> None:
    """Remove from `target` what the host has in the same version: it would only cost space and be imported twice."""
    for distribution in list(distributions(path=[str(target)])):
        if kept.get(canonicalize_name(distribution.metadata["Name"] or "")) != distribution.version:
            continue
        for file in distribution.files or []:
            path = (target / str(file)).resolve()
            if path.is_relative_to(target.resolve()):
                path.unlink(missing_ok=True)
    for folder, _, _ in os.walk(target, topdown=False):
        if not any(Path(folder).iterdir()):
            Path(folder).rmdir()
