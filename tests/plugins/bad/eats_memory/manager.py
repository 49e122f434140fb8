"""Uses more and more memory: little by little beside everything else, or all that it can get when `at_once` is set."""

import threading
import time

from src.plugin_system.base_plugin import BasePlugin

CHUNK = 4 * 1024 * 1024


class Bad(BasePlugin):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.eaten = []

    def update(self):
        if self.config.get("at_once"):
            while True:
                self.eat()
        threading.Thread(target=self.nibble, daemon=True).start()

    def nibble(self):
        for _ in range(32):
            self.eat()
            time.sleep(0.02)

    def eat(self):
        self.eaten.append(bytearray(b"x") * CHUNK)

    def display(self, force_clear=False):
        return False
