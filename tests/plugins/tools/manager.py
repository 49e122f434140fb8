"""One word, or the name that the login has left."""

from pathlib import Path

from src.plugin_system.base_plugin import BasePlugin


class ToolsPlugin(BasePlugin):
    """Reads what its login has written when it is built, as public plugins do."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        token = Path(__file__).with_name("token.txt")
        self.word = token.read_text() if token.exists() else self.config["word"]

    def update(self):
        pass

    def display(self, force_clear=False):
        self.display_manager.clear()
        self.display_manager.draw_text(self.word)
        self.display_manager.update_display()
