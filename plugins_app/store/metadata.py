"""Brings repository and commit data up to date, for workers: what is due, as far as the budget goes, the rest at later passes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from plugins_app.exceptions import NetworkProblem
from plugins_app.store import budget, facts
from plugins_app.store.asking import AT_ONCE, Answer, ask_all, ending_problem, requests_of
from plugins_app.store.client import SCHEDULE_READ_SECONDS, client_from_settings, schedule_client
from plugins_app.store.http import HttpClient
from plugins_app.store.plan import AGAIN, Planner, Question
from plugins_app.store.single_flight import single_flight
from plugins_app.store.token import TokenState, check_token, configured_token, digest_of, token_in_force

AGAIN_PER_PASS = 2
"""Second looks in one pass: the others follow at the next ones, a minute apart, so that they are spread over the hour."""
PASSES_WITH_TOKEN = 15
"""With a token, whose calls are plenty, all that is due has had its second look after so many passes, however much it is."""

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class MetadataReport:
    """What a pass did: questions asked, answers that changed something, questions that wait for budget or time."""

    asked: int = 0
    changed: int = 0
    waiting: int = 0
    problem: NetworkProblem | None = None
    is_busy: bool = False


def refresh_metadata(*, force: bool, http: HttpClient, raise_on_failure: bool = False, clock: Clock = timezone.now) -> MetadataReport:
    """Ask what is due (forced: everything, whatever its age); `raise_on_failure`: raise the NetworkProblem that stands in the report."""
    since = clock() if force else None
    with single_flight(settings.LEDSITE.data_dir / "locks" / "metadata.lock", wait=force) as is_ours:
        if not is_ours:
            return MetadataReport(is_busy=True)
        report = _Pass(http=http, since=since, clock=clock).run()
    if raise_on_failure and report.problem is not None:
        raise report.problem
    return report


def refresh_metadata_if_due(*, force: bool = False) -> MetadataReport | None:
    """Run a pass of its own client when something is due; None when nothing is."""
    if not force and not is_due():
        return None
    with contextlib.closing(schedule_client()) as http:
        return refresh_metadata(force=force, http=http)


def check_configured_token() -> TokenState:
    """Ask GitHub what the token that is set allows, with a client of its own; what fails stands in the state."""
    with contextlib.closing(client_from_settings(token=configured_token(), read_seconds=SCHEDULE_READ_SECONDS)) as http:
        return check_token(http=http)


def is_due(now: datetime | None = None) -> bool:
    """Tell whether something is due that may be asked now."""
    now = now or timezone.now()
    digest = digest_of(token_in_force())
    return budget.allowed(budget.renewed(digest, now=now), now=now) > 0 and bool(_plan(digest, now=now)[0])


class _Pass:
    def __init__(self, *, http: HttpClient, since: datetime | None, clock: Clock) -> None:
        self._http, self._since, self._clock = http, since, clock
        self._digest = digest_of(http.policy.token)
        self._again_left: int | None = None
        self._asked = self._changed = 0
        self._problem: NetworkProblem | None = None
        self._first_failure: NetworkProblem | None = None

    def run(self) -> MetadataReport:
        # 1. What the first answers reveal (a tree, a push) leads to further questions; each is asked once.
        seen: set[str] = set()
        waiting: list[Question] = []
        while self._problem is None:
            questions, rows = _plan(self._digest, now=self._clock(), since=self._since)
            questions = [question for question in questions if question.url not in seen]
            chosen = self._choose(questions)
            urls = {question.url for question in chosen}
            waiting = [question for question in questions if question.url not in urls]
            if not chosen:
                break
            # 2. Ten at most are under way; every call is taken from the budget before, the answers are written after each ten.
            begun = self._ask(chosen, rows)
            seen |= begun
            if not begun:
                waiting = questions
                break
        return MetadataReport(self._asked, self._changed, len(waiting), self._problem or self._first_failure)

    def _choose(self, questions: list[Question]) -> list[Question]:
        again = [question for question in questions if question.priority == AGAIN]
        if self._again_left is None:
            self._again_left = self._second_looks(len(again))
        chosen = again[: self._again_left]
        self._again_left -= len(chosen)
        return [question for question in questions if question.priority != AGAIN] + chosen

    def _second_looks(self, due: int) -> int:
        if self._since is not None:
            return due
        return max(AGAIN_PER_PASS, due // PASSES_WITH_TOKEN) if self._digest else AGAIN_PER_PASS

    def _ask(self, questions: list[Question], rows: facts.Rows) -> set[str]:
        """Ask until every question has its answer or no more calls fit; return the addresses of those that were begun."""
        waiting = requests_of(questions, facts.validators_of(questions, rows))
        begun: set[str] = set()
        while waiting and self._problem is None:
            is_forced = self._since is not None
            wanted = waiting[: self._at_once()]
            granted = wanted[: budget.take(self._digest, len(wanted), now=self._clock(), is_forced=is_forced)]
            if not granted:
                refusal = budget.refusal(budget.access_for(self._digest), now=self._clock())
                self._problem = refusal if is_forced else None
                # What was led on takes its turn behind the others: begun anew at the next pass, it would spend the same call again.
                self._keep([Answer(one.question, problem=refusal) for one in waiting if one.question.url in begun], rows)
                break
            answers = ask_all(granted, http=self._http)
            self._keep(answers, rows)
            self._problem = ending_problem(answers)
            begun |= {one.question.url for one in granted}
            waiting = [answer.leads_to for answer in answers if answer.leads_to] + waiting[len(granted) :]
        return begun

    def _at_once(self) -> int:
        """After a failure one call tries whether GitHub is back, after an hour how many calls others have left."""
        row = budget.access_for(self._digest)
        return AT_ONCE if self._asked or not (row.failures or budget.is_unsure(row, now=self._clock())) else 1

    def _keep(self, answers: list[Answer], rows: facts.Rows) -> None:
        ttl = timedelta(seconds=settings.LEDSITE.metadata_ttl)
        self._changed += facts.keep(answers, rows, token_digest=self._digest, now=self._clock(), ttl=ttl)
        ended = [answer for answer in answers if answer.leads_to is None]
        failures = [answer.problem for answer in ended if isinstance(answer.problem, NetworkProblem)]
        self._first_failure = self._first_failure or next(iter(failures), None)
        self._asked += len(ended)


def _plan(digest: str, *, now: datetime, since: datetime | None = None) -> tuple[list[Question], facts.Rows]:
    base: str = settings.LEDSITE.github_api_url
    rows = facts.cache_rows(base, digest)
    planner = Planner(base, facts.known_facts(rows), now=now, ttl=timedelta(seconds=settings.LEDSITE.metadata_ttl), since=since)
    return planner.questions(facts.wanted_repositories()), rows
