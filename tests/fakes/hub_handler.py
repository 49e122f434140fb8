"""How the hub answers one request: rules of misbehaviour first, then registry, API, raw files and archives."""

from __future__ import annotations

import json
import re
import time
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.fakes.hub_behaviour import Behaviour

if TYPE_CHECKING:
    from tests.fakes.hub import Hub

ARCHIVE = re.compile(r"/(?P<repo>[^/]+/[^/]+)/archive/(?:refs/(?:heads|tags)/)?(?P<branch>.+)\.zip")
CODELOAD = re.compile(r"/codeload/(?P<repo>[^/]+/[^/]+)/zip/refs/heads/(?P<branch>.+)")
RAW = re.compile(r"/raw/(?P<repo>[^/]+/[^/]+)/(?P<branch>[^/]+)/(?P<path>.+)")
LIMIT = re.compile(r"/api/rate_limit")
API = re.compile(r"/api/repos/(?P<repo>[^/]+/[^/]+)(?P<rest>/.*)?")
API_BY_NUMBER = re.compile(r"/api/repositories/(?P<number>\d+)(?P<rest>/.*)?")


class Handler(BaseHTTPRequestHandler):
    """One connection; `hub` is bound by a subclass."""

    hub: Hub
    _limits: dict[str, str]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Register the connection."""
        self.hub.opened(self.request)
        time.sleep(self.hub.connection_seconds)
        super().setup()

    def finish(self) -> None:
        """Forget the connection."""
        self.hub.closed(self.request)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        """Count the request and answer it."""
        path = urlsplit(self.path).path
        self.hub.enter(path, dict(self.headers.items()))
        if path.startswith(("/api/repos/", "/api/repositories/")):
            self._limits = self.hub.use_api_call(self.headers.get("Authorization", ""))
        try:
            if self.hub.latency:
                time.sleep(self.hub.latency)
            behaviour = self.hub.behaviour_for(self.path)
            if behaviour is None:
                self._answer(*self._content(path))
            else:
                self._misbehave(behaviour, path)
        finally:
            self.hub.leave()

    def _misbehave(self, behaviour: Behaviour, path: str) -> None:
        if behaviour.kind in ("hang", "drop"):
            if behaviour.kind == "hang":
                self.hub.released.wait(60)
            self.close_connection = True
        elif behaviour.kind == "hold":
            self.hub.released.wait(60)
            self._answer(*self._content(path))
        elif behaviour.kind == "redirect":
            self._send(behaviour.status, b"", {"Location": behaviour.location, **behaviour.headers})
        elif behaviour.kind in ("status", "answer"):
            self._send(behaviour.status, behaviour.body or b"{}", behaviour.headers)
        else:
            status, body, headers = self._content(path)
            self._send_broken(behaviour, status, body, headers)

    def _send_broken(self, behaviour: Behaviour, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.close_connection = True
        self._head(status, {**headers, "Content-Length": str(len(body))})
        if behaviour.kind == "cut":
            self.wfile.write(body[: behaviour.keep])
            return
        for position in range(len(body)):
            if self.hub.released.wait(behaviour.seconds):
                return
            self.wfile.write(body[position : position + 1])

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        if status == 200:
            headers = {"ETag": self.hub.etag(body), "Last-Modified": "Tue, 02 Jun 2026 10:00:00 GMT", **headers}
            known = self.headers.get("If-None-Match")
            if known == headers["ETag"] or (known is None and self.headers.get("If-Modified-Since") == headers["Last-Modified"]):
                status, body = 304, b""
        self._send(status, body, headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self._head(status, headers if status == 304 else {**headers, "Content-Length": str(len(body))})
        self.wfile.write(body)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        headers = {"Date": self.date_time_string(), **headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    # -- content

    def _content(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        if path == "/registry/plugins.json":
            return 200, self.hub.registry, {"Content-Type": "text/plain; charset=utf-8"}
        for pattern, answer in (
            (LIMIT, self._limit),
            (API, self._api),
            (API_BY_NUMBER, self._api_by_number),
            (RAW, self._raw),
            (CODELOAD, self._archive),
            (ARCHIVE, self._archive),
        ):
            match = pattern.fullmatch(unquote(path))
            if match:
                return answer(**match.groupdict())
        return _missing()

    def _archive(self, repo: str, branch: str) -> tuple[int, bytes, dict[str, str]]:
        repository = self.hub.repositories.get(repo)
        if repository is None or branch != repository.branch:
            return _missing()
        if self.hub.redirect_archives and not self.path.startswith("/codeload/"):
            return 302, b"", {"Location": f"{self.hub.url}/codeload/{repo}/zip/refs/heads/{branch}"}
        return 200, repository.archive(), {"Content-Type": "application/zip"}

    def _raw(self, repo: str, branch: str, path: str) -> tuple[int, bytes, dict[str, str]]:
        if path == "plugins.json":
            return 200, self.hub.registry, {"Content-Type": "text/plain; charset=utf-8"}
        repository = self.hub.repositories.get(repo)
        file = repository.files().get(path) if repository is not None and branch in (repository.branch, "HEAD") else None
        return _missing() if file is None else (200, file.read_bytes(), {"Content-Type": "application/octet-stream"})

    def _limit(self) -> tuple[int, bytes, dict[str, str]]:
        token = self.headers.get("Authorization", "")
        if token and self.hub.tokens is not None and token.removeprefix("Bearer ") not in self.hub.tokens:
            return 401, b'{"message": "Bad credentials"}', {}
        limit = "5000" if token else str(self.hub.api_budget)
        reset, date = str(int(self.hub.clock()) + 3600), self.date_time_string(int(self.hub.clock()))
        return 200, b"{}", {"X-RateLimit-Limit": limit, "X-RateLimit-Remaining": limit, "X-RateLimit-Reset": reset, "Date": date}

    def _api(self, repo: str, rest: str | None) -> tuple[int, bytes, dict[str, str]]:
        token = self.headers.get("Authorization", "")
        if token and self.hub.tokens is not None and token.removeprefix("Bearer ") not in self.hub.tokens:
            return 401, b'{"message": "Bad credentials"}', {}
        limits = self._limits
        if limits["X-RateLimit-Remaining"] == "-1":
            return 403, b'{"message": "API rate limit exceeded"}', {**limits, "X-RateLimit-Remaining": "0"}
        if repo in self.hub.moved:
            number = list(self.hub.moved).index(repo)
            _, mark, query = self.path.partition("?")
            return 301, b"{}", {"Location": f"{self.hub.url}/api/repositories/{number}{quote(rest or '')}{mark}{query}", **limits}
        answer = self._api_answer(repo, rest or "")
        if answer is None:
            return 404, b'{"message": "Not Found"}', limits
        return 200, json.dumps(answer).encode(), {"Content-Type": "application/json; charset=utf-8", **limits}

    def _api_by_number(self, number: str, rest: str | None) -> tuple[int, bytes, dict[str, str]]:
        name = list(self.hub.moved)[int(number)]
        while name in self.hub.moved:
            name = self.hub.moved[name]
        return self._api(name, rest)

    def _api_answer(self, repo: str, rest: str) -> Any:
        repository = self.hub.repositories.get(repo)
        if repository is None:
            return None
        if not rest:
            return repository.about()
        query = parse_qs(urlsplit(self.path).query)
        if rest == "/commits":
            known = query.get("sha", [repository.branch])[0] == repository.branch
            return repository.commits(query.get("path", [""])[0]) if known else None
        kind, _, what = rest.lstrip("/").rpartition("/") if ":" not in rest else ("git/trees", "", rest.removeprefix("/git/trees/"))
        branch, _, below = what.partition(":")
        if branch not in (repository.branch, repository.commit()):
            return None
        if kind == "commits":
            return repository.commits("")[0]
        return repository.tree(below, recursive="recursive" in query) if kind == "git/trees" else None


def _missing() -> tuple[int, bytes, dict[str, str]]:
    return 404, b"404: Not Found", {"Content-Type": "text/plain"}
