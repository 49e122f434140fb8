"""Takes changed settings over while it runs, and refuses a city that it does not know."""

from src.plugin_system.base_plugin import BasePlugin


class PickyPlugin(BasePlugin):
    def on_config_change(self, new_config):
        super().on_config_change(new_config)

    def validate_config(self):
        if self.config.get("city") == "Atlantis":
            self.logger.error("There is no city %r", self.config["city"])
            return False
        return super().validate_config()

    def update(self):
        pass

    def display(self, force_clear=False):
        self.display_manager.clear()
        self.display_manager.draw.rectangle((2, 2, 20, 20), fill=(0, 0, 200))
        self.display_manager.update_display()
