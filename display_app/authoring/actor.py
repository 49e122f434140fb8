"""The process in which a plugin performs: `python -m display_app.authoring.actor` reads a StageTask from stdin, JSON lines come out.

    {"step": "confined", "network", "landlock", "uid"}       then imported, constructed, validated, or failed with `at` and `reason`
    {"step": "modes", "modes": [...], "high_rate": bool}
    {"step": "updated", "problem": "" or a sentence, "seconds"}
    {"step": "frame", "mode", "at", "rgb"}                   at: seconds of stage time; rgb: zlib, base64; only what differs
    {"step": "mode", "mode", "drawn", "declined", "problem", "slowest", "texts"}
    {"step": "answer", "method", "url", "status", "headers", "body": zlib, base64, "error"}    one request, when they are recorded
    {"step": "refused", "urls": [addresses that were not recorded]}
    {"step": "done"}

Nothing of a plugin runs before limits, user, Landlock and the refusal of the network are in force. What it prints goes to stderr.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any, TextIO

from display_app.authoring.clock import StageClock

FAILED = 1


def main() -> int:
    """Perform once."""
    answers = _take_stdout()
    raw = sys.stdin.buffer.read()
    clock = StageClock(float(json.loads(raw)["at"]))
    clock.install()
    # Only now: what is imported from here on must find the stage's clocks.
    from display_app.authoring.performance import perform

    return 0 if perform(raw, clock, _reporter(answers)) else FAILED


def _take_stdout() -> TextIO:
    """Keep the real stdout for the answers and send everything else that is printed to stderr."""
    private = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return private


def _reporter(answers: TextIO) -> Callable[..., None]:
    lock = threading.Lock()

    def report(**line: Any) -> None:
        text = json.dumps(line) + "\n"
        with lock:
            answers.write(text)
            answers.flush()

    return report


def _end(code: int) -> None:
    """Leave without waiting for threads that the plugin left behind."""
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _end(main())
