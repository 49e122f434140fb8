"""What tests of the panel's pages share: an operator's browser, and a director that says how it is."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client

from plugins_app.access import Role
from tests.fakes.people import make_user


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(make_user(Role.OPERATOR))
    return client


@pytest.fixture
def say() -> Iterator[Callable[..., None]]:
    path = settings.LEDSITE.run_dir / "status.json"

    def write(**state: object) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"beat": time.monotonic(), "pid": 1, "power": True, **state}))

    yield write
    path.unlink(missing_ok=True)
