"""Needs a module that nobody has."""

import a_module_that_nobody_has  # noqa: F401
from src.plugin_system.base_plugin import BasePlugin


class BrokenPlugin(BasePlugin):
    """Never comes to life."""

    def update(self):
        pass

    def display(self, force_clear=False):
        pass
