"""Raises: in `where`, which is construct, update or display."""

from src.plugin_system.base_plugin import BasePlugin


class Bad(BasePlugin):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fail("construct")

    def fail(self, where):
        if self.config.get("where") == where:
            raise ValueError("the data is bad")

    def update(self):
        self.fail("update")

    def display(self, force_clear=False):
        self.fail("display")
        self.display_manager.draw.rectangle((30, 5, 50, 25), fill=(0, 0, 200))
        self.display_manager.update_display()
