"""Where the fonts of a plugin's manifest come from: a file of the plugin, one of `assets/fonts`, or the web, kept once fetched."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests

from display_app.toolkit.http import new_session

logger = logging.getLogger(__name__)

TIMEOUT = 10.0
LARGEST_BYTES = 4 * 1024 * 1024
SUFFIXES = (".ttf", ".otf", ".bdf")


@dataclass(frozen=True)
class FontSources:
    """Folders of one plugin: its own, that of the fonts for all, and one in which fonts from the web stay (None: no web)."""

    plugin_folder: Path
    fonts_dir: Path
    downloads: Path | None = None

    def find(self, source: str) -> Path | None:
        """Return the file of a source (`plugin://relative/path`, a path, or an address), None when it cannot be had."""
        if source.startswith(("http://", "https://")):
            return self._from_web(source)
        name = source.removeprefix("plugin://")
        places = [self.plugin_folder] if name != source else [self.plugin_folder, self.fonts_dir.parent.parent]
        for place, allowed in zip(places, (self.plugin_folder, self.fonts_dir), strict=False):
            path = (place / name).resolve()
            if name and path.is_file() and path.is_relative_to(allowed.resolve()):
                return path
        return None

    def _from_web(self, address: str) -> Path | None:
        suffix = Path(urlsplit(address).path).suffix.lower()
        if self.downloads is None or suffix not in SUFFIXES:
            return None
        path = self.downloads / f"{hashlib.sha256(address.encode()).hexdigest()[:16]}{suffix}"
        return path if path.is_file() or _fetch(address, path) else None


def _fetch(address: str, path: Path) -> bool:
    try:
        with new_session(retries=1).get(address, timeout=TIMEOUT, stream=True) as response:
            response.raise_for_status()
            content = response.raw.read(LARGEST_BYTES + 1, decode_content=True)
        if len(content) > LARGEST_BYTES:
            raise ValueError("it is too large")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".part").write_bytes(content)
        path.with_suffix(".part").replace(path)
    except (requests.RequestException, OSError, ValueError) as error:
        logger.warning("The font %s cannot be had: %s", address, error)
        return False
    return True
