"""What an installation would do about each requirement of a plugin: met by the product, fetched, left as the product has it, or refused."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from packaging.utils import canonicalize_name

from plugins_app.installer.requirements import Hosts, host_distributions, is_satisfied, parse_requirements


@dataclass(frozen=True)
class RequirementState:
    """One requirement; `kept`: the product has another version, which is used."""

    text: str
    state: Literal["met", "fetched", "kept", "refused"]
    note: str = ""


def states_of(text: str, *, hosts: Hosts | None = None) -> list[RequirementState]:
    """Return every requirement of a requirements.txt with what becomes of it; nothing is installed."""
    hosts = _hosts() if hosts is None else hosts
    requirements, refused = parse_requirements(text)
    found = []
    for requirement in requirements:
        host = hosts.get(canonicalize_name(requirement.name))
        if is_satisfied(requirement, hosts):
            found.append(RequirementState(str(requirement), "met", f"{host.version} comes with this product" if host else ""))
        elif host is not None and not requirement.specifier.contains(host.version, prereleases=True):
            found.append(RequirementState(str(requirement), "kept", f"{host.version} comes with this product and is used"))
        else:
            found.append(RequirementState(str(requirement), "fetched", "is fetched when the plugin is installed"))
    return found + [RequirementState(warning, "refused") for warning in refused]


@cache
def _hosts() -> Hosts:
    """Look once per process: what comes with the product does not change under it."""
    return host_distributions()
