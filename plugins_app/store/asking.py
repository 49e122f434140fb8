"""Asks GitHub questions side by side, ten at most; answers come back as values, problems as values too (no database here)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from plugins_app.exceptions import LedsiteError, NetworkProblem, NotFound
from plugins_app.store import github
from plugins_app.store.http import HttpClient
from plugins_app.store.plan import Question

AT_ONCE = 10
MOST_REDIRECTS = 2
VALIDATORS = frozenset({"ETag", "Last-Modified"})
NOTED = VALIDATORS | {"Date", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}


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
class Request:
    """One request for a question; a redirect or a wrong branch leads to another one, which is a call of its own."""

    question: Question
    url: str
    validators: Validators
    redirects: int = 0

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether the branch of the registry was left out: what comes has validators of another address."""
        return "?sha=" in self.question.url and "?sha=" not in self.url


@dataclass(frozen=True)
class Answer:
    """What came back: the facts as JSON (None: not modified), a problem, or where to ask on."""

    question: Question
    status: int = 0
    facts: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    problem: LedsiteError | None = None
    leads_to: Request | None = None


def requests_of(questions: Sequence[Question], validators: Mapping[str, Validators]) -> list[Request]:
    """Return the first request for each question."""
    return [Request(question, question.url, validators.get(question.url, Validators())) for question in questions]


def ask_all(requests: Sequence[Request], *, http: HttpClient) -> list[Answer]:
    """Make up to ten requests at the same time, each of them once; never raises for what the other side does."""
    with ThreadPoolExecutor(min(AT_ONCE, len(requests)), thread_name_prefix="github") as pool:
        return list(pool.map(lambda request: _ask(request, http=http), requests))


def _ask(request: Request, *, http: HttpClient) -> Answer:
    try:
        return _request(request, http=http)
    except LedsiteError as problem:
        return Answer(request.question, problem=problem, leads_to=_next(request, problem))


def _next(request: Request, problem: LedsiteError) -> Request | None:
    """Return where a redirect leads, and where to ask when the registry names a branch that is not there: at the default one."""
    if problem.code == "too-many-redirects" and isinstance(problem.details, str) and request.redirects < MOST_REDIRECTS:
        return replace(request, url=problem.details, redirects=request.redirects + 1)
    before, named, rest = request.url.partition("?sha=")
    if isinstance(problem, NotFound) and request.question.kind == "commit" and named:
        return replace(request, url=f"{before}?{rest.partition('&')[2]}", validators=Validators())
    return None


def _request(request: Request, *, http: HttpClient) -> Answer:
    with http.stream(request.url, kind="api", headers=request.validators.headers(), most_redirects=0) as response:
        body = response.read() if response.status == 200 else None
        hidden = VALIDATORS if request.is_elsewhere else frozenset()
        headers = {name: response.headers.get(name, "") for name in NOTED if name not in hidden}
        return Answer(request.question, response.status, None if body is None else _facts(request.question, body), headers)


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
    problems = [answer.problem for answer in answers if isinstance(answer.problem, NetworkProblem) and answer.leads_to is None]
    for problem in problems:
        if problem.code in ENDING:
            return problem
    is_all = len(problems) == len(answers) >= 3 and problems[0].code != "budget-used"
    return problems[0] if is_all else None


NEVER_LEFT = frozenset({"dns", "refused", "proxy", "host-not-allowed"})
ENDING = frozenset({"dns", "refused", "proxy", "rate-limited", "timeout", "tls", "unreachable", "http-401"})
