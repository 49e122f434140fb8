"""What others wrote as JSON is refused when it could not be stored or sent on."""

from __future__ import annotations

import pytest

from plugins_app.exceptions import PackageError
from plugins_app.package.jsonfile import check_storable, parse_json


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b"NaN",
        b"1e999",
        b"%d" % 2**63,
        b"[%d]" % -(2**80),
        b"[" * 101 + b"]" * 101,
        b"[" * 100_000,
    ],
)
def test_what_cannot_be_stored_is_refused(body: bytes) -> None:
    with pytest.raises(PackageError) as caught:
        parse_json(body, name="manifest.json", code="manifest-invalid")
    assert caught.value.code == "manifest-invalid"


@pytest.mark.parametrize(
    "body", [b"null", b'{"a": [1, -9223372036854775808, 1e300, true, ""]}', b'"\\ud83d\\ude00 \\u0000"', b"[" * 99 + b"]" * 99]
)
def test_what_can_be_stored_is_taken(body: bytes) -> None:
    parse_json(body, name="manifest.json", code="manifest-invalid")


def test_half_of_a_character_becomes_a_question_mark() -> None:
    assert parse_json(b'{"\\udfff": ["a\\ud800", "\\ud83d\\ude00"]}', name="manifest.json", code="manifest-invalid") == {
        "?": ["a?", "\U0001f600"]
    }


def test_numbers_that_python_alone_has_are_refused() -> None:
    with pytest.raises(ValueError, match="too large a number"):
        check_storable({"a": float("nan")})
