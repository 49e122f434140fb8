"""What a plugin finds again in its cache, and for how long."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from display_app.runtime.cache import CacheManager
from display_app.runtime.config import ConfigManager


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(tmp_path: Path, clock: Clock) -> CacheManager:
    return CacheManager(tmp_path / "cache", clock=clock)


@pytest.fixture
def restarted(tmp_path: Path, clock: Clock) -> Any:
    return lambda: CacheManager(tmp_path / "cache", clock=clock)


def test_a_value_lives_five_minutes_by_default(cache: CacheManager, clock: Clock) -> None:
    cache.set("key", 1)
    clock.now += 300
    assert cache.get("key") == 1
    clock.now += 1
    assert cache.get("key") is None
    assert cache.get("key", max_age=1000) == 1
    assert cache.get("key", max_age=None) == 1


def test_a_stored_ttl_beats_max_age(cache: CacheManager, clock: Clock) -> None:
    cache.set("long", 1, ttl=1000)
    cache.set("short", 2, 10)
    cache.set("alias", 3, max_age=1000)
    clock.now += 500
    assert cache.get("long", max_age=5) == 1
    assert cache.get("short", max_age=None) is None
    assert cache.get("alias") == 3


@pytest.mark.parametrize("ttl", [True, "60", -1])
def test_a_ttl_that_is_no_time_is_ignored(cache: CacheManager, clock: Clock, ttl: Any) -> None:
    cache.set("key", 1, ttl=ttl)
    clock.now += 100
    assert cache.get("key", max_age=None) == 1
    assert cache.get("key", max_age=50) is None


@pytest.mark.parametrize("value", [[], {}, 0, "", False, 0.0, [None], {"data": {}}])
def test_falsy_values_survive_memory_and_restart(cache: CacheManager, restarted: Any, value: Any) -> None:
    cache.set("key", value)
    assert cache.get("key") == value
    assert type(restarted().get("key")) is type(value)
    assert restarted().get("key") == value


def test_memory_gives_back_the_same_object_and_the_disk_json(cache: CacheManager, restarted: Any) -> None:
    value = {1: (2, 3), "at": datetime(2026, 8, 1, tzinfo=UTC), "set": {4}}
    cache.set("key", value)
    assert cache.get("key") is value
    assert restarted().get("key") == {"1": [2, 3], "at": "2026-08-01T00:00:00+00:00", "set": [4]}


def test_what_json_cannot_hold_stays_in_memory_and_replaces_the_old_file(cache: CacheManager, restarted: Any) -> None:
    cache.set("key", "old")
    circle: list[Any] = []
    circle.append(circle)
    cache.set("key", circle)
    cache.set("odd", {(1, 2): 3})
    assert cache.get("key") is circle
    assert cache.get("odd") == {(1, 2): 3}
    assert restarted().get("key") is None


@pytest.mark.parametrize("key", ["a/b", "../../escape", "/etc/passwd", "x" * 500, "ключ", "a:b?c*", "nul\0", "."])
def test_any_key_is_a_file_inside_the_folder(cache: CacheManager, restarted: Any, tmp_path: Path, key: str) -> None:
    cache.set(key, key)
    assert restarted().get(key) == key
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.parent for path in files] == [tmp_path / "cache" / "entries"]


def test_keys_that_look_alike_are_different(cache: CacheManager, restarted: Any) -> None:
    cache.set("a/b", 1)
    cache.set("a_b", 2)
    assert (restarted().get("a/b"), restarted().get("a_b")) == (1, 2)


def test_deleting_removes_both_tiers(cache: CacheManager, restarted: Any) -> None:
    for forget in (cache.delete, cache.clear_cache):
        cache.set("key", 1)
        forget("key")
        forget("never there")
        assert cache.get("key") is None
        assert restarted().get("key") is None


@pytest.mark.parametrize("key", ["", None, 3])
def test_deleting_needs_a_key_and_never_wipes(cache: CacheManager, key: Any) -> None:
    cache.set("key", 1)
    with pytest.raises(ValueError, match="key"):
        cache.delete(key)
    if key is not None:
        with pytest.raises(ValueError, match="key"):
            cache.clear_cache(key)
    assert cache.get("key") == 1


def test_clearing_everything_leaves_the_plugins_own_files(cache: CacheManager, restarted: Any) -> None:
    cache.set("a", 1)
    own = Path(cache.cache_dir) / "aircraft.db"
    own.write_text("mine")
    cache.clear_cache()
    assert cache.get("a") is None
    assert restarted().get("a") is None
    assert own.read_text() == "mine"


def test_what_is_too_old_is_a_miss_and_its_file_stays(cache: CacheManager, restarted: Any, clock: Clock) -> None:
    cache.set("key", 1, ttl=5)
    clock.now += 6
    assert restarted().get("key") is None
    assert [file["key"] for file in cache.list_cache_files()] == ["key"]


def test_an_unwrapped_record(cache: CacheManager) -> None:
    cache.save_cache("plain", {"teams": 1})
    cache.save_cache("own-data", {"data": 2, "more": 3})
    assert cache.get("plain") == {"teams": 1}
    assert cache.get("own-data") == 2
    assert cache.get_cached_data("own-data") == {"data": 2, "more": 3}
    cache.save_cache("list", ["data"])
    assert cache.get("list") == ["data"]


def test_records_expire_too(cache: CacheManager, clock: Clock) -> None:
    cache.save_cache("key", {"a": 1})
    cache.update_cache("wrapped", 2)
    clock.now += 3000
    assert cache.get_cached_data("key") is None
    assert cache.load_cache("key") == {"a": 1}
    assert cache.load_cache("wrapped")["data"] == 2


def test_lifetimes_by_kind_of_data(cache: CacheManager, clock: Clock) -> None:
    cache.save_cache("standings", {"teams": 1})
    cache.set("stock_AAPL", 2)
    cache.set("nfl_live_scores", 3)
    clock.now += 590
    assert cache.get_cached_data_with_strategy("standings", "leaderboard") == {"teams": 1}
    assert cache.get_cached_data_with_strategy("standings") is None
    assert cache.get_with_auto_strategy("stock_AAPL") == 2
    assert cache.get_with_auto_strategy("nfl_live_scores") is None


def test_prices_may_be_four_times_as_old_while_the_market_is_closed(cache: CacheManager, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 23, 15, 0, tzinfo=UTC).timestamp()  # a Monday, 10:00 in New York
    cache.set("stock_AAPL", 1)
    clock.now += 601
    assert cache.get_with_auto_strategy("stock_AAPL") is None
    clock.now = datetime(2026, 11, 23, 23, 0, tzinfo=UTC).timestamp()
    cache.set("stock_AAPL", 2)
    clock.now += 2400
    assert cache.get_with_auto_strategy("stock_AAPL") == 2
    clock.now += 1
    assert cache.get_with_auto_strategy("stock_AAPL") is None


def test_live_games_are_as_fresh_as_their_sport_says(tmp_path: Path, clock: Clock) -> None:
    settings = ConfigManager({"nfl_scoreboard": {"live_update_interval": 20}}, plugin_id="p", section={}, width=64, height=32)
    cache = CacheManager(tmp_path, config_manager=settings, clock=clock)
    assert cache.get_sport_live_interval("nfl") == 20
    assert cache.get_cache_strategy("live_scores", "nfl") == {
        "max_age": 20,
        "memory_ttl": 40,
        "force_refresh": True,
        "market_hours_only": False,
    }
    cache.set("nfl_live", 1)
    clock.now += 21
    assert cache.get_with_auto_strategy("nfl_live") is None


def test_data_of_the_background_fetcher_and_how_often_it_was_there(cache: CacheManager, clock: Clock) -> None:
    assert cache.get_background_cached_data("nfl_schedule_2026") is None
    cache.set("nfl_schedule_2026", {"events": []}, ttl=100)
    assert cache.is_background_data_available("nfl_schedule_2026")
    assert cache.get_background_cached_data("nfl_schedule_2026", "nfl") == {"events": []}
    cache.record_cache_hit()
    cache.record_fetch_time(2.0)
    cache.record_fetch_time(1.0)
    assert cache.get_cache_metrics() == {
        "total_requests": 3,
        "cache_hit_rate": 2 / 3,
        "background_hit_rate": 0.5,
        "fetch_count": 2,
        "total_fetch_time": 3.0,
        "average_fetch_time": 1.5,
    }
    clock.now += 101
    assert not cache.is_background_data_available("nfl_schedule_2026")


def test_nothing_counted_is_no_division_by_zero(cache: CacheManager) -> None:
    assert cache.get_cache_metrics()["cache_hit_rate"] == 0


def test_a_key_for_the_games_of_a_day(cache: CacheManager) -> None:
    assert cache.generate_sport_cache_key("nba") == "nba_20270115"
    assert cache.generate_sport_cache_key("nba", "20261224") == "nba_20261224"
    assert cache.get_data_type_from_key("nba_recent") == "sports_recent"


def test_whether_data_changed(cache: CacheManager, clock: Clock) -> None:
    assert cache.has_data_changed("weather", {"temp": 1})
    cache.update_cache("weather", {"temp": 1})
    cache.save_cache("plain", {"temp": 1})
    assert not cache.has_data_changed("weather", {"temp": 1})
    assert not cache.has_data_changed("plain", {"temp": 1})
    assert cache.has_data_changed("weather", {"temp": 2})
    clock.now += 3601
    assert cache.has_data_changed("weather", {"temp": 1})


def test_what_lies_on_the_disk(cache: CacheManager, clock: Clock) -> None:
    cache.set("old/key", 1)
    clock.now += 10
    cache.set("new", 2)
    newest, oldest = cache.list_cache_files()
    assert (newest["key"], newest["age_seconds"], oldest["key"], oldest["age_seconds"]) == ("new", 0, "old/key", 10)
    assert Path(oldest["path"]).stat().st_size == oldest["size_bytes"]
    assert cache.get_cache_dir() == cache.cache_dir


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": "other", "stored_at": 1, "record": 1}', '{"key": "key"}'])
def test_a_damaged_file_is_a_miss(cache: CacheManager, restarted: Any, content: str) -> None:
    cache.set("key", 1)
    next((Path(cache.cache_dir) / "entries").glob("*.json")).write_text(content)
    assert restarted().get("key") is None


def test_a_folder_that_cannot_be_written_leaves_the_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = CacheManager(tmp_path / "file")
    cache.set("key", 1)
    assert cache.get("key") == 1


def test_files_are_written_whole(cache: CacheManager) -> None:
    cache.set("key", 1)
    (file,) = (Path(cache.cache_dir) / "entries").iterdir()
    assert json.loads(file.read_text())["record"]["data"] == 1


def test_memory_is_bounded_and_the_disk_remembers(cache: CacheManager) -> None:
    for number in range(300):
        cache.set(f"key{number}", number)
    assert len(cache._store._memory) == 256
    assert cache.get("key0") == 0
