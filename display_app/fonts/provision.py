"""Fills `assets/` of the runtime root with what plugins open by relative path; a file that someone put there or changed stays theirs."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

import fontpkg_press_start_2p

ASSETS = Path(__file__).parent.parent / "compat" / "assets"
PRESS_START = Path(fontpkg_press_start_2p.__file__).parent / "files" / "PressStart2P-Regular.ttf"
RECORD = ".provided.json"

# Plugins look into these and add pictures of their own at run time; which ones is a fact of the plugins, not of ours.
EMPTY_FOLDERS = (
    *(f"sports/{name}_logos" for name in ("nfl", "nba", "wnba", "mlb", "milb", "nhl", "ncaa", "ncaa_womens", "soccer", "ufc")),
    "broadcast_logos",
    "stocks/ticker_icons",
    "stocks/crypto_icons",
    "news_logos",
    "weather",
    "airline_logos",
    "plugins",
)


def provision_assets(target: Path) -> None:
    """Make sure that `target`, which is `<root>/assets`, has fonts, the pictures that are opened by path and the folders for logos."""
    provision_fonts(target / "fonts")
    _provide([ASSETS / "static_images" / "default.png"], target / "static_images")
    _provide([ASSETS / "youtube_logo.png"], target)
    for folder in EMPTY_FOLDERS:
        (target / folder).mkdir(parents=True, exist_ok=True)


def provision_fonts(target: Path) -> None:
    """Make sure that every font lies in `target`, which is `<root>/assets/fonts`."""
    _provide([PRESS_START, *sorted((ASSETS / "fonts").iterdir())], target)


def _provide(sources: list[Path], folder: Path) -> None:
    """Write what is missing, and what an earlier version of ours wrote and nobody changed since."""
    folder.mkdir(parents=True, exist_ok=True)
    earlier = _read_record(folder / RECORD)
    provided = {}
    for source in sources:
        content, target = source.read_bytes(), folder / source.name
        provided[source.name] = _digest(content)
        present = _digest(target.read_bytes()) if target.is_file() else None
        if present is None or (present != provided[source.name] and present == earlier.get(source.name)):
            _write(target, content)
    if provided != earlier:
        _write(folder / RECORD, json.dumps(provided, indent=1).encode())


def _read_record(path: Path) -> dict[str, str]:
    try:
        record = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(target: Path, content: bytes) -> None:
    """Write under another name and rename, so that a reader meets a whole file or none."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
