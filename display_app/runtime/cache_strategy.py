"""How long which kind of data stays fresh, and how the kind is told from a cache key (contract 1.3)."""

from __future__ import annotations

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


def max_age_of(data_type: str) -> int:
    """Return the seconds for which a kind of data is fresh."""
    return MAX_AGES.get(data_type, MAX_AGES["default"])


def data_type_of(key: str) -> str:
    """Return the kind of data that a cache key speaks of."""
    lowered = key.lower()
    if "odds" in lowered:
        return "odds_live" if "live" in lowered or "current" in lowered else "odds"
    return next((kind for words, kind in _KEY_WORDS if any(word in lowered for word in words)), "default")
