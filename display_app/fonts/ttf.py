"""Writes a drawing as TrueType whose outlines lie on the pixel grid; needs fonttools, which only the generator has."""

from __future__ import annotations

import io
from itertools import groupby

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import newTable
from fontTools.ttLib.tables import ttProgram

from display_app.fonts.glyphs import Drawing, Rows

UNITS = 128  # font units of one pixel
SECONDS_1904_TO_2025 = 3818448000


def write_ttf(drawing: Drawing, *, family: str, size: int) -> bytes:
    """Return a TrueType font that is pixel exact at `size` pixels and at whole multiples of it."""
    builder = FontBuilder(unitsPerEm=size * UNITS, isTTF=True)
    names = {char: f"uni{ord(char):04X}" for char in drawing.glyphs}
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap({ord(char): name for char, name in names.items()})
    outlines = {names[char]: _outline(rows, drawing) for char, rows in drawing.glyphs.items()}
    builder.setupGlyf({".notdef": _outline(drawing.glyphs["□"], drawing), **outlines})
    glyf = builder.font["glyf"]
    advance = drawing.advance * UNITS
    builder.setupHorizontalMetrics({name: (advance, getattr(glyf[name], "xMin", 0)) for name in builder.font.getGlyphOrder()})
    ascent, descent = drawing.ascent * UNITS, drawing.descent * UNITS
    builder.setupHorizontalHeader(ascent=ascent, descent=-descent)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "copyright": "Drawn for ledsite, GPL-3.0-or-later"})
    builder.setupOS2(sTypoAscender=ascent, sTypoDescender=-descent, sTypoLineGap=0, usWinAscent=ascent, usWinDescent=descent)
    builder.setupPost(isFixedPitch=1)
    _forbid_automatic_hinting(builder)
    builder.font["head"].created = builder.font["head"].modified = SECONDS_1904_TO_2025
    builder.font.recalcTimestamp = False
    buffer = io.BytesIO()
    builder.save(buffer)
    return buffer.getvalue()


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
