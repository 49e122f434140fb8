"""A plugin's log in entries: levels, tracebacks, plain output, and the last complaint."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from display_app.health.log_lines import Entry, at_least, entries, last_words, read_log

LOG = """\
printed before anything
2026-11-23 10:00:00,123 INFO plugin: fetched
2026-11-23 10:00:01,000 ERROR host: update failed
Traceback (most recent call last):
  File "manager.py", line 3, in update
ValueError: no \x1b[31mcolour\x00
2026-11-23 10:00:02,000 DEBUG plugin: going on
"""
TRACEBACK = 'host: update failed\nTraceback (most recent call last):\n  File "manager.py", line 3, in update\nValueError: no  [31mcolour'


def test_a_traceback_belongs_to_its_line_and_what_is_printed_is_info() -> None:
    assert entries(LOG.splitlines()) == [
        Entry("", "INFO", "printed before anything"),
        Entry("2026-11-23 10:00:00", "INFO", "plugin: fetched"),
        Entry("2026-11-23 10:00:01", "ERROR", TRACEBACK),
        Entry("2026-11-23 10:00:02", "DEBUG", "plugin: going on"),
    ]


def test_entries_are_filtered_by_level() -> None:
    found = entries(LOG.splitlines())
    assert [entry.level for entry in at_least(found, "WARNING")] == ["ERROR"]
    assert len(at_least(found, "DEBUG")) == 4


def test_the_last_words_are_the_last_complaint_else_what_was_printed_last() -> None:
    assert last_words(LOG.splitlines()) == "Its log says: host: update failed"
    assert last_words(["one", "two"]) == "Its log says: two"
    assert last_words([]) == ""


def test_information_explains_nothing() -> None:
    assert last_words(["2026-11-23 10:00:00,123 INFO plugin: initialized", "2026-11-23 10:00:00,124 DEBUG plugin: drawn"]) == ""


def test_a_network_that_fails_is_put_into_words() -> None:
    cause = "NameResolutionError(\"HTTPSConnection(host='a.example', port=443): Failed to resolve 'a.example'\")"
    line = f"2026-11-23 10:00:00,123 WARNING urllib3.connectionpool: Retrying after connection broken by '{cause}': /x"
    assert last_words([line]) == "It could not reach a.example: its name cannot be looked up (no internet?)."


def test_what_follows_from_the_network_does_not_hide_it() -> None:
    lines = [
        "2026-11-23 10:00:00,123 ERROR plugin: 502 Server Error: Bad Gateway for url: https://a.example/",
        "2026-11-23 10:00:00,124 WARNING plugin: no games",
    ]
    assert last_words(lines) == "It could not reach a.example: it has an error of its own."
    assert last_words([*lines, *lines[1:] * 8]) == "Its log says: plugin: no games"


def test_the_older_file_comes_first_and_none_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "clock.log"
    assert read_log(path) == ""
    path.write_bytes(b"new\xff\n")
    (tmp_path / "clock.log.1").write_text("old\n")
    assert read_log(path) == "old\nnew\N{REPLACEMENT CHARACTER}\n"


@given(st.lists(st.text()))
def test_nothing_that_a_plugin_prints_breaks_it(lines: list[str]) -> None:
    for entry in entries(lines):
        assert "\x00" not in entry.text
    last_words(lines)
