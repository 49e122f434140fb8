"""Judges facts: what is not as it should be, told apart from what is done about it (pure)."""

from __future__ import annotations

from dataclasses import dataclass

from plugins_app.package.ids import is_valid_id
from plugins_app.reconcile.facts import Facts, FolderFact, PluginFact, State

MISSING = "missing"
DAMAGED = "damaged"
FOREIGN = "foreign-folder"
NO_RECEIPT = "no-receipt"
OTHER_VERSION = "version-mismatch"
BAD_SETTINGS = "invalid-settings"
INTERRUPTED = "interrupted-operation"
LEFTOVER = "orphaned-dependencies"
UNKNOWN = "unknown-folder"
ADOPTABLE = "adoptable-folder"

_BY_STATE = {
    State.MISSING: MISSING,
    State.DAMAGED: DAMAGED,
    State.FOREIGN: FOREIGN,
    State.NO_RECEIPT: NO_RECEIPT,
    State.OTHER_VERSION: OTHER_VERSION,
}
_ACTIONS = {
    MISSING: ("retry", "remove"),
    DAMAGED: ("retry", "remove"),
    FOREIGN: ("adopt", "retry", "remove", "ignore"),
    NO_RECEIPT: ("adopt", "retry", "remove", "ignore"),
    OTHER_VERSION: ("adopt", "retry", "remove", "ignore"),
    BAD_SETTINGS: ("retry", "ignore"),
    INTERRUPTED: ("retry",),
    LEFTOVER: ("remove", "ignore"),
    UNKNOWN: ("adopt", "remove", "ignore"),
    ADOPTABLE: ("adopt", "remove", "ignore"),
}
KINDS = tuple(_ACTIONS)
ACTIONS = ("retry", "adopt", "remove", "ignore")


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be; `plugin_id` is a folder's name where there is no row."""

    kind: str
    plugin_id: str
    reason: str
    source: str = ""

    @property
    def actions(self) -> tuple[str, ...]:
        """Name what a person can do about it."""
        return actions_for(self.kind)


def actions_for(kind: str) -> tuple[str, ...]:
    """Name what a person can do about a kind of finding."""
    return _ACTIONS.get(kind, ())


def find(facts: Facts) -> list[Finding]:
    """Return every finding, in the order of rows and folders; what an open operation works on is left to it."""
    findings = [finding for plugin in facts.plugins if not plugin.is_busy for finding in _of_plugin(plugin)]
    findings += [Finding(INTERRUPTED, one.plugin_id, f"Its {one.kind} is decided but not finished: {one.reason}") for one in facts.stuck]
    findings += [_of_folder(folder, facts) for folder in facts.folders if folder.name.lower() not in facts.busy]
    findings += [
        Finding(LEFTOVER, name, "Only installed packages are left of it.") for name in facts.leftovers if name.lower() not in facts.busy
    ]
    return findings


def _of_plugin(plugin: PluginFact) -> list[Finding]:
    found = []
    if kind := _BY_STATE.get(plugin.state):
        found.append(Finding(kind, plugin.plugin_id, plugin.detail, plugin.source))
    if plugin.refused_settings:
        found.append(Finding(BAD_SETTINGS, plugin.plugin_id, plugin.refused_settings, plugin.source))
    return found


def _of_folder(folder: FolderFact, facts: Facts) -> Finding:
    """Ruling K: adopted is what has a valid manifest, no row, no tombstone of any age, and an id that nobody else has."""
    ids = [other.manifest_id.lower() for other in facts.folders] + [plugin.plugin_id.lower() for plugin in facts.plugins]
    manifest_id = folder.manifest_id
    if not manifest_id:
        reason = folder.problem or "It has no manifest that can be used."
    elif not is_valid_id(folder.name) or manifest_id != folder.name:
        reason = f"Its manifest says {manifest_id}; the folder must have the same name."
    elif manifest_id.lower() in facts.tombstones:
        reason = f"{manifest_id} was removed on purpose."
    elif ids.count(manifest_id.lower()) > 1:
        reason = f"{manifest_id} is there more than once."
    else:
        return Finding(ADOPTABLE, folder.name, "A folder was put there by hand.")
    return Finding(UNKNOWN, folder.name, reason)
