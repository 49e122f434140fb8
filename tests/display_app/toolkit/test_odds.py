"""Betting odds."""

from __future__ import annotations

from typing import Any

import pytest

from display_app.runtime.base_plugin import BasePlugin
from display_app.toolkit.odds import BaseOddsManager

PATH = "/football/leagues/nfl/events/7/competitions/7/odds"
ITEM = {
    "details": "KC -3.5",
    "overUnder": 47.5,
    "spread": -3.5,
    "homeTeamOdds": {"moneyLine": -180, "spreadOdds": -110, "favorite": True},
    "awayTeamOdds": {"moneyLine": 150},
}
ODDS = {
    "details": "KC -3.5",
    "over_under": 47.5,
    "spread": -3.5,
    "home_team_odds": {"money_line": -180, "spread_odds": -110},
    "away_team_odds": {"money_line": 150, "spread_odds": None},
}


@pytest.fixture
def odds(cache: Any, service: Any) -> BaseOddsManager:
    manager = BaseOddsManager(cache)
    manager.base_url = service.url
    return manager


def test_the_first_offer_is_read_and_kept(odds: BaseOddsManager, service: Any, cache: Any) -> None:
    service.answer(PATH, {"items": [ITEM, {}]})
    assert odds.get_odds("football", "nfl", "7") == ODDS
    assert odds.get_odds("football", "nfl", "7") == ODDS
    assert len(service.paths) == 1
    assert cache.lifetimes == {"odds_espn_football_nfl_7": 1800}


@pytest.mark.parametrize("answer", [{"items": []}, {}, [], {"items": ["x"]}])
def test_that_there_are_none_is_kept_too(odds: BaseOddsManager, service: Any, cache: Any, answer: Any) -> None:
    service.answer(PATH, answer)
    assert odds.get_odds("football", "nfl", "7") is None
    assert odds.get_odds("football", "nfl", "7") is None
    assert len(service.paths) == 1
    assert cache.values == {"odds_espn_football_nfl_7": {"no_odds": True}}


def test_after_an_error_the_network_is_left_alone_for_a_while(odds: BaseOddsManager, service: Any, cache: Any) -> None:
    service.answer(PATH, (404, b""))
    assert odds.get_odds("football", "nfl", "7") is None
    assert odds.get_odds("football", "nfl", "8") is None
    assert service.paths == [PATH]
    assert cache.values == {}


@pytest.mark.parametrize(("sport", "league"), [(None, "nfl"), ("football", None)])
def test_sport_and_league_are_needed(odds: BaseOddsManager, sport: str | None, league: str | None) -> None:
    with pytest.raises(ValueError, match="sport"):
        odds.get_odds(sport, league, "7")


def test_many_games_and_their_summaries(odds: BaseOddsManager, service: Any) -> None:
    service.answer(PATH, {"items": [ITEM]})
    (game,) = odds.get_odds_for_games([{"sport": "football", "league": "nfl", "id": 7}])
    assert game["odds"] == ODDS
    assert odds.format_odds_summary(game["odds"]) == "KC -3.5 O/U 47.5"
    assert (odds.format_odds_summary(None), odds.format_odds_summary({"no_odds": True})) == ("No odds", "No odds")
    assert [odds.is_odds_available(value) for value in (ODDS, None, {}, {"no_odds": True})] == [True, False, False, False]


def test_a_plugin_may_inherit_from_both(cache: Any) -> None:
    class Ticker(BasePlugin, BaseOddsManager):
        def __init__(self) -> None:
            super().__init__("ticker", {"enabled": True}, "display", cache, "manager")
            BaseOddsManager.__init__(self, cache)

        def update(self) -> None: ...

        def display(self, force_clear: bool = False) -> None: ...

    ticker = Ticker()
    assert (ticker.plugin_id, ticker.config, ticker.display_manager, ticker.plugin_manager) == (
        "ticker",
        {"enabled": True},
        "display",
        "manager",
    )
    assert (ticker.update_interval, ticker.request_timeout, ticker.cache_ttl, ticker.cache_manager) == (3600, 5, 1800, cache)
    ticker.logger.info("works")
