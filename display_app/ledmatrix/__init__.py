"""Imports a LEDMatrix folder and exports one: the panel's part, and the whole; the plugins' part is plugins_app/ledmatrix."""
