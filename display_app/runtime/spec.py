"""Everything a host process must know to run one plugin: `HostSpec`, which travels to it as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from plugins_app.exceptions import BadRequest


@dataclass(frozen=True, kw_only=True)
class HostSpec:
    """One plugin, where it lies, its settings, and the panel it draws on.

    `folder` is the live directory, `root` the working directory (home of `assets/`), `config` the effective settings
    (defaults, values, secrets and `enabled`), `global_config` what all plugins may read (contract 3.2), `width` and
    `height` pixels, `cache_dir` a writable folder of this plugin alone, `generation` the name of the tree.
    """

    plugin_id: str
    folder: Path
    root: Path
    entry_point: str
    class_name: str
    manifest: dict[str, Any]
    config: dict[str, Any]
    width: int
    height: int
    cache_dir: Path
    global_config: dict[str, Any] = field(default_factory=dict)
    generation: str = ""

    @property
    def plugin_dir(self) -> Path:
        """The folder of installed plugins, also for a tree that is only being tried and lies deeper in it."""
        parts = self.folder.relative_to(self.root).parts if self.folder.is_relative_to(self.root) else ()
        return self.root / parts[0] if len(parts) > 1 else self.folder.parent

    def to_dict(self) -> dict[str, Any]:
        """Return a form that `json` can write and `from_dict` reads."""
        return asdict(self) | {name: str(getattr(self, name)) for name in ("folder", "root", "cache_dir")}

    @classmethod
    def from_dict(cls, data: object) -> HostSpec:
        """Build a spec from `to_dict`'s form; BadRequest `bad-host-spec` when something is missing or of the wrong type."""
        if not isinstance(data, dict):
            raise BadRequest("A host spec is a JSON object.", code="bad-host-spec")
        problem = _problem(data)
        if problem:
            raise BadRequest(problem, code="bad-host-spec")
        known = {name: data[name] for name in _TYPES if name in data}
        return cls(**known | {name: Path(data[name]) for name in ("folder", "root", "cache_dir")})


_TYPES: dict[str, type] = {
    "plugin_id": str,
    "folder": str,
    "root": str,
    "entry_point": str,
    "class_name": str,
    "manifest": dict,
    "config": dict,
    "width": int,
    "height": int,
    "cache_dir": str,
    "global_config": dict,
    "generation": str,
}
_OPTIONAL = frozenset({"global_config", "generation"})


def _problem(data: dict[str, Any]) -> str | None:
    for name, kind in _TYPES.items():
        if name not in data:
            if name not in _OPTIONAL:
                return f"The host spec lacks {name!r}."
        elif not isinstance(data[name], kind) or isinstance(data[name], bool):
            return f"{name!r} of the host spec must be {kind.__name__}."
    if data["width"] < 1 or data["height"] < 1:
        return "The panel of the host spec has no pixels."
    return None
