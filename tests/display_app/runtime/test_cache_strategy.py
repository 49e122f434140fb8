"""How long data stays fresh by its kind, and how kind and sport are read from keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from display_app.runtime.cache_strategy import data_type_of, is_market_open, live_interval_of, sport_of, strategy_of

AGES = {
    "live_scores": 15,
    "sports_live": 30,
    "weather_current": 300,
    "stocks": 600,
    "crypto": 300,
    "sports_recent": 1800,
    "sports_upcoming": 10800,
    "sports_schedules": 86400,
    "leaderboard": 604800,
    "news": 3600,
    "odds": 1800,
    "odds_live": 120,
    "team_info": 604800,
    "logos": 2592000,
    "default": 300,
    "no such kind": 300,
}


@pytest.mark.parametrize(("kind", "age"), AGES.items())
def test_ages(kind: str, age: int) -> None:
    strategy = strategy_of(kind)
    assert (strategy["max_age"], strategy["memory_ttl"]) == (age, 2 * age)
    assert strategy["market_hours_only"] == (kind == "stocks")
    assert strategy["force_refresh"] == (kind in ("live_scores", "sports_live"))


@pytest.mark.parametrize(
    ("kind", "setting"),
    [
        ("live_scores", "live_update_interval"),
        ("sports_live", "live_update_interval"),
        ("sports_recent", "recent_update_interval"),
        ("sports_upcoming", "upcoming_update_interval"),
    ],
)
def test_a_sport_may_have_ages_of_its_own(kind: str, setting: str) -> None:
    config = {"nba_scoreboard": {setting: 77}}
    assert strategy_of(kind, sport="nba", config=config)["max_age"] == 77
    assert strategy_of(kind, config=config)["max_age"] == AGES[kind]


@pytest.mark.parametrize("value", [None, True, "20", 0, -1])
def test_an_interval_that_is_no_time_is_a_minute(value: Any) -> None:
    assert live_interval_of("nba", {"nba_scoreboard": {"live_update_interval": value}}) == 60
    assert live_interval_of("nba") == 60


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("odds_espn_live", "odds_live"),
        ("odds_current", "odds_live"),
        ("ODDS_nfl", "odds"),
        ("nba_scoreboard", "sports_live"),
        ("weather_now", "weather_current"),
        ("crypto_BTC", "crypto"),
        ("stock_news", "stocks"),
        ("news_feed", "news"),
        ("nfl_schedule", "sports_schedules"),
        ("team_map", "sports_schedules"),
        ("league_table", "sports_schedules"),
        ("recent_games", "sports_recent"),
        ("upcoming", "sports_upcoming"),
        ("logo_x", "team_info"),
        ("team_info", "team_info"),
        ("config_x", "team_info"),
        ("else", "default"),
    ],
)
def test_the_kind_of_data_is_told_from_the_key(key: str, kind: str) -> None:
    assert data_type_of(key) == kind


@pytest.mark.parametrize(
    ("key", "sport"), [("NFL_live", "nfl"), ("ncaam_basketball_live", "ncaam_basketball"), ("wnba_live", "wnba"), ("weather", None)]
)
def test_the_sport_is_told_from_the_key(key: str, sport: str | None) -> None:
    assert sport_of(key) == sport


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23 09:29", False),
        ("2026-11-23 09:30", True),
        ("2026-11-23 16:00", True),
        ("2026-11-23 16:01", False),
        ("2026-11-28 12:00", False),
    ],
)
def test_the_market_trades_on_weekdays_by_new_york_time(moment: str, is_open: bool) -> None:
    assert is_market_open(datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("America/New_York")).timestamp()) is is_open
