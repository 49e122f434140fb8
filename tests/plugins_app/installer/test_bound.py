"""Commands on a lead: lines come back, limits and time hold, and nothing is left running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from plugins_app.installer.bound import Ended, run_bound

pytestmark = pytest.mark.process


def run(script: str, tmp_path, *, seconds: float = 20, **options) -> tuple[Ended, list[str]]:
    lines: list[str] = []
    ended = run_bound(
        [sys.executable, "-c", script], seconds=seconds, env={"PATH": os.environ["PATH"]}, cwd=tmp_path, on_line=lines.append, **options
    )
    return ended, lines


def is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while is_alive(pid):
        assert time.monotonic() < deadline, f"{pid} lives on"
        time.sleep(0.01)


def test_it_hands_on_lines_and_the_exit_code(tmp_path):
    script = "import sys; print('one'); print('two', file=sys.stderr); sys.stdout.write('x' * 9000); sys.exit(3)"
    ended, lines = run(script, tmp_path)
    assert ended == Ended(3)
    assert sorted(lines) == ["one", "two", "x" * 4000]


def test_it_gives_a_large_input_to_a_command_that_does_not_read_it(tmp_path):
    assert run("pass", tmp_path, stdin=b"x" * 1_000_000) == (Ended(0), [])
    assert run("import sys; print(len(sys.stdin.read()))", tmp_path, stdin=b"x" * 1_000_000) == (Ended(0), ["1000000"])


def test_a_command_that_hangs_is_ended_with_its_lines_kept(tmp_path):
    ended, lines = run("import time; print('begun', flush=True); time.sleep(60)", tmp_path, seconds=0.5)
    assert ended.timed_out
    assert lines == ["begun"]


def test_a_command_that_closes_its_output_is_waited_for(tmp_path):
    assert run("import os, time; os.close(1); os.close(2); time.sleep(0.3); os._exit(5)", tmp_path) == (Ended(5), [])


def test_what_it_leaves_running_is_ended(tmp_path):
    script = (
        "import subprocess, sys\n"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], start_new_session=True)\n"
        "print(p.pid)"
    )
    ended, lines = run(script, tmp_path)
    assert ended == Ended(0)
    wait_until_gone(int(lines[0]))


def test_limits_hold(tmp_path):
    ended, lines = run("x = bytearray(200_000_000)", tmp_path, limits={"DATA": 100_000_000})
    assert ended == Ended(1)
    assert lines[-1] == "MemoryError"


def test_a_command_that_does_not_exist_is_said(tmp_path):
    lines: list[str] = []
    ended = run_bound(["no-such-command"], seconds=10, env={"PATH": "/nowhere"}, cwd=tmp_path, on_line=lines.append)
    assert ended == Ended(127)
    assert lines[0].startswith("no-such-command cannot be started")


def test_it_dies_with_its_caller(tmp_path):
    caller = f"""
import os, sys
sys.path.insert(0, {os.getcwd()!r})
from pathlib import Path
from plugins_app.installer.bound import run_bound
inner = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
run_bound([sys.executable, "-c", inner], seconds=60, env=dict(os.environ), cwd=Path("/"), on_line=lambda line: print(line, flush=True))
"""
    with subprocess.Popen([sys.executable, "-c", caller], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        inner = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
    wait_until_gone(inner)


def test_it_is_looked_after_while_nothing_is_said_and_what_that_raises_ends_it(tmp_path):
    looks = []

    def look() -> None:
        looks.append(1)
        if len(looks) == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        run("import time; time.sleep(60)", tmp_path, on_wait=look)
    assert len(looks) == 2
