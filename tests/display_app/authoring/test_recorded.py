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


def bodies(recording: Recording, *urls: str, method: str = "GET") -> list[bytes | None]:
    found = [recording.find(url, method) for url in urls]
    return [answer.body if answer else None for answer in found]


def test_several_answers_are_given_in_order_and_the_last_for_ever():
    recording = Recording({"https://a.example/x": [{"text": "1"}, {"error": "timeout"}, {"text": "3"}]})
    found = [recording.find("https://a.example/x") for _ in range(4)]
    assert [(answer.body, answer.error) for answer in found if answer] == [(b"1", ""), (b"", "timeout"), (b"3", ""), (b"3", "")]


def test_a_method_may_have_answers_of_its_own():
    recording = Recording({"POST https://a.example/x": {"text": "made"}, "https://a.example/*": {"text": "any"}})
    assert bodies(recording, "https://a.example/x", method="POST") == [b"made"]
    assert bodies(recording, "https://a.example/x", "https://a.example/y") == [b"any", b"any"]
    assert bodies(recording, "https://a.example/y", method="PUT") == [b"any"]


def test_what_was_taken_out_of_an_address_fits_anything():
    recording = Recording({"https://a.example/v1/***/now?key=***&q=Bonn": {"text": "ok"}})
    fitting = ("https://a.example/v1/s3cret/now?key=k&q=Bonn", "https://a.example/v1//now?key=&q=Bonn")
    others = ("https://a.example/v1/a/b/now?key=k&q=Bonn", "https://a.example/v1/a/now?key=k&q=Rom")
    assert bodies(recording, *fitting, *others) == [b"ok", b"ok", None, None]


@pytest.mark.parametrize(
    "written",
    [
        "https://a.example/x?units=a,b&q=New York",
        "HTTPS://A.example:443/x?units=a%2Cb&q=New+York",
        "https://a.example/x?units=a%2cb&q=New%20York#top",
    ],
)
def test_an_address_may_be_written_in_any_way(written):
    assert bodies(Recording({written: {"text": "ok"}}), "https://a.example/x?units=a%2Cb&q=New+York") == [b"ok"]


def test_a_host_alone_with_a_star_is_all_of_it():
    recording = Recording({"https://a.example/*": {"text": "a"}, "http://b.example:8080*": {"text": "b"}})
    assert bodies(recording, "https://a.example", "https://a.example/x?y", "http://b.example:8080/z") == [b"a", b"a", b"b"]


@pytest.mark.parametrize("data", [[], [{"json": 1}, 3], {"error": "bad luck"}, {"headers": ["x"]}])
def test_the_address_of_what_cannot_be_used_is_named(data):
    with pytest.raises(ValueError, match=r"https://a\.example/x"):
        Recording({"https://a.example/x": data})
