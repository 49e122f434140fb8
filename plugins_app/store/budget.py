"""How many API calls may be made now: 40 an hour without a token, a reserve with one, and never while GitHub asks to wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from plugins_app.exceptions import LedsiteError, NetworkProblem
from plugins_app.models import ApiAccess
from plugins_app.store.http_errors import http_date

WITHOUT_TOKEN = 40
KEPT_WITHOUT_TOKEN = 5
WITH_TOKEN = 4000
KEPT_WITH_TOKEN = 500
WAIT_SECONDS = 60.0
MAX_WAIT_SECONDS = 600.0
MAX_WAIT = timedelta(hours=2)


def access_for(token_digest: str) -> ApiAccess:
    """Return the row of a token ("" for none)."""
    return ApiAccess.objects.get_or_create(token_digest=token_digest, defaults={"state": "unknown" if token_digest else "none"})[0]


def take(token_digest: str, wanted: int, *, now: datetime, is_forced: bool = False) -> int:
    """Count up to `wanted` calls as made and return how many may be; forced: also within our own wait, never within GitHub's."""
    with transaction.atomic():
        row = access_for(token_digest)
        granted = min(wanted, allowed(row, now=now, is_forced=is_forced))
        _count(row, granted, now=now)
    return granted


def give_back(token_digest: str, calls: int, *, now: datetime) -> None:
    """Take calls off the count that never left this machine, the latest first."""
    if not calls:
        return
    with transaction.atomic():
        row = access_for(token_digest)
        row.calls = _recent(row, now=now)
        for made in reversed(row.calls):
            off = min(made[1], calls)
            made[1], calls = made[1] - off, calls - off
        row.save(update_fields=["calls"])


def renewed(token_digest: str, *, now: datetime) -> ApiAccess:
    """Return the row of a token; what a wrong clock counted in the future is written down as made now, to grow old."""
    row = access_for(token_digest)
    if any(made > _minute(now) for made, _ in row.calls):
        take(token_digest, 0, now=now)
        row.refresh_from_db()
    return row


def allowed(row: ApiAccess, *, now: datetime, is_forced: bool = False) -> int:
    """Return how many calls may be made at this moment."""
    if is_limited(row, now=now) or (is_waiting(row, now=now) and not is_forced):
        return 0
    most, kept = (WITH_TOKEN, KEPT_WITH_TOKEN) if row.token_digest else (WITHOUT_TOKEN, KEPT_WITHOUT_TOKEN)
    free = most - used(row, now=now)
    if row.calls_left is not None and row.reset_at is not None and now < row.reset_at < now + MAX_WAIT:
        free = min(free, row.calls_left - min(kept, (row.calls_limit or 60) // 10))
    return max(free, 0)


def used(row: ApiAccess, *, now: datetime) -> int:
    """Return the calls of the last hour."""
    return sum(count for _, count in _recent(row, now=now))


def is_waiting(row: ApiAccess, *, now: datetime) -> bool:
    """Tell whether GitHub is left in peace; a time far ahead was written before the clock was set."""
    return row.wait_until is not None and now < row.wait_until < now + MAX_WAIT


def is_limited(row: ApiAccess, *, now: datetime) -> bool:
    """Tell whether it is GitHub that asked to wait: nothing that a person does here shortens that."""
    return is_waiting(row, now=now) and row.problem is not None and row.problem["code"] == "rate-limited"


def is_unsure(row: ApiAccess, *, now: datetime) -> bool:
    """Tell whether what GitHub said about its limit was for an hour that has passed: others may have used this one's calls."""
    return row.reset_at is not None and not now < row.reset_at < now + MAX_WAIT


def note_headers(row: ApiAccess, headers: Mapping[str, str], *, now: datetime) -> None:
    """Remember what a good answer said about its limit; the caller saves the row."""
    limit, left, reset = (headers.get(f"X-RateLimit-{name}", "") for name in ("Limit", "Remaining", "Reset"))
    if not all(text.isascii() and text.isdigit() and len(text) < 12 for text in (limit, left, reset)):
        return
    # By the other side's own clock where it tells it: ours may not be set yet.
    wait = timedelta(seconds=int(reset) - (http_date(headers.get("Date", "")) or now.timestamp()))
    if abs(wait) > MAX_WAIT:
        return
    reset_at = now + wait
    is_same_hour = row.reset_at is not None and abs(row.reset_at - reset_at) < timedelta(minutes=1)
    row.calls_limit, row.reset_at = int(limit), reset_at
    row.calls_left = min(int(left), row.calls_left) if is_same_hour and row.calls_left is not None else int(left)


def note_success(row: ApiAccess, *, now: datetime) -> None:
    """Remember that GitHub answers; the caller saves the row."""
    if not is_limited(row, now=now):
        row.failures, row.problem, row.wait_until = 0, None, None
    row.checked_at, row.state = now, "valid" if row.token_digest else "none"


def note_failure(row: ApiAccess, problem: LedsiteError, *, now: datetime) -> None:
    """Wait: as long as the other side asks for, else a minute, twice as long after each failure; the caller saves the row."""
    seconds = problem.retry_after or min(WAIT_SECONDS * 2**row.failures, MAX_WAIT_SECONDS)
    row.failures = min(row.failures + 1, 10)
    row.problem, row.wait_until = problem.as_dict(), now + timedelta(seconds=max(seconds, WAIT_SECONDS))


def refusal(row: ApiAccess, *, now: datetime) -> NetworkProblem:
    """Say why no call may be made at this moment."""
    if is_waiting(row, now=now) and row.problem:
        wait = None if row.wait_until is None else (row.wait_until - now).total_seconds()
        return NetworkProblem(row.problem["message"], code=row.problem["code"], hint=row.problem["hint"], retry_after=wait)
    return NetworkProblem(
        "The calls to GitHub that fit into this hour are used.",
        code="budget-used",
        hint="It goes on by itself; with a token of your own more calls fit.",
    )


def _count(row: ApiAccess, calls: int, *, now: datetime) -> None:
    calls_made = [*_recent(row, now=now), *([[_minute(now), calls]] if calls else [])]
    if calls_made != row.calls:
        row.calls = calls_made
        row.save(update_fields=["calls"])


def _recent(row: ApiAccess, *, now: datetime) -> list[list[int]]:
    # Calls from the future were counted by a clock that was wrong: they count as made now.
    minute = _minute(now)
    merged: dict[int, int] = {}
    for made, count in row.calls:
        if made >= minute - 60:
            merged[min(made, minute)] = merged.get(min(made, minute), 0) + count
    return [[made, count] for made, count in sorted(merged.items())]


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)
