"""Updates by version: PEP 440 where it applies, difference where it does not."""

from __future__ import annotations

import pytest

from plugins_app.package.versions import is_newer, newest_first


@pytest.mark.parametrize(
    ("latest", "installed", "answer"),
    [
        ("1.0.1", "1.0.0", True),
        ("1.10", "1.9.9", True),
        ("v2.0", "1.9", True),
        ("1.0", "1.0.0", False),
        ("v1.0.0", "1.0.0", False),
        ("1.0.0", "1.0.1", False),
        ("1.0.0", "1.0.0rc1", True),
        ("", "1.0.0", False),
        ("nightly", "1.0.0", True),
        ("nightly", "nightly", False),
        ("1.0.0", "", True),
    ],
)
def test_newer(latest, installed, answer):
    assert is_newer(latest, installed) is answer


def test_the_newest_comes_first_unless_one_cannot_be_compared() -> None:
    assert newest_first(["1.2.0", "v1.10.0", "1.9", "1.10.0rc1"]) == ["v1.10.0", "1.10.0rc1", "1.9", "1.2.0"]
    assert newest_first(["1.2", "spring", "1.10"]) == ["1.2", "spring", "1.10"]
