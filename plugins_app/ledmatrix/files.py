"""Finds and reads a LEDMatrix folder, or its config.json alone, without changing anything in it (pure)."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from plugins_app.exceptions import BadRequest, NotFound, PackageError
from plugins_app.package.discovery import FoundFolder, scan
from plugins_app.package.jsonfile import parse_json
from plugins_app.package.reading import TooLarge, read_plain

CONFIG, SECRETS = "config.json", "config_secrets.json"
PLUGIN_FOLDERS = ("plugin-repos", "plugins")
MAX_BYTES = 8 * 1024 * 1024
_SIGNS = ("display", "plugin_system", "web_display_autostart", "timezone")
NO_FOLDER = "Name the folder that LEDMatrix runs in, with config/config.json in it, or a copy of its config.json."


@dataclass(frozen=True)
class LedmatrixFiles:
    """What a folder holds: both documents as they stand there, and its plugins.

    `is_whole` is false for a config.json alone, `shows_installed` when nothing tells which plugins were installed there.
    """

    path: Path
    config: dict[str, Any] = field(repr=False)
    secrets: dict[str, Any] = field(default_factory=dict, repr=False)
    folders: tuple[FoundFolder, ...] = ()
    is_whole: bool = True
    shows_installed: bool = False


def read_files(path: Path) -> LedmatrixFiles:
    """Read a LEDMatrix folder or a config.json alone.

    Raise NotFound `no-such-path`, BadRequest `not-ledmatrix`, `config-unreadable` or `secrets-unreadable`.
    """
    if not os.path.lexists(path):
        raise NotFound(f"There is no {path}.", code="no-such-path", hint=NO_FOLDER)
    if not path.is_dir():
        return LedmatrixFiles(path, _read_config(path), is_whole=False)
    config_path = path / "config" / CONFIG
    if not os.path.lexists(config_path):
        raise BadRequest(f"{path} is no LEDMatrix folder: it has no config/{CONFIG}.", code="not-ledmatrix", hint=NO_FOLDER)
    config = _read_config(config_path)
    secrets = _read_secrets(path / "config" / SECRETS)
    places = _plugin_places(path, config)
    return LedmatrixFiles(path, config, secrets, _plugins_in(places), shows_installed=bool(places))


def what_stays(path: Path) -> dict[str, str]:
    """Return what else a LEDMatrix folder holds of its owner's, with what can be done about it."""
    found: dict[str, str] = {}
    uploads = sum(1 for each in (path / "assets" / "plugins").glob("*/uploads/*") if each.is_file())
    if uploads:
        found["assets/plugins"] = f"{uploads} uploaded files: copy the folder to assets/plugins beside the plugin folder here."
    if (path / "config" / "saved_repositories.json").is_file():
        found["config/saved_repositories.json"] = "Registries of your own: add them with `registries --add NAME URL`."
    return found


def _read_config(path: Path) -> dict[str, Any]:
    config = _read(path, code="config-unreadable", hint="Correct it there, or import a corrected copy of the file.")
    if not any(name in config for name in _SIGNS):
        raise BadRequest(
            f"{path} is not LEDMatrix's configuration: it has none of {', '.join(_SIGNS)}.", code="not-ledmatrix", hint=NO_FOLDER
        )
    return config


def _read_secrets(path: Path) -> dict[str, Any]:
    if not os.path.lexists(path):
        return {}
    hint = f"Let this user read it, or correct it. Without secrets: name config/{CONFIG} itself instead of the folder."
    return _read(path, code="secrets-unreadable", hint=hint)


def _read(path: Path, *, code: str, hint: str) -> dict[str, Any]:
    try:
        data = parse_json(read_plain(path, limit=MAX_BYTES), name=str(path), code=code)
    except TooLarge as error:
        raise BadRequest(f"{path} is larger than {MAX_BYTES // 2**20} MiB.", code=code, hint=NO_FOLDER) from error
    except OSError as error:
        why = "it is a link" if path.is_symlink() else error.strerror
        raise BadRequest(f"{path} cannot be read: {why}.", code=code, hint=hint) from error
    except PackageError as error:
        raise BadRequest(error.message, code=code, hint=hint) from error
    if not isinstance(data, dict):
        raise BadRequest(f"{path} is not an object with a name for everything in it.", code=code, hint=NO_FOLDER)
    return data


def _plugin_places(root: Path, config: dict[str, Any]) -> list[Path]:
    """Return the folder for plugins that the configuration names, and the usual ones, as far as they are there."""
    system = config.get("plugin_system")
    named = system.get("plugins_directory") if isinstance(system, dict) else None
    places = (root / name for name in dict.fromkeys([*_inside(named), *PLUGIN_FOLDERS]))
    return [place for place in places if place.is_dir() and not place.is_symlink()]


def _plugins_in(places: list[Path]) -> tuple[FoundFolder, ...]:
    """Return the plugins of several folders; the first of an id counts."""
    found: dict[str, FoundFolder] = {}
    for place in places:
        for each in _scan(place):
            found.setdefault(each.manifest.id.lower() if each.manifest else each.name.lower(), each)
    return tuple(found.values())


def _inside(name: object) -> list[str]:
    """Return the name of a folder when it stays inside of the one it belongs to."""
    if not isinstance(name, str) or not name or "\0" in name or len(name) > 200:
        return []
    path = PurePosixPath(name)
    return [] if path.is_absolute() or ".." in path.parts else [str(path)]


def _scan(folder: Path) -> list[FoundFolder]:
    try:
        return scan(folder)
    except OSError:
        return []  # a folder that this user may not list has nothing to give
