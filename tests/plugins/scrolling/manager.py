"""A line of text that moves from right to left, drawn with the shared scroll helper."""

from PIL import Image, ImageDraw, ImageFont

from src.common.scroll_helper import ScrollHelper
from src.plugin_system.base_plugin import BasePlugin


class ScrollingPlugin(BasePlugin):
    """Scrolls its text; a turn is complete when the text went through once."""

    def __init__(self, plugin_id, config, display_manager, cache_manager, plugin_manager):
        super().__init__(plugin_id, config, display_manager, cache_manager, plugin_manager)
        self.enable_scrolling = True
        self.width, self.height = display_manager.width, display_manager.height
        self.scroll_helper = ScrollHelper(self.width, self.height, self.logger)
        self.scroll_helper.set_scroll_speed(float(config.get("speed", 60)))
        self.scroll_helper.create_scrolling_image([self._line(config.get("text", "SCROLLING"))])

    def _line(self, text):
        font = ImageFont.truetype("assets/fonts/PressStart2P-Regular.ttf", 8)
        image = Image.new("RGB", (max(1, int(font.getlength(text))), self.height))
        ImageDraw.Draw(image).text((0, self.height // 2 - 4), text, font=font, fill=(0, 200, 255))
        return image

    def update(self):
        pass

    def display(self, force_clear=False):
        if force_clear:
            self.scroll_helper.reset_scroll()
        self.scroll_helper.update_scroll_position()
        self.display_manager.image.paste(self.scroll_helper.get_visible_portion(), (0, 0))
        self.display_manager.update_display()

    def is_cycle_complete(self):
        return self.scroll_helper.is_scroll_complete()
