"""Brings a picture that is none of this panel: `how` is size, type, or behind, which writes past the host onto its bus."""

import ctypes
import struct
from pathlib import Path

from PIL import Image

from src.plugin_system.base_plugin import BasePlugin


class Bad(BasePlugin):
    def update(self):
        pass

    def display(self, force_clear=False):
        how = self.config.get("how")
        if how == "type":
            self.display_manager.image = "a picture"
        elif how == "size":
            self.display_manager.image = Image.new("RGBA", (500, 3), (0, 0, 255, 255))
        else:
            self.display_manager.draw.rectangle((30, 5, 50, 25), fill=(0, 0, 200))
        self.display_manager.update_display()
        if how == "behind":
            self.claim_another_size()

    def claim_another_size(self):
        """Swap width and height in the header of the bus, as hostile code would."""
        for line in Path("/proc/self/maps").read_text().splitlines():
            if line.endswith(".frames"):
                header = int(line.partition("-")[0], 16)
                width, height = struct.unpack("<2I", ctypes.string_at(header + 8, 8))
                if width > height:
                    ctypes.memmove(header + 8, struct.pack("<2I", height, width), 8)
