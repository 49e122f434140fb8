"""What an import did, or would do, about each plugin (pure but for what it refers to)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from plugins_app.ledmatrix.document import Refused


@dataclass(frozen=True)
class PluginOutcome:
    """One plugin: `action` is install, keep or leave; `switch` is what its switch becomes, None when it stays."""

    plugin_id: str
    keys: tuple[str, ...]
    found: str
    action: str
    enabled: bool
    switch: bool | None = None
    is_checked: bool = True
    settings: int = 0
    taken: tuple[str, ...] = ()
    same: int = 0
    kept: dict[str, str] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()
    secrets: int = 0
    left_out: str = ""
    own_files: tuple[str, ...] = ()
    problem: dict[str, str] | None = None

    @property
    def is_change(self) -> bool:
        """Tell whether anything is, or would be, different afterwards."""
        return self.action == "install" or bool(self.taken) or self.switch is not None

    def as_dict(self) -> dict[str, Any]:
        """Return the form of the report for programs."""
        return {
            "plugin_id": self.plugin_id,
            "names_there": list(self.keys),
            "found": self.found,
            "action": self.action,
            "enabled": self.enabled,
            "switch": self.switch,
            "checked": self.is_checked,
            "settings": self.settings,
            "taken": list(self.taken),
            "same": self.same,
            "kept": self.kept,
            "refused": [{"path": each.path, "value": each.value, "reason": each.reason} for each in self.refused],
            "secrets": self.secrets,
            "left_out": self.left_out or None,
            "files_that_stay_there": list(self.own_files),
            "problem": self.problem,
        }
