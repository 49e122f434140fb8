"""Which starts count towards the safe mode, and what the file keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from display_app.health.starts import Starts, read_starts, write_starts

AT = "2026-11-23T10:00:00+00:00"


def died(times: int, starts: Starts | None = None) -> Starts:
    starts = starts or Starts()
    for _ in range(times):
        starts = starts.begun().lost(at=AT)
    return starts


def test_three_starts_in_a_row_that_died_mean_safe_mode() -> None:
    assert not died(2).is_safe_mode
    assert died(3) == Starts(died=3, safe_since=AT)


def test_an_ordered_stop_and_an_end_before_plugins_ran_do_not_count() -> None:
    assert Starts().begun().ended().lost(at=AT) == Starts()
    assert Starts().lost(at=AT) == Starts()


def test_a_start_that_named_a_plugin_does_not_count_but_does_not_help_either() -> None:
    assert died(2).begun().blamed().lost(at=AT) == died(2)
    assert died(1, died(2).begun().blamed().lost(at=AT)).is_safe_mode


def test_blame_is_of_one_start() -> None:
    assert Starts().blamed() == Starts()
    assert not Starts().begun().blamed().ended().begun().is_blamed


def test_a_start_that_lasted_forgives_those_before() -> None:
    assert died(2).begun().settled() == Starts()
    assert not died(1, died(2).begun().settled()).is_safe_mode


def test_the_safe_mode_lasts_until_it_is_left() -> None:
    assert died(3).begun().settled().ended().is_safe_mode
    assert died(3).left() == Starts()
    assert not died(2, died(3).left()).is_safe_mode


def test_only_the_safe_mode_is_reported() -> None:
    assert Starts().report() is None
    assert died(3).report() == {"since": AT, "reason": str(died(3).report()["reason"]), "hint": str(died(3).report()["hint"])}  # type: ignore[index]


def test_the_file_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "starts.json"
    assert read_starts(path) == Starts()
    write_starts(path, died(2).begun().blamed())
    assert read_starts(path) == Starts(died=2, is_open=True, is_blamed=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["starts.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"died": "x"}', "\x00"])
def test_a_file_of_nonsense_is_no_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "starts.json"
    path.write_text(text)
    assert read_starts(path) == Starts()
