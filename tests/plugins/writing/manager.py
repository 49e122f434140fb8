"""Counts its turns in a file beside its code, as plugins with tokens and notes do."""

from pathlib import Path

from src.plugin_system.base_plugin import BasePlugin

FILE = Path(__file__).parent / "data" / "turns.txt"


class WritingPlugin(BasePlugin):
    """Shows how often it was updated, over all its lives."""

    def update(self):
        FILE.parent.mkdir(exist_ok=True)
        self.turns = int(FILE.read_text() or 0) + 1 if FILE.exists() else 1
        FILE.write_text(str(self.turns))

    def display(self, force_clear=False):
        self.display_manager.draw_text(str(getattr(self, "turns", 0)), color=(255, 0, 255))
        self.display_manager.update_display()
