"""How a host ends that can get no more memory: its exit code says what there was too much of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from display_app.hosting.order import EXIT_OUT_OF_MEMORY, EXIT_TOO_MANY_THREADS

CHECKOUT = Path(__file__).parents[3]
SCRIPT = """
import socket, threading, time
from display_app.hosting.channel import Channel
from display_app.hosting.reporting import Reporter

for _ in range({threads}):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()

def fail():
    raise MemoryError

Reporter(Channel(socket.socketpair()[0]), most_threads=5).guarded("display", fail)
"""


@pytest.mark.process
@pytest.mark.parametrize(("threads", "code"), [(0, EXIT_OUT_OF_MEMORY), (9, EXIT_TOO_MANY_THREADS)])
def test_what_there_was_too_much_of(threads: int, code: int) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(threads=threads)], cwd=CHECKOUT, capture_output=True, timeout=30, check=False
    )
    assert (ended.returncode, b"display ran out of memory" in ended.stderr) == (code, True)
