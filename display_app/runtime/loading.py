"""Import one plugin's entry module and find its class, with the search order that plugins rely on (contract 4.4).

A process hosts one plugin, so plain `sys.path` is enough: the plugin's folder, its `.deps`, the root, the plugin folder,
then everything else. A finder at the very end answers names that some plugins import without shipping them.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import display_app.compat
from display_app.runtime.spec import HostSpec

ALIASES = {
    "logo_downloader": "src.logo_downloader",
    "dynamic_team_resolver": "src.dynamic_team_resolver",
    "base_odds_manager": "src.base_odds_manager",
    "data_sources": "src.base_classes.data_sources",
}


def module_name(plugin_id: str) -> str:
    """Return the name under which a plugin's entry module is imported."""
    return "plugin_" + re.sub(r"[^A-Za-z0-9_]", "_", plugin_id)


def prepare_imports(spec: HostSpec) -> None:
    """Put the plugin's folders in front of everything else and `src` and the aliases behind them."""
    importlib.invalidate_caches()
    own = [spec.folder, spec.folder / ".deps", spec.root, spec.plugin_dir]
    public = str(Path(display_app.compat.__file__).parent)
    wanted = [*map(str, own), public]
    sys.path[:] = [*wanted, *(entry for entry in sys.path if entry not in wanted)]
    importlib.import_module("src")
    if not any(isinstance(finder, AliasFinder) for finder in sys.meta_path):
        sys.meta_path.append(AliasFinder())


def import_entry(spec: HostSpec) -> ModuleType:
    """Execute the entry file as `plugin_<id>` and return the module; whatever it raises passes through."""
    path = (spec.folder / (spec.entry_point or "manager.py")).resolve()
    if not path.is_relative_to(spec.folder.resolve()):
        raise ImportError(f"The entry point {spec.entry_point!r} lies outside the plugin's folder")
    if not path.is_file():
        raise ImportError(f"The entry point {spec.entry_point!r} is missing")
    name = module_name(spec.plugin_id)
    module_spec = importlib.util.spec_from_file_location(name, path)
    if module_spec is None or module_spec.loader is None:
        raise ImportError(f"The entry point {spec.entry_point!r} is not a Python file")
    module = importlib.util.module_from_spec(module_spec)
    sys.modules[name] = module
    try:
        module_spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


class AliasFinder(MetaPathFinder):
    """Last in `sys.meta_path`: resolves bare names of shared helpers that a plugin imports but does not ship."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return a spec for the names in ALIASES, None for all others."""
        if path is not None or fullname not in ALIASES:
            return None
        return ModuleSpec(fullname, _AliasLoader(ALIASES[fullname]))


class _AliasLoader(Loader):
    """Hands out the public module under its bare name, without executing it a second time."""

    def __init__(self, public_name: str) -> None:
        self._public_name = public_name

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        alias = ModuleType(spec.name)
        public = importlib.import_module(self._public_name)
        alias.__dict__.update({name: value for name, value in vars(public).items() if not name.startswith("__")})
        return alias

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the names were taken over when the module was created."""
