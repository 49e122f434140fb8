"""The recorded answers can be replayed, whether or not the plugins that ask for them are at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from display_app.authoring.answer_file import parse_example
from tests.real_plugins.settings import ANSWERS, example_of

FILES = sorted(ANSWERS.glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_can_be_replayed(path: Path) -> None:
    example = parse_example(json.loads(path.read_text("utf-8")))
    assert example.at is not None
    assert all(address.startswith(("https://", "http://")) for address in example.answers)


def test_a_plugin_that_asks_nothing_needs_none() -> None:
    assert example_of("no-such-plugin").answers == {}
