"""How long which kind of data stays fresh, and how kind and sport are told from a cache key (contract 1.3)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

MAX_AGES = {
    "live_scores": 15,
    "sports_live": 30,
    "odds_live": 120,
    "weather_current": 300,
    "crypto": 300,
    "default": 300,
    "stocks": 600,
    "sports_recent": 1800,
    "odds": 1800,
    "news": 3600,
    "sports_upcoming": 10800,
    "sports_schedules": 86400,
    "leaderboard": 604800,
    "team_info": 604800,
    "logos": 2592000,
}
LIVE_INTERVAL = 60
CLOSED_MARKET_FACTOR = 4
LIVE_TYPES = frozenset({"live_scores", "sports_live"})
# The setting of a sport's section that replaces the age of a kind.
_INTERVAL_SETTINGS = {"sports_recent": "recent_update_interval", "sports_upcoming": "upcoming_update_interval"}
# The first line of which a word occurs in the lower-cased key decides.
_KEY_WORDS = (
    (("live", "current", "scoreboard"), "sports_live"),
    (("weather",), "weather_current"),
    (("crypto",), "crypto"),
    (("stock",), "stocks"),
    (("news",), "news"),
    (("schedule", "team_map", "league"), "sports_schedules"),
    (("recent",), "sports_recent"),
    (("upcoming",), "sports_upcoming"),
    (("logo", "team_info", "config"), "team_info"),
)
# Longer names first: `ncaam_basketball` must not be taken for a shorter one.
_SPORTS = ("ncaam_basketball", "ncaa_baseball", "ncaa_fb", "soccer", "wnba", "milb", "nfl", "nhl", "nba", "mlb")
_NEW_YORK = ZoneInfo("America/New_York")
_OPENS, _CLOSES = time(9, 30), time(16)
_SATURDAY = 5


def strategy_of(data_type: str, *, sport: str | None = None, config: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return `max_age` and `memory_ttl` (seconds) of a kind of data, `force_refresh` and `market_hours_only`.

    The ages of live, recent and upcoming games come from the section `<sport>_scoreboard` of `config` where it names them.
    """
    max_age: float = MAX_AGES.get(data_type, MAX_AGES["default"])
    if sport and data_type in LIVE_TYPES:
        max_age = live_interval_of(sport, config)
    elif sport and data_type in _INTERVAL_SETTINGS:
        max_age = _interval(sport, config, _INTERVAL_SETTINGS[data_type], max_age)
    return {
        "max_age": max_age,
        "memory_ttl": max_age * 2,
        "force_refresh": data_type in LIVE_TYPES,
        "market_hours_only": data_type == "stocks",
    }


def live_interval_of(sport: str, config: dict[str, Any] | None = None) -> float:
    """Return the seconds between updates of a sport's live games: its setting `live_update_interval`, else 60."""
    return _interval(sport, config, "live_update_interval", LIVE_INTERVAL)


def data_type_of(key: str) -> str:
    """Return the kind of data that a cache key speaks of."""
    lowered = key.lower()
    if "odds" in lowered:
        return "odds_live" if "live" in lowered or "current" in lowered else "odds"
    return next((kind for words, kind in _KEY_WORDS if any(word in lowered for word in words)), "default")


def sport_of(key: str) -> str | None:
    """Return the sport that a cache key names, None when it names none."""
    lowered = key.lower()
    return next((sport for sport in _SPORTS if sport in lowered), None)


def is_market_open(now: float) -> bool:
    """Tell whether the US stock market trades at `now` (seconds since 1970); holidays are not known here."""
    moment = datetime.fromtimestamp(now, _NEW_YORK)
    return moment.weekday() < _SATURDAY and _OPENS <= moment.time() <= _CLOSES


def _interval(sport: str, config: dict[str, Any] | None, name: str, default: float) -> float:
    section = (config or {}).get(f"{sport}_scoreboard")
    value = section.get(name) if isinstance(section, dict) else None
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0 else default
