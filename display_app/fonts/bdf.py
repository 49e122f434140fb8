"""Writes a drawing as BDF 2.1, the bitmap font format that freetype reads; sizes in the header are pixels at 72 dpi."""

from __future__ import annotations

from collections.abc import Iterator

from display_app.fonts.glyphs import Drawing, Rows


def write_bdf(drawing: Drawing, *, family: str) -> str:
    """Return the text of a BDF font whose cell is one pixel wider than the drawing."""
    glyphs = [line for char, rows in drawing.glyphs.items() for line in _glyph(char, rows, drawing)]
    return "\n".join([*_header(drawing, family), f"CHARS {len(drawing.glyphs)}", *glyphs, "ENDFONT", ""])


def _header(drawing: Drawing, family: str) -> list[str]:
    height = drawing.ascent + drawing.descent
    properties = [
        'FOUNDRY "ledsite"',
        f'FAMILY_NAME "{family}"',
        'WEIGHT_NAME "Medium"',
        'SLANT "R"',
        'SPACING "C"',
        f"PIXEL_SIZE {height}",
        f"POINT_SIZE {height * 10}",
        "RESOLUTION_X 72",
        "RESOLUTION_Y 72",
        f"AVERAGE_WIDTH {drawing.advance * 10}",
        'CHARSET_REGISTRY "ISO10646"',
        'CHARSET_ENCODING "1"',
        f"FONT_ASCENT {drawing.ascent}",
        f"FONT_DESCENT {drawing.descent}",
        "DEFAULT_CHAR 63",
        'COPYRIGHT "Drawn for ledsite, GPL-3.0-or-later"',
    ]
    return [
        "STARTFONT 2.1",
        f"FONT -ledsite-{family}-Medium-R-Normal--{height}-{height * 10}-72-72-C-{drawing.advance * 10}-ISO10646-1",
        f"SIZE {height} 72 72",
        f"FONTBOUNDINGBOX {drawing.advance} {height} 0 {-drawing.descent}",
        f"STARTPROPERTIES {len(properties)}",
        *properties,
        "ENDPROPERTIES",
    ]


def _glyph(char: str, rows: Rows, drawing: Drawing) -> Iterator[str]:
    yield f"STARTCHAR U+{ord(char):04X}"
    yield f"ENCODING {ord(char)}"
    yield f"SWIDTH {drawing.advance * 1000 // len(rows)} 0"
    yield f"DWIDTH {drawing.advance} 0"
    yield f"BBX {drawing.width} {len(rows)} 0 {-drawing.descent}"
    yield "BITMAP"
    for row in rows:
        yield f"{int(row.replace('.', '0').replace('#', '1').ljust(8, '0'), 2):02X}"
    yield "ENDCHAR"
