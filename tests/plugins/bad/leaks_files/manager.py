"""Opens files and never closes them."""

from src.plugin_system.base_plugin import BasePlugin


class Bad(BasePlugin):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.opened = []

    def update(self):
        while True:
            self.opened.append(open("/dev/null"))

    def display(self, force_clear=False):
        return False
