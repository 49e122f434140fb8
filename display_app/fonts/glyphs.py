"""Reads the drawings in `glyphs/*.txt` into pixel glyphs and puts accents on letters; the drawings are the only source of our fonts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

GLYPHS = Path(__file__).parent / "glyphs"
ACCENTED = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿ"
MARKS = {
    "\u0300": "grave",
    "\u0301": "acute",
    "\u0302": "circumflex",
    "\u0303": "tilde",
    "\u0308": "diaeresis",
    "\u030a": "ring",
    "\u0327": "cedilla",
}

Rows = tuple[str, ...]


@dataclass(frozen=True)
class Drawing:
    """One hand-drawn face: every glyph has `ascent + descent` rows of `width` pixels, `#` is lit."""

    name: str
    width: int
    ascent: int
    descent: int
    glyphs: dict[str, Rows] = field(repr=False)

    @property
    def advance(self) -> int:
        """Pixels from one glyph to the next: all are equally wide, with one dark column."""
        return self.width + 1


def small() -> Drawing:
    """Return the 3x5 face, for cells of 4x6."""
    return _read("small", width=3, ascent=5, descent=1)


def medium() -> Drawing:
    """Return the 4x6 face, for cells of 5x7."""
    return _read("medium", width=4, ascent=6, descent=1)


def large() -> Drawing:
    """Return the 5x7 face, for cells of 6x9."""
    return _read("large", width=5, ascent=7, descent=2)


def _read(name: str, *, width: int, ascent: int, descent: int) -> Drawing:
    parts = dict(_blocks((GLYPHS / f"{name}.txt").read_text(encoding="utf-8"), width=width, height=ascent + descent))
    glyphs = {key: rows for key, rows in parts.items() if len(key) == 1}
    blank: Rows = ("." * width,) * (ascent + descent)
    glyphs |= {" ": blank, "\u00a0": blank, "\u00ad": glyphs["-"]}
    glyphs |= {letter: _accented(letter, parts) for letter in ACCENTED}
    return Drawing(name=name, width=width, ascent=ascent, descent=descent, glyphs=dict(sorted(glyphs.items())))


def _blocks(text: str, *, width: int, height: int) -> Iterator[tuple[str, Rows]]:
    """Yield (name, rows); a block is a line of names and `height` rows, one column of pixels per name."""
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("//")]
    for start in range(0, len(lines), height + 1):
        names, *rows = lines[start : start + height + 1]
        if len(rows) != height or any(len(row) != len(names) or {len(cell) for cell in row} != {width} for row in rows):
            raise ValueError(f"the block {' '.join(names)} is not drawn in {height} rows of {width} pixels a glyph")
        for index, name in enumerate(names):
            yield name, tuple(row[index] for row in rows)


def _accented(letter: str, parts: dict[str, Rows]) -> Rows:
    """Lay an accent over its letter; `=A` is a lower A that leaves room above, `^tilde/A` an accent for that letter alone."""
    base, mark = tuple(unicodedata.normalize("NFD", letter))
    accent = MARKS[mark]
    body = parts[base] if accent == "cedilla" else parts.get(f"={base}") or _without_top(parts[base])
    over = parts.get(f"^{accent}/{base}") or parts[f"^{accent}"]
    return tuple("".join("#" if "#" in pair else "." for pair in zip(*rows, strict=True)) for rows in zip(body, over, strict=True))


def _without_top(rows: Rows) -> Rows:
    """Return a small letter as it is; its upper two rows must be dark."""
    if any("#" in row for row in rows[:2]):
        raise ValueError("a letter that reaches the top needs a drawing of its own below accents")
    return rows
