"""Panels for the tests of the director; the tables are made once a session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.panel import FakePanelOwner, migrated_database


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    with django_db_blocker.unblock():
        migrated_database(path)
    return path


@pytest.fixture
def make_panel(tmp_path: Path, empty_database: Path, django_db_blocker: Any) -> Iterator[Callable[..., FakePanelOwner]]:
    panels: list[FakePanelOwner] = []

    def make(*, folder: Path | None = None, **options: Any) -> FakePanelOwner:
        panels.append(FakePanelOwner(folder or tmp_path / f"panel{len(panels)}", empty_database, **options))
        return panels[-1]

    with django_db_blocker.unblock():
        yield make
        for panel in panels:
            panel.close()


@pytest.fixture
def panel(make_panel: Callable[..., FakePanelOwner]) -> FakePanelOwner:
    return make_panel()
