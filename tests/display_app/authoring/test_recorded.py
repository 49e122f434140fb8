"""Looking up recorded answers."""

from __future__ import annotations

import pytest

from display_app.authoring.recorded import Answer, Recording, parse_answer


def test_the_whole_address_comes_before_the_one_without_query_before_patterns():
    recording = Recording(
        {
            "https://a.example/x?n=1": {"text": "whole"},
            "https://a.example/x": {"text": "path"},
            "https://a.example/*": {"text": "pattern"},
            "https://a.example/y/*": {"text": "longer"},
        }
    )
    bodies = [recording.find(f"https://a.example/{rest}") for rest in ("x?n=1", "x?n=2", "z", "y/1?q")]
    assert [answer.body for answer in bodies if answer] == [b"whole", b"path", b"pattern", b"longer"]
    assert recording.find("https://b.example/") is None


def test_an_answer_is_json_text_or_bytes():
    assert parse_answer({"json": [1], "status": 203}) == Answer(203, {"Content-Type": "application/json"}, b"[1]")
    assert parse_answer({"base64": "AAE=", "headers": {"A": 1}}) == Answer(200, {"A": "1"}, b"\x00\x01")
    assert parse_answer({"text": "é"}).body == "é".encode()


@pytest.mark.parametrize("data", ["text", {"status": "200"}, {"status": 99}, {"base64": "A"}, None])
def test_anything_else_is_refused(data):
    with pytest.raises(ValueError):
        parse_answer(data)
