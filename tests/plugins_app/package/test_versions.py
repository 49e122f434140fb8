"""Updates by version: PEP 440 where it applies, difference where it does not."""

from __future__ import annotations

import pytest

from plugins_app.package.versions import is_newer


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
