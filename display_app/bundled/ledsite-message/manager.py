"""A message: still and centred when it fits the panel, else scrolling past it."""

from __future__ import annotations

from typing import Any

from layout import arrange, best_scale, draw_lines
from lettering import lettering
from PIL import Image
from src.common.scroll_helper import ScrollHelper
from src.plugin_system.base_plugin import BasePlugin


class LedsiteMessage(BasePlugin):
    """One line of text in large letters."""

    def __init__(self, plugin_id: str, config: dict[str, Any], display_manager: Any, cache_manager: Any, plugin_manager: Any) -> None:
        super().__init__(plugin_id, config, display_manager, cache_manager, plugin_manager)
        self.enable_scrolling = False
        self.still: Image.Image | None = None
        self.scroll_helper = ScrollHelper(display_manager.width, display_manager.height, self.logger)
        self._read(config)

    def update(self) -> None:
        """Do nothing: the text comes from the settings."""

    def display(self, force_clear: bool = False) -> bool:
        """Show the next frame."""
        if self.still is None and self.scroll_helper.cached_image is None:
            return False
        if self.still is None:
            if force_clear:
                self.scroll_helper.reset_scroll()
            self.scroll_helper.update_scroll_position()
            if self.scroll_helper.is_scroll_complete():
                self.scroll_helper.reset_scroll()
                self.passes += 1
            self.display_manager.image = self.scroll_helper.get_visible_portion()
        else:
            self.display_manager.image = self.still.copy()
        self.display_manager.update_display()
        return True

    def on_config_change(self, new_config: dict[str, Any] | None) -> None:
        """Show the changed text at once."""
        super().on_config_change(new_config)
        self._read(self.config)

    def supports_dynamic_duration(self) -> bool:
        """Stay until a scrolling text has passed."""
        return self.enable_scrolling

    def get_cycle_duration(self, display_mode: str | None = None) -> float | None:
        """Return the seconds in which the text passes once."""
        return self.scroll_helper.total_scroll_width / self.scroll_helper.scroll_speed if self.enable_scrolling else None

    def is_cycle_complete(self) -> bool:
        """Tell whether the text has passed."""
        return not self.enable_scrolling or self.passes > 0

    def reset_cycle_state(self) -> None:
        """Begin at the head of the text."""
        self.passes = 0
        if self.enable_scrolling:
            self.scroll_helper.reset_scroll()

    def _read(self, config: dict[str, Any]) -> None:
        text = " ".join(str(config.get("text", "")).split())
        color = _color(config.get("color"))
        width, height = self.display_manager.width, self.display_manager.height
        self.passes = 0
        self.still = None
        self.scroll_helper.clear_cache()
        still = arrange(text, width=width, height=height) if text else None
        self.enable_scrolling = bool(text) and still is None
        if still is not None:
            self.still = draw_lines(still.lines, still.scale, color, width=width, height=height)
        elif text:
            scale = best_scale(height)
            strip = draw_lines([text], scale, color, width=lettering(text, scale).width, height=height)
            self.scroll_helper.set_frame_based_scrolling(False)
            self.scroll_helper.set_scroll_speed(float(config.get("speed", 40)))
            # The strip repeats without a seam: the panel is never dark, and its head follows its end.
            self.scroll_helper.create_scrolling_image([strip], item_gap=0, element_gap=0, lead_gap=width // 3)


def _color(value: Any) -> tuple[int, int, int]:
    if isinstance(value, list | tuple) and len(value) == 3 and all(isinstance(part, int) and 0 <= part <= 255 for part in value):
        return value[0], value[1], value[2]
    return 64, 224, 168
