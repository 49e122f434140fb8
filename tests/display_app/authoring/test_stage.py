"""Plugins on a stage, in a process of their own."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

AT = datetime(2025, 9, 23, 18, 34, 56, tzinfo=UTC).timestamp()
QUIET = "def update(self): pass\n"
DOT = """
def update(self): pass
def display(self, force_clear=False):
    self.display_manager.clear()
    self.display_manager.draw.point((3, 4), fill=(255, 0, 0))
    self.display_manager.update_display()
"""


def test_a_still_picture_is_one_shot(perform):
    rendering = perform(DOT, scene={"seconds": 3.0})
    assert rendering.is_complete
    mode = rendering.modes["sample"]
    assert [shot.at for shot in mode.shots] == [0.0]
    assert mode.shots[0].image.getpixel((3, 4)) == (255, 0, 0)
    assert (mode.drawn, mode.declined, mode.problem) == (3, 0, "")


@pytest.mark.parametrize(("marker", "reason"), [(".ledsite", ""), ("other", "It needs the Python module shared_")])
def test_modules_that_installed_plugins_share_come_along(perform, tmp_path: Path, marker: str, reason: str):
    (tmp_path / marker).mkdir()
    (tmp_path / "shared_colors.py").write_text("RED = (255, 0, 0)")
    (tmp_path.parent / "shared_names.py").write_text("NAME = 'x'")
    rendering = perform(DOT, imports="import shared_colors, shared_names")
    assert rendering.reason.startswith(reason)
    assert rendering.is_complete is not bool(reason)


def test_saved_secrets_in_the_cache_do_not_come_along(perform, tmp_path: Path):
    kept = tmp_path / "kept" / "ledmatrix" / "config"
    kept.mkdir(parents=True)
    for name in ("config.json", "config_secrets.json", "token.json"):
        (kept / name).write_text("{}")
    rendering = perform(
        """
        def update(self):
            print("SEEN", sorted(path.name for path in Path(self.cache_manager.cache_dir).glob("ledmatrix/config/*")))
        def display(self, force_clear=False): pass
        """,
        imports="from pathlib import Path",
        scene={"cache": tmp_path / "kept"},
    )
    assert "SEEN ['token.json']" in rendering.log


def test_time_stands_where_it_is_told_and_moves_with_the_frames(perform):
    rendering = perform(
        """
        def update(self): pass
        def display(self, force_clear=False):
            now = datetime.now(timezone.utc)
            seconds = (int(time.time()), int(now.timestamp()), datetime.today().second, date.today().day, time.localtime().tm_min)
            print("SEEN", *seconds, isinstance(now, datetime), time.strftime("%S"))
            self.display_manager.update_display()
        """,
        imports="import time\nfrom datetime import date, datetime, timezone",
        scene={"at": AT, "seconds": 2.0},
    )
    seen = [line.split()[1:] for line in rendering.log.splitlines() if line.startswith("SEEN")]
    start = str(int(AT))
    after = str(int(AT) + 1)
    assert seen == [[start, start, "56", "23", "34", "True", "56"], [after, after, "57", "23", "34", "True", "57"]]


def test_waiting_costs_no_time(perform):
    rendering = perform(
        """
        def update(self):
            until = time.monotonic() + 0.05
            while time.monotonic() < until: pass
            time.sleep(3000)
        def display(self, force_clear=False): self.display_manager.update_display()
        """,
        imports="import time",
    )
    assert rendering.is_complete
    assert rendering.update_seconds < 20


def test_a_scroll_is_drawn_sixty_times_a_second_and_shot_twenty_times(perform):
    rendering = perform(
        """
        enable_scrolling = True
        x = 0
        def update(self): pass
        def display(self, force_clear=False):
            self.x += 1
            self.display_manager.clear()
            self.display_manager.draw.point((self.x % 64, 0), fill=(255, 255, 255))
            self.display_manager.update_display()
        """,
        scene={"seconds": 1.0},
    )
    mode = rendering.modes["sample"]
    assert rendering.high_rate
    assert mode.drawn == 60
    assert len(mode.shots) == 20


def test_the_web_answers_what_was_recorded_and_nothing_else(perform):
    rendering = perform(
        """
        def update(self):
            print("JSON", requests.get("https://api.example.org/now?key=1", timeout=3).json()["degrees"])
            print("TEXT", urllib.request.urlopen("https://api.example.org/text").read().decode())
            try:
                urllib.request.urlopen("https://elsewhere.example.org/")
            except urllib.error.URLError as error:
                print("REFUSED", error.reason)
            requests.get("https://elsewhere.example.org/", timeout=3)
        def display(self, force_clear=False): return False
        """,
        imports="import requests\nimport urllib.request",
        scene={
            "answers": {
                "https://api.example.org/now": {"json": {"degrees": 21}},
                "https://api.example.org/text*": {"text": "fine"},
            }
        },
    )
    assert "JSON 21" in rendering.log
    assert "TEXT fine" in rendering.log
    assert "REFUSED [Errno 111] There is no network here" in rendering.log
    assert rendering.refused == ["https://elsewhere.example.org/"]
    assert rendering.update_problem.startswith("ConnectionError: ")
    assert "There is no network here, and no recorded answer for GET https://elsewhere.example.org/" in rendering.update_problem
    assert rendering.modes["sample"].declined == 1


def test_sockets_are_refused(perform):
    rendering = perform("def update(self): socket.socket()\ndef display(self, force_clear=False): return False", imports="import socket")
    assert rendering.network in ("seccomp", "namespace", "python")
    if rendering.network == "seccomp":
        assert rendering.update_problem.startswith("OSError")


@pytest.mark.parametrize(
    ("methods", "at", "reason"),
    [
        (
            f"{QUIET}display = update\ndef __init__(self, **k): raise ValueError('no city')",
            "construct",
            "Starting it failed: no city (ValueError in manager.py, line 7).",
        ),
        (
            f"{QUIET}def display(self): pass\ndef validate_config(self): return False",
            "validate",
            "The plugin does not accept its settings.",
        ),
    ],
)
def test_a_plugin_that_does_not_start_says_why(perform, methods, at, reason):
    rendering = perform(methods)
    assert (rendering.failed_at, rendering.reason) == (at, reason)
    assert rendering.modes == {}


def test_what_display_raises_is_told_of_its_mode_and_the_next_one_goes_on(perform):
    rendering = perform(
        """
        def update(self): pass
        def display(self, display_mode=None, force_clear=False):
            if display_mode == "bad": raise KeyError("score")
            self.display_manager.update_display()
        """,
        display_modes=["bad", "good"],
    )
    assert rendering.modes["bad"].problem == "KeyError: 'score'"
    assert len(rendering.modes["good"].shots) == 1


def test_a_plugin_that_hangs_is_ended_with_what_it_started(perform, tmp_path):
    rendering = perform(
        """
        def update(self):
            child = subprocess.Popen(["sleep", "987654"], start_new_session=True)
            while True: pass
        def display(self, force_clear=False): pass
        """,
        imports="import subprocess",
        scene={"limit_seconds": 3.0},
    )
    assert rendering.reason == "It did not end within 3 s while updating."
    assert "987654" not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout


def test_a_plugin_that_ends_its_process_is_told(perform):
    rendering = perform(f"{QUIET}def display(self, force_clear=False): os._exit(7)", imports="import os")
    assert rendering.reason == "It ended its process (exit code 7) while drawing."


def test_texts_that_do_not_fit_are_named(perform):
    rendering = perform(
        """
        def update(self): pass
        def display(self, force_clear=False):
            canvas = self.display_manager
            canvas.clear()
            canvas.draw_text("MUCH TOO LONG FOR IT", x=0, y=4)
            canvas.draw.text((0, 20), "H", font=canvas.regular_font, fill=(255, 255, 255))
            canvas.draw_text("OK", y=12)
            canvas.update_display()
        """,
        scene={"watch_texts": True},
    )
    mode = rendering.modes["sample"]
    assert (mode.cut, mode.touching) == (["MUCH TOO LONG FOR IT"], ["H"])


def test_the_plugins_own_folder_is_only_read(perform, tmp_path):
    perform(
        """
        def update(self): pathlib.Path(__file__).with_name("written").write_text("x")
        def display(self, force_clear=False): pass
        """,
        imports="import pathlib",
    )
    assert sorted(path.name for path in (tmp_path / "sample").iterdir()) == ["manager.py", "manifest.json"]


def test_protected_folders_stay_closed(perform, tmp_path):
    secret = tmp_path / "data"
    secret.mkdir(mode=0o700)
    (secret / "key").write_text("hidden")
    rendering = perform(
        f"def update(self): print('GOT', open({str(secret / 'key')!r}).read())\ndef display(self, force_clear=False): pass",
        scene={"protected": (Path(secret),)},
    )
    if rendering.log and "GOT hidden" in rendering.log:
        pytest.fail(f"a plugin read a protected file (uid {os.getuid()})")
    assert rendering.update_problem.startswith("PermissionError")
