"""Parses much JSON over and over: 6 MB of its own, or what an address answers."""

import json
import time

import requests
from src.plugin_system.base_plugin import BasePlugin

WORK_SECONDS = 5.0


class ParsingPlugin(BasePlugin):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.text = "" if self.config.get("url") else json.dumps(games(6_000_000))

    def update(self):
        until = time.monotonic() + WORK_SECONDS
        while time.monotonic() < until:
            json.loads(self.text or requests.get(self.config["url"], timeout=10).text)

    def display(self, force_clear=False):
        self.display_manager.clear()
        self.display_manager.update_display()


def games(size):
    """Return about so many bytes of JSON as an API of scores gives them."""
    game = {"id": 401547, "home": {"name": "Somewhere", "score": 21}, "away": {"name": "Elsewhere", "score": 17}, "plays": list(range(40))}
    return {"events": [game | {"id": number} for number in range(size // len(json.dumps(game)))]}
