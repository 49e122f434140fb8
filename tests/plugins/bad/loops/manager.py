"""Loops for ever, using all the processor time there is: in `where`, which is construct, update or display."""

from src.plugin_system.base_plugin import BasePlugin


class Bad(BasePlugin):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.loop("construct")

    def loop(self, where):
        while self.config.get("where") == where:
            pass

    def update(self):
        self.loop("update")

    def display(self, force_clear=False):
        self.loop("display")
