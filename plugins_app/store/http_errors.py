"""What went wrong with a request, in our words: transport errors and bad statuses become errors with code and hint (pure)."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from urllib3.exceptions import (
    DecodeError,
    NameResolutionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.response import BaseHTTPResponse

from plugins_app.exceptions import LedsiteError, NetworkProblem, NotFound

MAX_RETRY_AFTER = 3600.0
TRY_AGAIN = "A short outage passes by itself; check the connection when it stays like this."


def problem_of(error: BaseException, *, url: str, is_over: bool) -> NetworkProblem:
    """Name a failure below HTTP: timeout, dns, tls, refused, cut-short or unreachable."""
    host = urlsplit(url).hostname or url
    causes = list(_causes(error))

    def has(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if has(NameResolutionError):
        return NetworkProblem(f"The name {host} cannot be looked up.", code="dns", hint="Is this machine connected to a network?")
    if is_over or has(TimeoutError, ReadTimeoutError):
        return NetworkProblem(f"{host} did not answer in time.", code="timeout", hint=TRY_AGAIN)
    if has(ProxyError):
        return NetworkProblem(f"The proxy on the way to {host} does not work.", code="proxy", hint="Check the proxy of this machine.")
    if has(SSLError, ssl.SSLError, ssl.CertificateError):
        return NetworkProblem(
            f"The encrypted connection to {host} cannot be trusted: {_last_words(causes)}.",
            code="tls",
            hint="A wrong clock is the usual reason on a machine that was just started.",
        )
    if has(ConnectionRefusedError):
        return NetworkProblem(f"{host} refuses connections.", code="refused", hint=TRY_AGAIN)
    if has(DecodeError):
        return NetworkProblem(f"What {host} answered cannot be unpacked.", code="not-unpacked", hint=TRY_AGAIN)
    if has(ProtocolError, ConnectionError):
        return NetworkProblem(f"{host} ended its answer before it was complete.", code="cut-short", hint=TRY_AGAIN)
    return NetworkProblem(f"{host} cannot be reached: {_last_words(causes)}.", code="unreachable", hint=TRY_AGAIN)


def check_status(raw: BaseHTTPResponse, *, url: str, now: float, is_conditional: bool) -> None:
    """Let 200 pass, 304 where it was asked for; raise NotFound `not-found-upstream`, NetworkProblem `rate-limited`, `http-503` ..."""
    if raw.status == 200 or (raw.status == 304 and is_conditional):
        return
    host = urlsplit(url).hostname or url
    retry_after = _retry_after(raw, now=now)
    problem: LedsiteError
    if raw.status in (404, 410, 451):
        problem = NotFound(
            f"{url} does not exist.",
            code="not-found-upstream",
            hint="It may have moved or been removed: check repository and branch.",
        )
    elif raw.status == 429 or (raw.status == 403 and (raw.headers.get("X-RateLimit-Remaining") == "0" or "Retry-After" in raw.headers)):
        problem = NetworkProblem(
            f"{host} asks to wait before the next request.",
            code="rate-limited",
            hint="It goes on by itself when the wait is over; a token in LEDSITE_GITHUB_TOKEN allows more requests.",
            retry_after=retry_after if retry_after is not None else 60.0,
        )
    else:
        problem = NetworkProblem(
            f"{host} answered with status {raw.status}.", code=f"http-{raw.status}", hint=TRY_AGAIN, retry_after=retry_after
        )
    raise problem


def http_date(text: str) -> float | None:
    """Return the seconds since the epoch that a header names; None when it names none."""
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def _retry_after(raw: BaseHTTPResponse, *, now: float) -> float | None:
    # Absolute times are compared with the other side's own clock where it tells it: ours may not be set yet.
    now = http_date(raw.headers.get("Date", "")) or now
    text = raw.headers.get("Retry-After", "")
    if text.isascii() and text.isdigit():
        return _limited(float(text))
    until = http_date(text)
    reset = raw.headers.get("X-RateLimit-Reset", "")
    if until is None and raw.headers.get("X-RateLimit-Remaining") == "0" and reset.isascii() and reset.isdigit():
        until = float(reset)
    return None if until is None else _limited(until - now)


def _limited(seconds: float) -> float:
    return min(max(seconds, 1.0), MAX_RETRY_AFTER)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        reason = getattr(error, "reason", None)
        if isinstance(reason, BaseException):
            yield from _causes(reason)
        error = error.__cause__ or error.__context__


def _last_words(causes: list[BaseException]) -> str:
    return str(causes[-1]).rstrip(".") or type(causes[-1]).__name__
