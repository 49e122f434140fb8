"""Asks GitHub questions side by side, ten at most; answers come back as values, problems as values too (no database here)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any

from plugins_app.exceptions import LedsiteError, NetworkProblem, NotFound
from plugins_app.store import github
from plugins_app.store.http import HttpClient
from plugins_app.store.plan import Question

AT_ONCE = 10


@dataclass(frozen=True)
class Validators:
    """What was remembered with the last good answer."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        """Return them as request headers."""
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True)
class Answer:
    """What came back: the facts as JSON (None: not modified), or a problem; `calls` is what it cost."""

    question: Question
    status: int = 0
    facts: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    calls: int = 1
    problem: LedsiteError | None = None


def ask_all(questions: Sequence[Question], validators: Mapping[str, Validators], *, http: HttpClient) -> list[Answer]:
    """Ask up to ten questions at the same time; never raises for what the other side does."""
    with ThreadPoolExecutor(min(AT_ONCE, len(questions)), thread_name_prefix="github") as pool:
        return list(pool.map(lambda question: _ask(question, validators.get(question.url, Validators()), http=http), questions))


def _ask(question: Question, validators: Validators, *, http: HttpClient) -> Answer:
    try:
        return _request(question, question.url, validators.headers(), http=http)
    except NotFound as problem:
        other = question.url.replace("?sha=", "?was=", 1).partition("?was=")
        if question.kind != "commit" or not other[1]:
            return Answer(question, problem=problem)
        return _ask_default_branch(question, f"{other[0]}?{other[2].partition('&')[2]}", http=http)
    except LedsiteError as problem:
        return Answer(question, problem=problem)


def _ask_default_branch(question: Question, url: str, *, http: HttpClient) -> Answer:
    """Ask once more without the branch, which the registry may name wrongly."""
    try:
        answer = _request(question, url, {}, http=http)
    except LedsiteError as problem:
        return Answer(question, calls=2, problem=problem)
    return Answer(question, status=answer.status, facts=answer.facts, calls=answer.calls + 1)


def _request(question: Question, url: str, headers: dict[str, str], *, http: HttpClient) -> Answer:
    with http.stream(url, kind="api", headers=headers) as response:
        body = response.read() if response.status == 200 else None
        calls = 1 if response.url == url else 2
        return Answer(question, response.status, None if body is None else _facts(question, body), response.headers, calls)


def _facts(question: Question, body: bytes) -> bytes:
    value: Any
    if question.kind == "tree":
        value = github.parse_tree(body)
    elif question.kind == "about":
        value = asdict(github.parse_about(body))
    else:
        commit = github.parse_commits(body)
        value = None if commit is None else asdict(commit)
    return json.dumps(value).encode()


def ending_problem(answers: Sequence[Answer]) -> NetworkProblem | None:
    """Return the problem that concerns GitHub as a whole: then nobody asks on."""
    problems = [answer.problem for answer in answers if isinstance(answer.problem, NetworkProblem)]
    for problem in problems:
        if problem.code in ENDING:
            return problem
    return problems[0] if len(problems) == len(answers) >= 3 else None


NEVER_LEFT = frozenset({"dns", "refused", "proxy"})
ENDING = NEVER_LEFT | {"rate-limited", "timeout", "tls", "unreachable", "http-401"}
