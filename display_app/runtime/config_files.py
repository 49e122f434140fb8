"""`config/config.json` and `config/config_secrets.json` for plugins that open them by path, with their own settings and nobody else's.

The files lie below a folder of the plugin's own cache, and LEDMATRIX_ROOT leads there; what it writes beside them, a login for instance,
stays (contract 1.15). Only a plugin whose code speaks of the secrets file gets them: its secrets stand there in the clear, for its user.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from display_app.runtime.spec import HostSpec

VARIABLE = "LEDMATRIX_ROOT"
FOLDER = Path("ledmatrix/config")
PLAIN, SECRETS = FILES = ("config.json", "config_secrets.json")
SIGN = SECRETS.encode()


def provide_config_files(spec: HostSpec) -> None:
    """Write the files and name their place, when the plugin reads them; a plugin that does not is left alone."""
    if reads_config_files(spec.folder):
        write_config_files(spec)


def write_config_files(spec: HostSpec) -> Path:
    """Write the files whether the plugin reads them or not, name their place, and return the folder."""
    folder = spec.cache_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    own: dict[str, object] = {spec.plugin_id: spec.config}
    _write(folder / PLAIN, {**spec.global_config, **own})
    _write(folder / SECRETS, own)
    os.environ[VARIABLE] = str(folder.parent)
    return folder


def reads_config_files(folder: Path) -> bool:
    """Tell whether the code of a plugin speaks of the secrets file."""
    return any(SIGN in path.read_bytes() for path in folder.glob("*.py") if path.is_file())


def _write(path: Path, content: dict[str, object]) -> None:
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file)
    part.replace(path)
