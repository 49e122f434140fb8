"""Pixel fonts of our own, drawn as text in `glyphs/`, and what fills `assets/` of the runtime root."""
