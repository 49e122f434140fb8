"""For the whole suite: a test on which a promise rests may not be skipped, wherever the skip comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.ledger import tests_that_count


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Turn a skip or an expected failure of such a test into a failure."""
    report: Any = yield
    if report.skipped and item.nodeid.partition("[")[0] in tests_that_count():
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} is in requirements.toml and was skipped: {report.longrepr}"
    return report
