"""HTTP for the toolkit: sessions that name themselves with an address, as ESPN demands, and give up soon when there is no network."""

from __future__ import annotations

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

USER_AGENT = "ledsite/1.0 (+https://github.com/topics/rgb-led-matrix)"
ESPN_SITE = "https://site.api.espn.com/apis/site/v2/sports"
ESPN_CORE = "https://sports.core.api.espn.com/v2/sports"
RETRIED_STATUSES = (429, 500, 502, 503, 504)


def new_session(*, retries: int = 3) -> requests.Session:
    """Return a session that retries busy servers `retries` times, an unreachable one once, waiting 0.5 s, 1 s, 2 s."""
    session = requests.Session()
    session.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json"})
    retry = Retry(
        total=retries,
        connect=min(1, retries),
        read=min(1, retries),
        backoff_factor=0.5,
        status_forcelist=RETRIED_STATUSES,
        raise_on_status=False,
    )
    for prefix in ("https://", "http://"):
        session.mount(prefix, HTTPAdapter(max_retries=retry))
    return session


def get_json(session: requests.Session, url: str, *, timeout: float, params: dict[str, Any] | None = None, headers: Any = None) -> Any:
    """Return the parsed JSON behind `url`; `requests.RequestException` when it cannot be had (a body that is not JSON included)."""
    response = session.get(url, params=params, headers=headers, timeout=timeout)
    response.raise_for_status()
    return response.json()
