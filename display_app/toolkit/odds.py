"""BaseOddsManager: betting odds of one game from ESPN, cached (contract 1.13)."""

from __future__ import annotations

import logging
import time
from typing import Any

import requests

from display_app.toolkit.http import ESPN_CORE, get_json, new_session

NO_ODDS = {"no_odds": True}
OFFLINE_SECONDS = 60.0


class BaseOddsManager:
    """Plugins use it as it is or inherit from it beside BasePlugin, so its constructor sets its own attributes and calls no other."""

    def __init__(self, cache_manager: Any, config_manager: Any = None) -> None:
        self.cache_manager = cache_manager
        self.config_manager = config_manager
        self.logger = getattr(self, "logger", None) or logging.getLogger(__name__)
        self.base_url = ESPN_CORE
        self.session = new_session(retries=1)
        self.update_interval = 3600
        self.request_timeout = 5
        self.cache_ttl = 1800
        self._offline_until = 0.0

    def get_odds(
        self, sport: str | None, league: str | None, event_id: str, update_interval_seconds: float | None = None
    ) -> dict[str, Any] | None:
        """Return `details`, `over_under`, `spread`, `home_team_odds` and `away_team_odds` (`money_line`, `spread_odds`) of a game.

        None when there are none or ESPN cannot be reached; ValueError without sport or league.
        """
        if sport is None or league is None:
            raise ValueError("Odds need a sport and a league")
        key = f"odds_espn_{sport}_{league}_{event_id}"
        cached = self.cache_manager.get(key, max_age=update_interval_seconds or self.update_interval)
        if cached:
            return None if cached.get("no_odds") else cached
        if time.monotonic() < self._offline_until:
            return None
        url = f"{self.base_url}/{sport}/leagues/{league}/events/{event_id}/competitions/{event_id}/odds"
        try:
            answer = get_json(self.session, url, timeout=self.request_timeout)
        except requests.RequestException as error:
            self._offline_until = time.monotonic() + OFFLINE_SECONDS
            self.logger.warning("No odds of %s: %s", event_id, error)
            return None
        odds = _read_odds(answer)
        self.cache_manager.set(key, odds or NO_ODDS, ttl=self.cache_ttl)
        return odds

    def get_odds_for_games(self, games: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the games (`sport`, `league`, `id`) with their odds under `odds`."""
        return [{**game, "odds": self.get_odds(game.get("sport"), game.get("league"), str(game.get("id")))} for game in games]

    def is_odds_available(self, odds_data: dict[str, Any] | None) -> bool:
        """Tell whether odds say anything."""
        return bool(odds_data) and not (odds_data or {}).get("no_odds")

    def format_odds_summary(self, odds_data: dict[str, Any] | None) -> str:
        """Return odds as one short line."""
        if not odds_data or not self.is_odds_available(odds_data):
            return "No odds"
        over_under = odds_data.get("over_under")
        parts = [str(odds_data.get("details") or ""), f"O/U {over_under}" if over_under is not None else ""]
        return " ".join(part for part in parts if part) or "No odds"


def _read_odds(answer: Any) -> dict[str, Any] | None:
    items = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(items, list) or not items or not isinstance(items[0], dict):
        return None
    item = items[0]
    return {
        "details": item.get("details"),
        "over_under": item.get("overUnder"),
        "spread": item.get("spread"),
        "home_team_odds": _read_team(item.get("homeTeamOdds")),
        "away_team_odds": _read_team(item.get("awayTeamOdds")),
    }


def _read_team(team: Any) -> dict[str, Any]:
    facts = team if isinstance(team, dict) else {}
    return {"money_line": facts.get("moneyLine"), "spread_odds": facts.get("spreadOdds")}
