"""Signs of life: who has fallen silent, and who only begins."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from ledsite.beats import has_fallen_silent


@pytest.mark.parametrize(
    ("facts", "is_silent"),
    [
        ({"pid": 7, "beat": 0.0}, False),
        ({"pid": 7, "beat": -60.0}, True),
        ({"pid": 7, "beat": -60.0, "serving": True}, True),
        ({"pid": 7, "beat": -60.0, "serving": False}, False),
        ({"pid": 8, "beat": -60.0}, False),
        ({"beat": -60.0}, False),
        ([], False),
    ],
)
def test_who_has_fallen_silent(tmp_path: Path, facts: object, is_silent: bool) -> None:
    if isinstance(facts, dict):
        facts["beat"] += time.monotonic()
    (tmp_path / "beat").write_text(json.dumps(facts))
    assert has_fallen_silent(tmp_path / "beat", 7, seconds=15) is is_silent


def test_without_a_file_nobody_is_silent(tmp_path: Path) -> None:
    assert not has_fallen_silent(tmp_path / "beat", 7, seconds=15)
