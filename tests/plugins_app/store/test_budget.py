"""How many calls may be made at a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from plugins_app.exceptions import NetworkProblem
from plugins_app.store import budget

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 2, 12, 0, tzinfo=UTC)


def limits(*, limit: int, left: int, minutes: float = 30) -> dict[str, str]:
    reset = int((NOW + timedelta(minutes=minutes)).timestamp())
    told = {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(left), "X-RateLimit-Reset": str(reset)}
    return {**told, "Date": format_datetime(NOW, usegmt=True)}


def allowed_after(token: str, headers: dict[str, str]) -> int:
    row = budget.access_for(token)
    budget.note_headers(row, headers, now=NOW)
    row.save()
    return budget.allowed(row, now=NOW)


def test_forty_calls_an_hour_fit_without_a_token() -> None:
    assert [budget.take("", 30, now=NOW), budget.take("", 30, now=NOW), budget.take("", 30, now=NOW)] == [30, 10, 0]
    assert budget.take("", 30, now=NOW + timedelta(minutes=62)) == 30


@pytest.mark.parametrize(
    ("token", "limit", "left", "allowed"),
    [("", 60, 60, 40), ("", 60, 30, 25), ("", 60, 5, 0), ("abc", 5000, 5000, 4000), ("abc", 5000, 700, 200), ("abc", 5000, 400, 0)],
)
def test_a_reserve_stays_for_others_behind_the_same_address_or_token(token: str, limit: int, left: int, allowed: int) -> None:
    assert allowed_after(token, limits(limit=limit, left=left)) == allowed


@pytest.mark.parametrize(
    "headers",
    [
        {},
        limits(limit=60, left=0, minutes=-5),
        limits(limit=60, left=0, minutes=60 * 24 * 365),
        {**limits(limit=60, left=0), "X-RateLimit-Remaining": "none"},
        {**limits(limit=60, left=0), "X-RateLimit-Reset": "9" * 30},
        {**limits(limit=60, left=0), "Date": "Fri, 31 Dec 9999 23:59:59 GMT"},
        {**limits(limit=60, left=0), "Date": "Mon, 01 Jan 0001 00:00:00 +2359"},
    ],
    ids=["silent", "past", "far-away", "nonsense", "huge", "last-year", "first-year"],
)
def test_what_makes_no_sense_in_headers_limits_nothing(headers: dict[str, str]) -> None:
    assert allowed_after("", headers) == budget.WITHOUT_TOKEN


def test_a_date_without_a_zone_is_one_of_greenwich() -> None:
    told = {**limits(limit=60, left=0), "Date": "Tue, 02 Jun 2026 12:00:00 -0000"}
    assert allowed_after("", told) == 0


def test_github_is_left_in_peace_as_long_as_it_asks_for() -> None:
    row: Any = budget.access_for("")
    budget.note_failure(row, NetworkProblem("Wait.", code="rate-limited", hint="", retry_after=900), now=NOW)
    row.save()
    later = [budget.take("", 1, now=NOW + timedelta(seconds=seconds), is_forced=True) for seconds in (0, 899, 901)]
    assert later == [0, 0, 1]


def test_calls_are_counted_for_every_process_alike() -> None:
    budget.take("", 39, now=NOW)
    again = budget.access_for("")
    assert (budget.used(again, now=NOW), budget.take("", 5, now=NOW)) == (39, 1)
