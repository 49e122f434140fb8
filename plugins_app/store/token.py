"""The GitHub token: an administrator's, kept encrypted, before the environment's; its state, and what it still allows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from plugins_app.audit import record
from plugins_app.config.secrets import open_sealed, seal
from plugins_app.exceptions import BadRequest, DiskProblem, LedsiteError
from plugins_app.models import ApiAccess
from plugins_app.store import budget
from plugins_app.store.http import HttpClient

SHAPE = re.compile(r"[A-Za-z0-9_]{20,255}")


@dataclass(frozen=True)
class TokenState:
    """What the owner sees: `state` is none, unknown (not used yet), valid or invalid; the token itself is never shown."""

    state: str
    origin: str
    calls_left: int | None
    calls_limit: int | None
    reset_at: datetime | None
    used_last_hour: int
    may_ask_now: int
    wait_until: datetime | None
    problem: dict[str, str] | None

    def as_dict(self) -> dict[str, Any]:
        """Return the body of GET store/token."""
        return asdict(self)


def digest_of(token: str) -> str:
    """Return the name under which a token's rows are kept."""
    return hashlib.sha256(token.encode()).hexdigest()[:16] if token else ""


def token_in_force() -> str:
    """Return the token to send: one that GitHub refused counts as none."""
    token = configured_token()
    refused = token and ApiAccess.objects.filter(token_digest=digest_of(token), state="invalid").exists()
    return "" if refused else token


def configured_token() -> str:
    """Return the token that is set, whatever GitHub thinks of it."""
    return _configured()[0]


def token_state(now: datetime | None = None) -> TokenState:
    """Return what is known, without asking anyone."""
    now = now or timezone.now()
    token, origin = _configured()
    row = budget.access_for(digest_of(token))
    counted = budget.access_for("") if row.state == "invalid" else row  # it is asked without a token then
    is_current = counted.reset_at is not None and now < counted.reset_at
    return TokenState(
        state=row.state,
        origin=origin,
        calls_left=counted.calls_left if is_current else None,
        calls_limit=counted.calls_limit if is_current else None,
        reset_at=counted.reset_at if is_current else None,
        used_last_hour=budget.used(counted, now=now),
        may_ask_now=budget.allowed(counted, now=now),
        wait_until=counted.wait_until if budget.is_waiting(counted, now=now) else None,
        problem=row.problem,
    )


def set_token(token: str, *, requested_by: str) -> TokenState:
    """Keep a token in place of the one before; BadRequest `bad-token-shape` when it cannot be one."""
    token = token.strip()
    if not SHAPE.fullmatch(token):
        raise BadRequest(
            "That is not a GitHub token.",
            code="bad-token-shape",
            hint="It is one word of letters, digits and _, for example ghp_ and 36 more.",
        )
    sealed = seal(token)
    with transaction.atomic():
        ApiAccess.objects.exclude(sealed="").update(sealed="")
        row = budget.access_for(digest_of(token))
        row.sealed, row.state = sealed, "unknown"
        if not budget.is_limited(row, now=timezone.now()):
            row.problem, row.wait_until = None, None
        row.save()
        record(requested_by, "set-github-token")
        _queue_check()
    return token_state()


def remove_token(*, requested_by: str) -> TokenState:
    """Forget the administrator's token; the environment's, if there is one, counts again."""
    with transaction.atomic():
        ApiAccess.objects.exclude(sealed="").delete()
        record(requested_by, "remove-github-token")
    return token_state()


def request_check() -> TokenState:
    """Let a worker ask; until then the state of a token is unknown."""
    with transaction.atomic():
        token = configured_token()
        if token:
            ApiAccess.objects.filter(token_digest=digest_of(token)).update(state="unknown")
        _queue_check()
    return token_state()


def check_token(*, http: HttpClient, now: datetime | None = None) -> TokenState:
    """Ask GitHub what the client's token allows, which costs no call of the budget; what fails stands in the state."""
    now = now or timezone.now()
    digest = digest_of(http.policy.token)
    budget.access_for(digest)
    headers: Mapping[str, str] = {}
    problem: LedsiteError | None = None
    try:
        with http.stream(f"{settings.LEDSITE.github_api_url}/rate_limit", kind="api") as response:
            response.read()
            headers = response.headers
    except LedsiteError as error:
        problem = error
    with transaction.atomic():
        # Read anew: while GitHub was asked, a person may have removed the token, and another process counted calls.
        row = ApiAccess.objects.filter(token_digest=digest).first()
        if row is not None:
            _note(row, headers, problem, now=now)
    return token_state(now)


def _note(row: ApiAccess, headers: Mapping[str, str], problem: LedsiteError | None, *, now: datetime) -> None:
    if problem is None:
        budget.note_headers(row, headers, now=now)
        budget.note_success(row, now=now)
    elif problem.code == "http-401":
        row.state, row.problem = "invalid", problem.as_dict()
    elif not budget.is_limited(row, now=now):
        row.problem = problem.as_dict()
    row.save()


def _queue_check() -> None:
    async_task("plugins_app.tasks.check_token", cluster="slow", save=False, task_name="check-token")


def _configured() -> tuple[str, str]:
    sealed = ApiAccess.objects.exclude(sealed="").values_list("sealed", flat=True).first()
    if sealed:
        try:
            return open_sealed(sealed), "stored"
        except DiskProblem:
            return settings.LEDSITE.github_token, "unreadable"
    return settings.LEDSITE.github_token, "environment" if settings.LEDSITE.github_token else "none"
