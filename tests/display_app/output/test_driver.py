"""The driver as a process: what it shows, what it says, and when it ends."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from display_app.frames.bus import FrameWriter
from display_app.output.state import EXIT_NEW_HARDWARE, EXIT_STOPPED, OPENING, DriverState, read_state

ROOT = Path(__file__).parents[3]
HARDWARE = ROOT / "tests" / "fakes" / "hardware"
OPTIONS = {"width": 64, "height": 32, "cols": 64, "rows": 32, "chain": 1, "parallel": 1, "hardware": {"gpio_slowdown": 3}, "generation": 7}
RED, GREEN = b"\xff\0\0" * 64 * 32, b"\0\xff\0" * 64 * 32

pytestmark = pytest.mark.process


def until(condition: Callable[[], Any], *, limit: float = 10.0) -> Any:
    """Poll until the condition gives something; fail after `limit` seconds."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError("it did not happen")


class Bench:
    """A run folder with a bus, and the drivers that were started on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events = folder / "events"
        self.processes: list[subprocess.Popen[bytes]] = []
        (folder / "driver-options.json").write_text(json.dumps(OPTIONS))
        self.bus = FrameWriter.create(folder / "panel.frames", width=64, height=32)
        self.bus.set_hardware_generation(7)

    def start(self, backend: str, *extra: str, **environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "display_app.output.driver", "--run-dir", str(self.folder), "--backend", backend, *extra]
        path = os.pathsep.join([str(ROOT), *([str(HARDWARE)] if environment else [])])
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": path, "FAKE_RGBMATRIX": str(self.events), **environment}
        process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE)
        self.processes.append(process)
        return process

    def state(self) -> DriverState:
        return read_state(self.folder)

    def seen(self) -> list[dict[str, Any]]:
        lines = self.events.read_text().splitlines() if self.events.exists() else []
        return [json.loads(line) for line in lines]

    def wake(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"look", str(self.folder / "driver.sock"))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    for process in bench.processes:
        if process.poll() is None:
            process.kill()
        process.communicate()
    bench.bus.close()


@pytest.mark.parametrize("backend", ["auto", "headless", "emulator"])
def test_it_opens_beats_and_stops_when_told(bench: Bench, backend: str):
    bench.bus.publish(RED)
    process = bench.start(backend)
    state = until(lambda: bench.state().ok and bench.state())
    assert (state.pid, state.backend) == (process.pid, "headless" if backend == "auto" else backend)
    until(lambda: bench.state().beat > state.beat)
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == EXIT_STOPPED
    assert not (bench.folder / "driver.sock").exists()


def test_it_pushes_changed_frames_only(bench: Bench):
    bench.bus.publish(RED, brightness=80)
    bench.start("rgbmatrix", FAKE_RGBMATRIX_OPEN="fine")
    until(lambda: len(bench.seen()) == 2)
    for rgb, brightness in ((RED, 80), (GREEN, 80), (GREEN, 40)):
        bench.bus.publish(rgb, brightness=brightness)
        bench.wake()
        until(lambda wanted=[rgb[0], brightness]: [bench.seen()[-1]["first"][0], bench.seen()[-1]["brightness"]] == wanted)
    assert [(event["first"], event["brightness"]) for event in bench.seen()[1:]] == [
        ([255, 0, 0], 80),
        ([0, 255, 0], 80),
        ([0, 255, 0], 40),
    ]


def test_the_poll_brings_a_frame_without_a_datagram(bench: Bench):
    bench.start("rgbmatrix", FAKE_RGBMATRIX_OPEN="fine")
    until(lambda: bench.state().ok)
    bench.bus.publish(GREEN)
    until(lambda: len(bench.seen()) == 2, limit=2)


def test_a_library_that_ends_the_process_leaves_a_sentence(bench: Bench):
    process = bench.start("rgbmatrix", FAKE_RGBMATRIX_OPEN="segfault")
    assert process.wait(10) == -signal.SIGSEGV
    assert bench.state() == DriverState(0, "rgbmatrix", False, OPENING, bench.state().beat)


def test_a_missing_binding_is_said_and_does_not_end_the_process(bench: Bench):
    process = bench.start("rgbmatrix")
    state = until(lambda: "deploy/rgbmatrix.txt" in bench.state().problem and bench.state())
    assert (state.ok, state.pid) == (False, process.pid)
    until(lambda: bench.state().beat > state.beat)
    bench.bus.set_hardware_generation(8)
    bench.bus.publish(RED)
    assert process.wait(5) == EXIT_NEW_HARDWARE


def test_new_hardware_settings_end_it(bench: Bench):
    bench.bus.publish(RED)
    process = bench.start("headless")
    until(lambda: bench.state().ok)
    bench.bus.set_hardware_generation(8)
    bench.wake()
    assert process.wait(5) == EXIT_NEW_HARDWARE


def test_a_bus_of_another_size_ends_it(bench: Bench):
    process = bench.start("headless")
    until(lambda: bench.state().ok)
    with FrameWriter.create(bench.folder / "panel.frames", width=32, height=32) as other:
        other.set_hardware_generation(7)
        other.publish(b"\0" * 32 * 32 * 3)
        assert process.wait(5) == EXIT_NEW_HARDWARE


def test_damaged_options_are_said_until_they_are_whole(bench: Bench):
    (bench.folder / "driver-options.json").write_text("{")
    bench.bus.publish(RED)
    process = bench.start("headless")
    until(lambda: "cannot be read" in bench.state().problem)
    (bench.folder / "driver-options.json").write_text(json.dumps(OPTIONS))
    with contextlib.suppress(OSError):  # it may have looked by itself, and ended
        bench.wake()
    assert process.wait(5) == EXIT_NEW_HARDWARE


def test_a_damaged_bus_does_not_end_it(bench: Bench):
    process = bench.start("headless")
    until(lambda: bench.state().ok)
    (bench.folder / "panel.frames").write_bytes(b"\xff" * 5000)
    beat = bench.state().beat
    until(lambda: bench.state().beat > beat + 1.5)
    assert process.poll() is None


def test_it_ends_with_its_parent(bench: Bench):
    program = (
        "import subprocess, sys, os, time\n"
        "p = subprocess.Popen([sys.executable, '-m', 'display_app.output.driver', '--run-dir', sys.argv[1], '--backend', 'headless',"
        " '--parent', str(os.getpid())])\n"
        "time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(bench.folder)], env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        pid = until(lambda: bench.state().ok and bench.state().pid)
    finally:
        parent.kill()
        parent.wait()
    until(lambda: not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0])


def test_it_loads_neither_django_nor_numpy():
    code = "import sys, display_app.output.driver; print([m for m in sys.modules if m.split('.')[0] in ('django', 'numpy', 'plugins_app')])"
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT).decode().strip() == "[]"


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, as on a Raspberry Pi")
def test_root_becomes_the_owner_of_the_run_folder_once_the_panel_is_open():
    nobody = 65534
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        bench = Bench(Path(name))
        for path in (bench.folder, *bench.folder.iterdir()):
            os.chown(path, nobody, nobody)
        process = bench.start("headless")
        try:
            beat = until(lambda: bench.state().ok and bench.state().beat)
            until(lambda: bench.state().beat > beat)
            status = Path(f"/proc/{process.pid}/status").read_text()
            assert [line.split()[1:] for line in status.splitlines() if line.startswith(("Uid", "Gid"))] == [[str(nobody)] * 4] * 2
        finally:
            process.terminate()
            process.communicate()
            bench.bus.close()
