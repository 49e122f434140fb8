"""The uploaded pictures, one after another."""

from PIL import Image
from src.plugin_system.base_plugin import BasePlugin


class AlbumPlugin(BasePlugin):
    """Opens each picture by the path that stands in its settings, as public plugins do."""

    def update(self):
        self.paths = [entry["path"] for entry in self.config.get("images", [])]

    def display(self, force_clear=False):
        paths = getattr(self, "paths", [])
        if not paths:
            return False
        width, height = self.display_manager.width, self.display_manager.height
        for index, path in enumerate(paths):
            with Image.open(path) as picture:
                part = picture.convert("RGB").resize((width // len(paths), height))
            self.display_manager.image.paste(part, (index * (width // len(paths)), 0))
        self.display_manager.update_display()
        return True
