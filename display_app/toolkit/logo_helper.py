"""LogoHelper: team and company logos from files, shrunk to fit and remembered (contract 1.10)."""

from __future__ import annotations

import logging
from collections import OrderedDict
from pathlib import Path
from typing import Any

from PIL import Image

from display_app.toolkit.logo_downloader import LogoDownloader

OVERSIZE = 1.5


class LogoHelper:
    """Loads logos as RGBA pictures, at most 1.5 times the panel in each direction unless told otherwise; never enlarges."""

    def __init__(self, display_width: int, display_height: int, cache_size: int = 100, logger: Any = None) -> None:
        self.display_width = display_width
        self.display_height = display_height
        self.cache_size = cache_size
        self.logger = logger or logging.getLogger(__name__)
        self._logos: OrderedDict[tuple[str, str, tuple[int, int]], Image.Image] = OrderedDict()
        self._hits = self._misses = 0

    def load_logo(
        self, team_abbr: str, logo_path: str | Path, max_width: int | None = None, max_height: int | None = None
    ) -> Image.Image | None:
        """Return the logo, None when the file is missing or is no picture."""
        limits = (max_width or int(self.display_width * OVERSIZE), max_height or int(self.display_height * OVERSIZE))
        key = (team_abbr, str(logo_path), limits)
        if key in self._logos:
            self._hits += 1
            self._logos.move_to_end(key)
            return self._logos[key]
        self._misses += 1
        logo = self._open(team_abbr, Path(logo_path), limits)
        if logo is not None:
            self._logos[key] = logo
            if len(self._logos) > self.cache_size:
                self._logos.popitem(last=False)
        return logo

    def load_logo_with_download(
        self,
        team_abbr: str,
        logo_path: str | Path,
        logo_url: str | None = None,
        max_width: int | None = None,
        max_height: int | None = None,
    ) -> Image.Image | None:
        """Return the logo, fetching a missing file from `logo_url`, or drawing the letters when that fails."""
        path = Path(logo_path)
        if not path.exists():
            downloader = LogoDownloader()
            if not (logo_url and downloader.download_logo(logo_url, path, team_abbr)):
                downloader.create_placeholder_logo(team_abbr, path.parent)
        return self.load_logo(team_abbr, path, max_width, max_height)

    def clear_cache(self) -> None:
        """Forget all logos."""
        self._logos.clear()

    def get_logo_variations(self, team_abbr: str) -> list[str]:
        """Return the abbreviations under which a logo may be filed."""
        return list(dict.fromkeys((team_abbr, team_abbr.upper(), team_abbr.lower(), self.normalize_abbreviation(team_abbr))))

    def normalize_abbreviation(self, team_abbr: str) -> str:
        """Return the abbreviation stripped, in capitals, `&` as AND, without spaces."""
        return team_abbr.strip().upper().replace("&", "AND").replace(" ", "")

    def get_cache_stats(self) -> dict[str, int]:
        """Return how many logos are remembered, and how often one was and was not."""
        return {"cached": len(self._logos), "cache_size": self.cache_size, "hits": self._hits, "misses": self._misses}

    def _open(self, team_abbr: str, path: Path, limits: tuple[int, int]) -> Image.Image | None:
        try:
            with Image.open(path) as file:
                logo = file.convert("RGBA")
        except FileNotFoundError:
            self.logger.debug("There is no logo of %s at %s", team_abbr, path)
            return None
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            self.logger.warning("The logo of %s cannot be read: %s", team_abbr, error)
            return None
        logo.thumbnail(limits, Image.Resampling.LANCZOS)
        return logo
