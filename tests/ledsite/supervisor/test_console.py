"""Output of the children: all of it in files, what deserves attention on the terminal, and never a wait for the terminal."""

from __future__ import annotations

import os

from ledsite.supervisor.console import Console


def test_quiet_lines_stay_in_the_file(tmp_path):
    reader, writer = os.pipe()
    console = Console(tmp_path, descriptor=writer)
    console.pass_on("web", "2026-01-01 10:00:00,123 INFO web: served")
    console.pass_on("web", "2026-01-01 10:00:00,123 ERROR web: failed")
    console.pass_on("web", "Traceback (most recent call last):")
    console.say("Stopped.")
    os.close(writer)
    assert os.read(reader, 10000).decode() == (
        "     web | 2026-01-01 10:00:00,123 ERROR web: failed\n     web | Traceback (most recent call last):\nStopped.\n"
    )
    os.close(reader)
    console.close()
    assert (tmp_path / "web.log").read_text().count("\n") == 3
    assert (tmp_path / "up.log").read_text() == "Stopped.\n"


def test_a_terminal_that_does_not_read_holds_nobody_up(tmp_path):
    reader, writer = os.pipe()
    console = Console(tmp_path, descriptor=writer)
    for _ in range(100):
        console.pass_on("web", "x" * 4000)
    os.close(reader)
    console.pass_on("web", "nobody reads this")
    os.close(writer)
    console.close()
    assert (tmp_path / "web.log").read_text().endswith("nobody reads this\n")


def test_log_files_do_not_grow_without_end(tmp_path):
    console = Console(tmp_path, descriptor=-1)
    for _ in range(1100):
        console.pass_on("web", "x" * 3999)
    console.close()
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert set(sizes) == {"web.log", "web.log.1", "web.log.2"}
    assert max(sizes.values()) <= 1_000_000
