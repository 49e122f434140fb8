"""Files of recorded answers."""

from __future__ import annotations

import base64
import json

import pytest

from display_app.authoring.answer_file import Cleaner, Example, parse_example, to_example
from display_app.authoring.recorded import Answer, Exchange, Recording

JSON = {"Content-Type": "application/json; charset=utf-8", "Set-Cookie": "session=1", "ETag": '"a"'}


def written(*exchanges: Exchange, secrets: tuple[str, ...] = (), config: dict[str, object] | None = None) -> dict[str, object]:
    return to_example(exchanges, secrets=secrets, config=config or {}, at=0.0)


def test_a_file_is_the_recording_alone_or_with_settings_and_a_time():
    answers = {"https://a.example/": {"text": "x"}}
    assert parse_example(answers) == Example(answers)
    whole = {"answers": answers, "config": {"city": "Bonn"}, "at": "1970-01-01T00:00:10"}
    assert parse_example(whole) == Example(answers, {"city": "Bonn"}, 10.0)
    assert parse_example({"config": {}}) == Example()


@pytest.mark.parametrize("data", [[], {"answers": []}, {"config": 1}, {"at": "noon"}, {"at": 5}, {"answers": {"https://a.example/": 1}}])
def test_what_is_no_such_file_is_refused(data):
    with pytest.raises(ValueError):
        parse_example(data)


def test_bodies_are_written_so_that_a_person_can_change_them():
    kinds = [
        Exchange("GET", "https://a.example/json", Answer(200, JSON, b'{"n": 1}')),
        Exchange("GET", "https://a.example/text", Answer(404, {"Content-Type": "text/html"}, "<p>é".encode())),
        Exchange("GET", "https://a.example/picture", Answer(200, {"Content-Type": "image/png"}, b"\x89PNG\xff")),
        Exchange("GET", "https://a.example/slow", Answer(error="timeout")),
        Exchange("POST", "https://a.example/", Answer(201, {}, b"")),
    ]
    assert written(*kinds) == {
        "at": "1970-01-01T00:00:00+00:00",
        "config": {},
        "answers": {
            "https://a.example/json": {"headers": {"ETag": '"a"'}, "json": {"n": 1}},
            "https://a.example/text": {"status": 404, "headers": {"Content-Type": "text/html"}, "text": "<p>é"},
            "https://a.example/picture": {"headers": {"Content-Type": "image/png"}, "base64": base64.b64encode(b"\x89PNG\xff").decode()},
            "https://a.example/slow": {"error": "timeout"},
            "POST https://a.example/": {"status": 201, "text": ""},
        },
    }


def test_answers_that_differ_are_kept_in_order_and_repetitions_left_out():
    bodies = [b"1", b"1", b"2", b"1"]
    body = written(*(Exchange("GET", "https://a.example/", Answer(200, {}, one)) for one in bodies))
    assert body["answers"] == {"https://a.example/": [{"text": "1"}, {"text": "2"}, {"text": "1"}]}


def test_no_secret_is_written():
    secret = "S3cret/Value"
    told = json.dumps({"echo": secret, "access_token": "q"}).encode()
    one = Exchange(
        "GET",
        "https://ann:pw@a.example/S3cret%2FValue/x?q=Bonn&appid=abc&api_key=def&other=S3cret/Value",
        Answer(
            302,
            {"Location": "https://b.example/?token=xyz", "Link": f"<{secret}>"},
            told,
        ),
    )
    body = written(one, secrets=(secret, "ab"), config={"api_key": secret, "city": "Bonn"})
    address = "https://a.example/***/x?q=Bonn&appid=***&api_key=***&other=***"
    assert body["config"] == {"api_key": "***", "city": "Bonn"}
    assert body["answers"] == {
        address: {
            "status": 302,
            "headers": {"Location": "https://b.example/?token=***", "Link": "<***>"},
            "json": {"echo": "***", "access_token": "***"},
        }
    }
    assert Recording(body["answers"]).find("https://a.example/another/x?q=Bonn&appid=1&api_key=2&other=3") is not None


def test_short_secrets_are_not_looked_for_in_bodies():
    assert Cleaner(["ab"]).text("cab") == "cab"
