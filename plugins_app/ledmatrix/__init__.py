"""What comes from a LEDMatrix folder and goes into one: its files (pure), and the plugins in them; display_app/ledmatrix does the rest."""
