"""The one HTTP client: host policy on every hop, keep-alive, time and size limits, our own errors (pure)."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

import certifi
from urllib3 import ProxyManager
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse
from urllib3.util.timeout import Timeout

from plugins_app.exceptions import NetworkProblem, PackageError
from plugins_app.store.connections import Deadline, checked_pool_manager
from plugins_app.store.hosts import HostPolicy, Kind, is_loopback
from plugins_app.store.http_errors import check_status, problem_of

MIB = 1024 * 1024
MAX_BYTES: dict[str, int] = {"registry": 20 * MIB, "api": 20 * MIB, "raw": 20 * MIB, "archive": 200 * MIB}
TOTAL_SECONDS: dict[str, float] = {"registry": 60, "api": 60, "raw": 60, "archive": 600}
CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
MAX_REDIRECTS = 5
NOT_MODIFIED = 304
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CONDITIONS = frozenset({"If-None-Match", "If-Modified-Since"})


class Response:
    """An answer under way: status 200 or 304, headers, and a body that is read in limited chunks."""

    def __init__(self, raw: BaseHTTPResponse, *, url: str, max_bytes: int, deadline: Deadline) -> None:
        self._raw, self._max_bytes, self._deadline = raw, max_bytes, deadline
        self.url = url
        self.status = raw.status
        self.headers: Mapping[str, str] = raw.headers

    @property
    def length(self) -> int | None:
        """Size of the body as declared; None when the other side did not say."""
        return _declared(self.headers)

    def chunks(self, size: int = 64 * 1024) -> Iterator[bytes]:
        """Yield the body; raise PackageError `too-large`, NetworkProblem `timeout` or `cut-short`."""
        if (self.length or 0) > self._max_bytes:
            raise self._too_large()
        received = 0
        body = self._raw.stream(size, decode_content=True)
        while True:
            try:
                chunk = next(body, b"")
            except (HTTPError, OSError) as error:
                raise problem_of(error, url=self.url, is_over=self._deadline.is_over) from error
            if self._deadline.is_over:
                raise problem_of(TimeoutError(), url=self.url, is_over=True)
            if not chunk:
                return
            received += len(chunk)
            if received > self._max_bytes:
                raise self._too_large()
            yield chunk

    def read(self) -> bytes:
        """Return the whole body."""
        return b"".join(self.chunks())

    def _too_large(self) -> PackageError:
        return PackageError(
            f"{self.url} sends more than {self._max_bytes // MIB} MiB.",
            code="too-large",
            hint="Ask its author for a smaller one; nothing was changed.",
        )


class HttpClient:
    """Makes GET requests that keep to a host policy; safe to share between threads."""

    def __init__(
        self,
        policy: HostPolicy,
        *,
        user_agent: str = "ledsite (+https://github.com/)",
        ca_certs: str = "",
        proxy_for: Callable[[str], str | None] = lambda url: None,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
        total_seconds: float | None = None,
        max_bytes: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.policy = policy
        self._user_agent = user_agent
        self._ca_certs = ca_certs or certifi.where()
        self._proxy_for = proxy_for
        self._timeout = Timeout(connect=connect_seconds, read=read_seconds)
        self._total_seconds = total_seconds
        self._max_bytes = max_bytes
        self._clock = clock
        self._pool = checked_pool_manager(policy.check_address, ca_certs=self._ca_certs)
        self._proxies: dict[str, ProxyManager] = {}

    @contextlib.contextmanager
    def stream(
        self, url: str, *, kind: Kind, headers: Mapping[str, str] | None = None, most_redirects: int = MAX_REDIRECTS
    ) -> Iterator[Response]:
        """Request an address and follow its redirects; within the context the body can be read.

        Raises Refused `host-not-allowed`, NotFound `not-found-upstream`, NetworkProblem for every other failure; the details of
        `too-many-redirects` are the address where the next one leads.
        """
        with Deadline(self._total_seconds or TOTAL_SECONDS[kind]) as deadline:
            raw, final = self._follow(url, kind=kind, headers=headers or {}, most=most_redirects, deadline=deadline)
            try:
                check_status(raw, url=final, now=self._clock(), is_conditional=not CONDITIONS.isdisjoint(headers or ()))
                yield Response(raw, url=final, max_bytes=self._max_bytes or MAX_BYTES[kind], deadline=deadline)
            finally:
                _finish(raw)

    def close(self) -> None:
        """Close the connections that are kept alive."""
        for pool in (self._pool, *self._proxies.values()):
            pool.clear()

    def _follow(self, url: str, *, kind: Kind, headers: Mapping[str, str], most: int, deadline: Deadline) -> tuple[BaseHTTPResponse, str]:
        for _ in range(most + 1):
            raw = self._send(url, kind=kind, headers=headers, deadline=deadline)
            target = raw.headers.get("Location")
            if raw.status not in REDIRECTS or not target:
                return raw, url
            _finish(raw)
            url = _joined(url, target)
        raise NetworkProblem(
            f"{url} was reached after {most + 1} redirects.",
            code="too-many-redirects",
            hint="The address is probably wrong: it leads in a circle.",
            details=url,
        )

    def _send(self, url: str, *, kind: Kind, headers: Mapping[str, str], deadline: Deadline) -> BaseHTTPResponse:
        host = self.policy.check_url(url, kind)
        pool: Any = self._pool if is_loopback(host) else self._pool_for(url)
        try:
            raw: BaseHTTPResponse = pool.request(
                "GET",
                url,
                headers=self._headers(url, kind) | dict(headers),
                timeout=self._timeout,
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
        except (HTTPError, OSError) as error:
            raise problem_of(error, url=url, is_over=deadline.is_over) from error
        return raw

    def _headers(self, url: str, kind: Kind) -> dict[str, str]:
        headers = {"User-Agent": self._user_agent, "Accept-Encoding": "identity" if kind == "archive" else "gzip"}
        if kind == "api":
            headers["Accept"] = "application/vnd.github+json"
            if self.policy.token and self.policy.is_api(url):
                headers["Authorization"] = f"Bearer {self.policy.token}"
        return headers

    def _pool_for(self, url: str) -> Any:
        proxy = self._proxy_for(url)
        if proxy is None:
            return self._pool
        if proxy not in self._proxies:
            self._proxies[proxy] = ProxyManager(proxy, ca_certs=self._ca_certs, cert_reqs="CERT_REQUIRED")
        return self._proxies[proxy]


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError:
        return target  # the policy says what is wrong with it


def _declared(headers: Mapping[str, str]) -> int | None:
    text = headers.get("Content-Length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _finish(raw: BaseHTTPResponse) -> None:
    # A body that nobody read and that is small is read to its end, to keep the connection; a large one is not worth it.
    with contextlib.suppress(HTTPError, OSError):
        declared = 0 if raw.status == NOT_MODIFIED else _declared(raw.headers)
        if declared is not None and declared <= 16 * 1024 and raw.tell() == 0:
            raw.read(decode_content=False)
    raw.close()
