"""Another program, LEDMatrix, on the same fake GitHub, for the benchmarks that take `--beside CHECKOUT`.

It runs in a process of its own, on its own code, copied from CHECKOUT (`git clone https://github.com/ChuckBuilds/LEDMatrix`) into a
folder of its own, unchanged (`beside_driver.py` says what is bent), by a Python that has its requirements: the one that
`--beside-python` names, or that of a `.venv` in the checkout or a `<checkout>-venv` next to it.
"""

from __future__ import annotations

import argparse
import json
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.hub import Hub

LIMIT_SECONDS = 130.0
START_SECONDS = 60.0
COPIED = ("src", "web_interface", "schema", "config")
DRIVER = Path(__file__).with_name("beside_driver.py")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Let a benchmark be told where the other program is."""
    parser.add_argument("--beside", type=Path, metavar="CHECKOUT", help="a checkout of LEDMatrix that does the same work")
    parser.add_argument("--beside-python", type=Path, metavar="PATH", help="a Python that has what LEDMatrix requires")


def other_program(options: argparse.Namespace) -> Program | None:
    """Return what was asked for with the options."""
    return Program(options.beside.resolve(), options.beside_python) if options.beside else None


@dataclass(frozen=True)
class Program:
    """A checkout, and the Python to run it with when one was named."""

    checkout: Path
    named_python: Path | None = None

    @property
    def python(self) -> str:
        """The Python that runs it."""
        places = (self.checkout / ".venv", self.checkout.with_name(f"{self.checkout.name}-venv"))
        found = [place / "bin" / "python" for place in places if (place / "bin" / "python").exists()]
        return str(self.named_python or next(iter(found), sys.executable))

    def copy_to(self, folder: Path) -> None:
        """Make a folder in which it runs without touching the checkout."""
        for name in COPIED:
            shutil.copytree(self.checkout / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("data", "plugin-repos", "tmp"):
            (folder / name).mkdir()
        (folder / "assets").symlink_to(self.checkout / "assets")


@dataclass(frozen=True)
class Done:
    """What something took; `seconds` is infinite when it did not end in time."""

    seconds: float
    found: tuple[int, ...]
    requests: int
    peak: int


class Original:
    """The other program's store manager; begin with `renew`, which is what a restart of it does."""

    port = ""

    def __init__(self, program: Program, hub: Hub) -> None:
        self._hub = hub
        self._program = program
        self._place = tempfile.TemporaryDirectory()
        self.folder = Path(self._place.name)
        program.copy_to(self.folder)
        self._process = self._start()

    @property
    def plugins(self) -> Path:
        """The folder of its plugins."""
        return self.folder / "plugin-repos"

    def do(self, *order: object) -> Done:
        """Have something done and return what it took; one that does not end in time is killed and begun anew."""
        self._hub.forget_counts()
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps(order)}\n")
        self._process.stdin.flush()
        line = self._line(LIMIT_SECONDS)
        if not line:
            self.restart()
            return Done(float("inf"), (), self._hub.total(), self._hub.peak)
        seconds, found = json.loads(line)
        return Done(seconds, tuple(found), self._hub.total(), self._hub.peak)

    def restart(self) -> float:
        """End it by force, begin anew, and return the seconds until it is ready."""
        self._end()
        begun = time.perf_counter()
        self._process = self._start()
        return time.perf_counter() - begun

    def close(self) -> None:
        """End it and remove its folder."""
        self._end()
        self._place.cleanup()

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()

    def _start(self) -> subprocess.Popen[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "LEDSITE_", "PYTHON"))}
        process = subprocess.Popen(
            [self._program.python, str(DRIVER), str(self.folder), self._hub.url, *([self.port] if self.port else [])],
            cwd=self.folder,
            env=inherited | {"HOME": str(self.folder), "TMPDIR": str(self.folder / "tmp")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(self.folder / "log").open("ab"),
            text=True,
        )
        self._process = process
        if self._line(START_SECONDS) != "ready\n":
            said = (self.folder / "log").read_text(errors="replace")[-1000:]
            raise AssertionError(f"the program in {self._program.checkout} does not start here with {self._program.python}:\n{said}")
        return process

    def _line(self, seconds: float) -> str:
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            return self._process.stdout.readline() if selector.select(seconds) else ""
