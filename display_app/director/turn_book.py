"""What is remembered of turns: why one showed nothing, in a sentence, and whether anything but black was seen of the present one."""

from __future__ import annotations

import time

from display_app.director.hosts import Hosts


class TurnBook:
    """`notes` has a sentence for each plugin whose last turn showed nothing."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self.notes: dict[str, str] = {}
        self._counted = ("", 0.0)
        self._was_lit = False

    def note(self, plugin_id: str, sentence: str) -> None:
        """Note why a plugin is not seen."""
        self.notes[plugin_id] = sentence

    def missed(self, plugin_id: str, sentence: str) -> None:
        """Count a turn in which nothing was seen."""
        self.note(plugin_id, sentence)
        self._hosts.note_turn(plugin_id, had_picture=False)

    def passed(self, plugin_id: str) -> None:
        """Count that the pictures of a plugin went past on the ticker."""
        self._hosts.note_turn(plugin_id, had_picture=True)

    def begin(self, plugin_id: str) -> None:
        """Count the turn that ends now, with whether anything was seen of it, and begin the next."""
        ended, since = self._counted
        if ended:
            self._hosts.note_turn(ended, had_picture=self._was_lit, seconds=time.monotonic() - since)
        self._counted = (plugin_id, time.monotonic())
        self._was_lit = False

    def saw(self, plugin_id: str, *, is_black: bool) -> None:
        """Take in the picture of the present turn."""
        if self._was_lit:
            return
        self._was_lit = not is_black
        if self._was_lit:
            self.notes.pop(plugin_id, None)
        else:
            self.note(plugin_id, "Its picture was black when it was its turn.")
