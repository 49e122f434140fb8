"""Does what its setting `fault` says: hostile or unlucky ways that are too special for a sample of their own."""

import json
import os
import socket
import subprocess
import time
from pathlib import Path

from src.plugin_system.base_plugin import BasePlugin


def panel_socket():
    """Find the socket on which the host talks to the panel, as hostile code would."""
    for entry in Path("/proc/self/fd").iterdir():
        if entry.is_socket():
            found = socket.socket(fileno=os.dup(int(entry.name)))
            if found.type == socket.SOCK_SEQPACKET:
                return found
    raise RuntimeError("no socket")


class MisbehavingPlugin(BasePlugin):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fault = self.config.get("fault", "none")
        if self.fault == "slow-start":
            time.sleep(3)
        if self.fault == "raise-at-start":
            raise RuntimeError("I do not want to start")

    def update(self):
        if self.fault == "hang-in-update":
            time.sleep(3600)
        if self.fault == "raise-in-update":
            raise ValueError("the data is bad")
        if self.fault == "exit":
            os._exit(5)
        if self.fault == "half-a-character":
            raise ValueError("the file is called \udc80")
        if self.fault == "talk-without-end":
            panel = panel_socket()
            while True:
                panel.send(b'{"is": "Worked"}')
        if self.fault == "talk-nonsense":
            panel_socket().send(b'{"is": "SettingsSaved", "section": {"deep": %s}}' % (b"[" * 500 + b"]" * 500))
        if self.fault == "wish-for-ever":
            wish = {"is": "OnDemandAsked", "action": "start", "mode": "", "duration": 9e11, "pinned": False}
            panel_socket().send(json.dumps(wish).encode())
        if self.fault == "keep-a-child":
            (Path(__file__).parent / "child.pid").write_text(str(subprocess.Popen(["sleep", "3600"]).pid))
        if self.fault == "leave-a-child":
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(3600)
                os._exit(0)

    def display(self, force_clear=False):
        if self.fault == "raise-in-display":
            raise ValueError("I cannot draw")
        if self.fault == "nothing-to-show":
            return False
        if self.fault == "never-draw":
            return True
        self.display_manager.clear()
        self.display_manager.draw.rectangle((30, 5, 50, 25), fill=(0, 0, 200))
        self.display_manager.update_display()
        return True
