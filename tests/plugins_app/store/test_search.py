"""Which filters an address means."""

from __future__ import annotations

import pytest

from plugins_app.exceptions import BadRequest
from plugins_app.store.search import ANYTHING, Wanted


def test_an_address_says_what_is_wanted_and_back() -> None:
    given = {"query": " Rain ", "category": "weather", "installed": "0", "verified": "TRUE", "limit": "5", "compatible": ""}
    wanted = Wanted.of(given)
    assert wanted == Wanted(query="Rain", category="weather", installed=False, verified=True)
    assert wanted.as_texts() == {"query": "Rain", "category": "weather", "verified": "true", "installed": "false"}
    assert Wanted.of(wanted.as_texts()) == wanted
    assert wanted.without("verified").without("installed").without("category").without("query") == ANYTHING


@pytest.mark.parametrize("text", ["maybe", "2", "None", "'"])
def test_a_flag_is_true_or_false(text: str) -> None:
    with pytest.raises(BadRequest) as caught:
        Wanted.of({"installed": text})
    assert caught.value.code == "bad-filter"
