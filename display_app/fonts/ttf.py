"""Writes a drawing as TrueType whose outlines lie on the pixel grid; needs fonttools, which only the generator has.

Letters and digits are equally wide; a space and signs with little ink (`.`, `:`, `|`) are narrow, as in the fonts that public plugins
were laid out with, so that what fits there fits here.
"""

from __future__ import annotations

import io
from itertools import groupby
from string import punctuation

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import newTable
from fontTools.ttLib.tables import ttProgram

from display_app.fonts.glyphs import Drawing, Rows

UNITS = 128  # font units of one pixel
NARROW = 2  # columns of ink
SECONDS_1904_TO_2025 = 3818448000


def write_ttf(drawing: Drawing, *, family: str, size: int) -> bytes:
    """Return a TrueType font that is pixel exact at `size` pixels and at whole multiples of it."""
    builder = FontBuilder(unitsPerEm=size * UNITS, isTTF=True)
    names = {char: f"uni{ord(char):04X}" for char in drawing.glyphs}
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap({ord(char): name for char, name in names.items()})
    shapes = {char: _trimmed(char, rows) for char, rows in drawing.glyphs.items()}
    outlines = {names[char]: _outline(rows, drawing) for char, rows in shapes.items()}
    builder.setupGlyf({".notdef": _outline(drawing.glyphs["□"], drawing), **outlines})
    glyf = builder.font["glyf"]
    advances = {".notdef": drawing.advance, **{names[char]: len(rows[0]) + 1 for char, rows in shapes.items()}}
    builder.setupHorizontalMetrics({name: (width * UNITS, getattr(glyf[name], "xMin", 0)) for name, width in advances.items()})
    ascent, descent = drawing.ascent * UNITS, drawing.descent * UNITS
    builder.setupHorizontalHeader(ascent=ascent, descent=-descent)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "copyright": "Drawn for ledsite, GPL-3.0-or-later"})
    builder.setupOS2(sTypoAscender=ascent, sTypoDescender=-descent, sTypoLineGap=0, usWinAscent=ascent, usWinDescent=descent)
    builder.setupPost()
    _forbid_automatic_hinting(builder)
    builder.font["head"].created = builder.font["head"].modified = SECONDS_1904_TO_2025
    builder.font.recalcTimestamp = False
    buffer = io.BytesIO()
    builder.save(buffer)
    return buffer.getvalue()


def _trimmed(char: str, rows: Rows) -> Rows:
    """Cut the dark columns around a narrow sign; a space is a little more than half as wide as a letter."""
    if char.isspace():
        return tuple(row[: (len(row) + 1) // 2] for row in rows)
    lit = [column for column in range(len(rows[0])) if any(row[column] == "#" for row in rows)]
    if char not in punctuation or not lit or lit[-1] - lit[0] >= NARROW:
        return rows
    return tuple(row[lit[0] : lit[-1] + 1] for row in rows)


def _outline(rows: Rows, drawing: Drawing) -> object:
    """Return one rectangle per run of lit pixels; rectangles that touch add up to full coverage."""
    pen = TTGlyphPen(None)
    for index, row in enumerate(rows):
        top = (drawing.ascent - index) * UNITS
        for left, right in _runs(row):
            pen.moveTo((left * UNITS, top - UNITS))
            pen.lineTo((left * UNITS, top))
            pen.lineTo((right * UNITS, top))
            pen.lineTo((right * UNITS, top - UNITS))
            pen.closePath()
    return pen.glyph()


def _runs(row: str) -> list[tuple[int, int]]:
    found, column = [], 0
    for pixel, group in groupby(row):
        length = len(list(group))
        if pixel == "#":
            found.append((column, column + length))
        column += length
    return found


def _forbid_automatic_hinting(builder: FontBuilder) -> None:
    """Give the font programs that do nothing: freetype hints fonts without any by itself, and pixels would move."""
    for tag, assembly in {"fpgm": ["PUSHB[ ]", "0", "FDEF[ ]", "ENDF[ ]"], "prep": ["PUSHB[ ]", "1 2 3 4 5 6", "CLEAR[ ]"]}.items():
        table = newTable(tag)
        table.program = ttProgram.Program()
        table.program.fromAssembly(assembly)
        builder.font[tag] = table
    builder.font["maxp"].maxFunctionDefs = 1
    builder.font["maxp"].maxStackElements = 8
