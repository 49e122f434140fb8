"""What is so in one moment, as plain values that `findings` judges (pure); `gather` reads them from rows and folders."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How the files of an installed plugin are."""

    FINE = "fine"
    MISSING = "missing"
    DAMAGED = "damaged"
    FOREIGN = "foreign"
    NO_RECEIPT = "no-receipt"
    OTHER_VERSION = "other-version"


@dataclass(frozen=True)
class PluginFact:
    """One row and its files; `refused_settings` is what the schema says against them; `is_busy` when an operation is open on it."""

    plugin_id: str
    source: str
    state: State
    detail: str = ""
    refused_settings: str = ""
    is_busy: bool = False


@dataclass(frozen=True)
class FolderFact:
    """One folder that belongs to no row; `manifest_id` is empty when its manifest cannot be used."""

    name: str
    manifest_id: str = ""
    problem: str = ""


@dataclass(frozen=True)
class StuckFact:
    """An operation that is decided and cannot be finished."""

    plugin_id: str
    kind: str
    reason: str


@dataclass(frozen=True)
class Facts:
    """Everything that a pass judges; ids in the sets are in lower case; `leftovers` are folders with nothing but installed packages."""

    plugins: tuple[PluginFact, ...] = ()
    folders: tuple[FolderFact, ...] = ()
    leftovers: tuple[str, ...] = ()
    stuck: tuple[StuckFact, ...] = ()
    tombstones: frozenset[str] = frozenset()
    busy: frozenset[str] = frozenset()
