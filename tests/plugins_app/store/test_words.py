"""What a search finds, which comes first, and what was probably meant."""

from __future__ import annotations

import pytest

from plugins_app.store.words import Searched, fold, probably_meant, searched, terms_of


def plugin(name: str, *, description: str = "", author: str = "Ann", category: str = "", tags: tuple[str, ...] = ()) -> Searched:
    return searched(name.lower().replace(" ", "-"), name, description, author, category, tags)


MUSIC = plugin("Music - Now Playing", description="Album art, in colour", category="media", tags=("youtube-music",))
CLOCK = plugin("Clock", description="The time, and the weather beside it", tags=("time",))
WEATHER = plugin("Weather Display", description="Rain or shine", author="José Ångström", category="weather", tags=("météo",))


@pytest.mark.parametrize(("text", "folded"), [("ÄRGER", "arger"), ("Straße", "strasse"), ("Café", "cafe"), ("PLAIN", "plain")])
def test_case_and_accents_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    "query",
    ["PLAYING music", "now-playing", "music, now", '"album art"', "youtube_music", "youtubemusic", "NowPlaying", "alb"],
)
def test_case_order_and_signs_between_words_do_not_matter(query: str) -> None:
    assert MUSIC.has(terms_of(query))


@pytest.mark.parametrize("query", ["angstrom jose", "METEO", "wéather"])
def test_accents_do_not_matter(query: str) -> None:
    assert WEATHER.has(terms_of(query))


@pytest.mark.parametrize("query", ["weather music", "gnow", "%", "⚽", "wether", "music-album", "playing-music"])
def test_every_word_must_be_found(query: str) -> None:
    assert not MUSIC.has(terms_of(query))


def test_names_come_before_what_a_plugin_is_filed_under_before_its_description() -> None:
    filed = plugin("Rain Radar", category="weather")
    inside = plugin("My Weather")
    found = sorted([CLOCK, filed, inside, WEATHER], key=lambda one: one.rank(terms_of("weather")))
    assert found == [WEATHER, inside, filed, CLOCK]


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("wether", "weather"),
        ("clocks", "clock"),
        ("Wether now", "weather now"),
        ("weather", ""),
        ("xyzzy", ""),
        ("wether xyzzy", ""),
        ("", ""),
    ],
)
def test_a_word_that_is_found_nowhere_is_replaced_by_one_like_it(query: str, meant: str) -> None:
    assert probably_meant(query, [MUSIC, CLOCK, WEATHER]) == meant


def test_a_long_query_is_not_guessed_at() -> None:
    assert probably_meant("wether " * 5, [WEATHER]) == "weather " * 4 + "weather"
    assert probably_meant("wether " * 6, [WEATHER]) == ""
