"""FontManager: the fonts of `assets/fonts` and of the plugin itself, by family and size (contract 1.6)."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import freetype
from PIL import ImageFont

from display_app.runtime.font_sources import SUFFIXES, FontSources
from display_app.toolkit.text import Font, TextRenderer

logger = logging.getLogger(__name__)

FAMILY_ALIASES = {"press_start": "pressstart2p-regular", "four_by_six": "4x6-font", "five_by_seven": "5x7"}
OVERRIDES = Path("config/font_overrides.json")


class FontManager:
    """Loads fonts once and hands them out; an unknown or broken one becomes PIL's default font, with a warning."""

    def __init__(
        self,
        fonts_dir: Path,
        *,
        plugin_id: str,
        plugin_folder: Path,
        downloads: Path | None = None,
        overrides: dict[str, dict[str, Any]] | None = None,
    ) -> None:
        self.cache_generation = 0
        self.overrides = overrides or {}
        self._fonts_dir = fonts_dir
        self._plugin_id = plugin_id
        self._sources = FontSources(plugin_folder, fonts_dir, downloads)
        self._plugin_fonts: dict[str, Path] = {}
        self._loaded: dict[tuple[Path, int], Font] = {}
        self._chosen: dict[tuple[str, int], Font] = {}
        self._registered: dict[str, dict[str, Any]] = {}
        self._text = TextRenderer()

    # -- what plugins call

    def get_font(self, family: str, size_px: int) -> Font:
        """Return a PIL font, or a freetype face for a bitmap font, of `size_px` pixels."""
        font = self._chosen.get((family, size_px))
        if font is None:
            font = self._chosen[family, size_px] = self._choose(family, size_px)
        return font

    def register_manager_font(
        self, manager_id: str, element_key: str, family: str, size_px: int, color: tuple[int, int, int] | None = None
    ) -> None:
        """Note which font a plugin uses for which element, so that people can find and override it."""
        self._registered[element_key] = {"manager_id": manager_id, "family": family, "size_px": size_px, "color": color}

    def resolve_font(self, element_key: str, family: str, size_px: int, plugin_id: str | None = None) -> Font:
        """Return the font for an element: a person's override of family or size first, else what is asked for."""
        override = self.overrides.get(element_key, {})
        return self.get_font(override.get("family", family), override.get("size_px", size_px))

    def measure_text(self, text: str, font: Font) -> tuple[int, int, int]:
        """Return width, height and baseline of `text` in pixels."""
        height = self._text.height(font)
        if isinstance(font, freetype.Face):
            return self._text.width(text, font), height, int(font.size.ascender) >> 6
        ascent = font.getmetrics()[0] if isinstance(font, ImageFont.FreeTypeFont) else height
        return self._text.width(text, font), height, int(ascent)

    def get_font_height(self, font: Font) -> int:
        """Return the height of a line in pixels."""
        return self._text.height(font)

    def get_available_fonts(self) -> dict[str, str]:
        """Return every family name with the path of its file."""
        files = {path.stem.lower(): path for path in self._font_files()}
        aliases = {alias: files[stem] for alias, stem in FAMILY_ALIASES.items() if stem in files}
        return {name: str(path) for name, path in {**files, **aliases, **self._plugin_fonts}.items()}

    # -- what the host calls

    def load_file(self, name: str, size_px: int) -> Font:
        """Load a file of `assets/fonts`, PIL's default font when it is missing or broken."""
        return self._load(self._fonts_dir / name, size_px)

    def load_face(self, name: str, size_px: int) -> freetype.Face | None:
        """Load a bitmap font of `assets/fonts`, None when it is missing or broken."""
        font = self._load(self._fonts_dir / name, size_px)
        return font if isinstance(font, freetype.Face) else None

    def register_plugin_fonts(self, manifest: dict[str, Any]) -> None:
        """Take over the manifest's `fonts` block as families `<plugin id>::<family>`; what cannot be had is left out with a warning."""
        block = manifest.get("fonts")
        entries = block.get("fonts") if isinstance(block, dict) else None
        for entry in entries if isinstance(entries, list) else []:
            source = str(entry.get("source", "")) if isinstance(entry, dict) else ""
            path = self._sources.find(source)
            if path is not None:
                self._plugin_fonts[f"{self._plugin_id}::{str(entry.get('family', '')).lower()}"] = path
                self._chosen.clear()
                self.cache_generation += 1
            else:
                logger.warning("There is no font %r", source)

    # -- inside

    def _choose(self, family: str, size_px: int) -> Font:
        path = self._find(family)
        if path is None:
            logger.warning("There is no font %r", family)
            return ImageFont.load_default(size_px)
        return self._load(path, size_px)

    def _find(self, family: str) -> Path | None:
        wanted = str(family).lower()
        if wanted in self._plugin_fonts:
            return self._plugin_fonts[wanted]
        stem = FAMILY_ALIASES.get(wanted, wanted)
        return next((path for path in self._font_files() if path.stem.lower() == stem), None)

    def _font_files(self) -> list[Path]:
        if not self._fonts_dir.is_dir():
            return []
        return sorted(path for path in self._fonts_dir.iterdir() if path.suffix.lower() in SUFFIXES)

    def _load(self, path: Path, size_px: int) -> Font:
        font = self._loaded.get((path, size_px))
        if font is None:
            font = self._loaded[path, size_px] = _open_font(path, size_px)
        return font


def read_overrides(root: Path) -> dict[str, dict[str, Any]]:
    """Return the fonts that a person chose for single elements, `{element_key: {family?, size_px?}}`; {} when there is no such file."""
    try:
        data = json.loads((root / OVERRIDES).read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        logger.warning("%s cannot be read: %s", OVERRIDES, error)
        return {}
    entries = data.items() if isinstance(data, dict) else ()
    return {key: entry for key, entry in entries if isinstance(entry, dict)}


def _open_font(path: Path, size_px: int) -> Font:
    try:
        if path.suffix.lower() != ".bdf":
            return ImageFont.truetype(str(path), size_px)
        face = freetype.Face(str(path))
        face.set_char_size(size_px * 64, size_px * 64, 72, 72)
    except (OSError, ValueError, freetype.ft_errors.FT_Exception) as error:
        logger.warning("The font %s cannot be used: %s", path.name, error)
        return ImageFont.load_default(size_px)
    return face
