"""Every promise in requirements.toml rests on a test that is there and runs."""

from __future__ import annotations

import pytest

from tests import ledger

NUMBERS = [f"R{number}" for number in range(1, 89)]


def test_every_number_has_its_row_and_there_is_no_other() -> None:
    assert list(ledger.rows()) == NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
def test_a_promise_rests_on_tests(number: str) -> None:
    row = ledger.rows()[number]
    assert set(row) == {"rule", "tests"}, row
    named = ledger.tests_of(row)
    assert named
    assert len(set(named)) == len(named)
    assert [name for name in named if not ledger.is_test(name)] == []
    assert {name: excuse for name in named if (excuse := ledger.excuses(name))} == {}


def test_a_test_that_gets_out_of_it_is_noticed() -> None:
    assert not ledger.is_test("tests/test_requirements_ledger.py::test_that_is_not_there")
    assert not ledger.is_test("tests/test_of_nothing.py::test_a")
    assert ledger.excuses("tests/test_requirements_ledger.py::test_with_an_excuse") == ["skip"]


def test_with_an_excuse() -> None:
    if not NUMBERS:
        pytest.skip("only here to be found")
