"""DynamicTeamResolver: names like AP_TOP_25 in a list of favourite teams, replaced by the teams they mean today (contract 1.13)."""

from __future__ import annotations

import logging
import time
from typing import Any, ClassVar

import requests

from display_app.toolkit.http import ESPN_SITE, get_json, new_session

logger = logging.getLogger(__name__)

RANKINGS = f"{ESPN_SITE}/football/college-football/rankings"
DYNAMIC_NAMES = {"AP_TOP_25": 25, "AP_TOP_10": 10, "AP_TOP_5": 5}
DYNAMIC_PARTS = ("AP_TOP_", "TOP_", "RANKED_", "PLAYOFF_")
KEPT_SECONDS = 3600.0


class DynamicTeamResolver:
    """Asks ESPN for the college football ranking, at most once an hour in a process; without an answer dynamic names vanish."""

    _ranking: ClassVar[list[str]] = []
    _fetched_at: ClassVar[float | None] = None

    def __init__(self, request_timeout: float = 30, cache_manager: Any = None) -> None:
        """Wait for ESPN at most `request_timeout` seconds; `cache_manager` is taken because plugins pass one to copies of their own."""
        self.request_timeout = request_timeout

    def resolve_teams(self, team_list: list[str], sport: str = "ncaa_fb") -> list[str]:
        """Return the abbreviations in order, dynamic names expanded, each team once."""
        resolved: list[str] = []
        for name in team_list or []:
            if name in DYNAMIC_NAMES:
                resolved += self._ranked()[: DYNAMIC_NAMES[name]]
            elif not any(part in name for part in DYNAMIC_PARTS):
                resolved.append(name)
        return list(dict.fromkeys(resolved))

    def _ranked(self) -> list[str]:
        cls = type(self)
        if cls._fetched_at is not None and time.monotonic() - cls._fetched_at < KEPT_SECONDS:
            return cls._ranking
        try:
            answer = get_json(new_session(retries=1), RANKINGS, timeout=self.request_timeout)
        except requests.RequestException as error:
            logger.warning("The ranking cannot be had: %s", error)
            return cls._ranking
        cls._ranking, cls._fetched_at = _read_ranking(answer), time.monotonic()
        return cls._ranking


def _read_ranking(answer: Any) -> list[str]:
    """Return the abbreviations of the first poll, best first."""
    try:
        ranks = sorted(answer["rankings"][0]["ranks"], key=lambda rank: rank["current"])
        return [rank["team"]["abbreviation"] for rank in ranks]
    except (LookupError, TypeError):
        logger.warning("The ranking cannot be read")
        return []
