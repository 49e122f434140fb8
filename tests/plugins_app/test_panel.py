"""Reading the director's last word, and waking it."""

from __future__ import annotations

import dataclasses
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django_q.tasks import async_task

from plugins_app.panel import read_panel
from plugins_app.wakeup import SOCKET_NAME, queue_socket, wake_director, wakeup_socket


@pytest.mark.parametrize(("age", "alive"), [(0.0, True), (1.9, True), (2.1, False), (-1.0, False)])
def test_a_beat_older_than_two_seconds_is_a_dead_director(tmp_path: Path, age: float, alive: bool) -> None:
    (tmp_path / "status.json").write_text(json.dumps({"beat": 100.0, "plugins": {"a": {"state": "showing"}, "b": 3}}))
    panel = read_panel(tmp_path, now=100.0 + age)
    assert (panel.alive, panel.plugin("a"), panel.plugin("b")) == (alive, {"state": "showing"} if alive else {}, {})


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"beat": "x"}', '{"beat": null}', "{}"])
def test_a_file_that_says_nothing_is_no_director(tmp_path: Path, text: str) -> None:
    assert not read_panel(tmp_path).alive
    (tmp_path / "status.json").write_text(text)
    assert not read_panel(tmp_path).alive


@pytest.mark.django_db(transaction=True)
def test_the_director_is_woken_by_the_commit_and_not_before(tmp_path: Path, settings: Any) -> None:
    settings.LEDSITE = dataclasses.replace(settings.LEDSITE, run_dir=tmp_path)
    wake_director()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as director:
        director.bind(str(tmp_path / SOCKET_NAME))
        director.setblocking(False)
        with transaction.atomic():
            wake_director()
            with pytest.raises(BlockingIOError):
                director.recv(10)
        assert director.recv(10) == b"look"


@pytest.mark.django_db(transaction=True)
def test_a_queue_is_woken_when_a_task_for_it_is_committed(tmp_path: Path, settings: Any) -> None:
    settings.LEDSITE = dataclasses.replace(settings.LEDSITE, run_dir=tmp_path)
    with wakeup_socket(tmp_path, queue_socket("slow")) as listener:
        with transaction.atomic():
            async_task("some.task", cluster="slow")
            with pytest.raises(BlockingIOError):
                listener.recv(10)
        assert listener.recv(10) == b"look"
    assert not list(tmp_path.iterdir())
