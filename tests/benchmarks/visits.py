"""A person with a browser, for the other benchmarks: logs in, opens pages, presses buttons, and notes how long it took."""

from __future__ import annotations

import time

import requests

from tests.fakes.product import ADMIN, PASSWORD
from tests.fakes.walk import Answer

LIMIT_SECONDS = 60.0


class Person:
    """A session of the administrator."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.get(f"{url}/admin/login/", timeout=LIMIT_SECONDS)
        body = {"username": ADMIN, "password": PASSWORD, "next": "/admin/"}
        assert self.post("/admin/login/", body).history, "the login was refused"

    def post(self, path: str, body: dict[str, str] | None = None) -> requests.Response:
        """Press a button."""
        headers = {"X-CSRFToken": self._session.cookies["csrftoken"], "Referer": self._url}
        return self._session.post(f"{self._url}{path}", data=body or {}, headers=headers, timeout=LIMIT_SECONDS)

    def open(self, path: str) -> Answer:
        """Open a page, without following it elsewhere."""
        answer = self._session.get(f"{self._url}{path}", timeout=LIMIT_SECONDS, allow_redirects=False)
        is_page = "html" in answer.headers.get("Content-Type", "")
        return Answer(answer.status_code, answer.headers.get("Location", ""), answer.text if is_page else "")

    def timed(self, path: str) -> float:
        """Return the seconds until a page is there; it must be there."""
        begun = time.perf_counter()
        answer = self._session.get(f"{self._url}{path}", timeout=LIMIT_SECONDS, allow_redirects=False)
        seconds = time.perf_counter() - begun
        assert answer.status_code < 400, f"{path}: {answer.status_code} {answer.text[:300]}"
        return seconds
