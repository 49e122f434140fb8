"""Work that is due and that nobody takes is told once, and the notice goes when the work does."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from plugins_app.models import Issue, Operation
from plugins_app.operations import run as running
from plugins_app.operations import watchdog
from plugins_app.operations.create import create
from tests.fakes.shop import Shop

LATE = timedelta(minutes=5)


def waiting() -> list[str]:
    watchdog.look()
    return list(Issue.objects.filter(kind=watchdog.WAITING, resolved_at=None).values_list("subject", flat=True))


def put_late(kind: str = "install", plugin_id: str = "alpha", **facts: object) -> Operation:
    return Operation.objects.create(kind=kind, plugin_id=plugin_id, created_at=timezone.now() - LATE, **facts)


@pytest.mark.django_db
def test_what_is_due_for_long_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    create("install", plugin_id="new", requested_by="mia")
    assert waiting() == []
    put_late()
    put_late("uninstall", "beta")
    with caplog.at_level(logging.INFO, logger="plugins_app.operations.watchdog"):
        assert sorted(waiting()) == sorted(waiting()) == ["main", "slow"]
        Operation.objects.all().delete()
        assert waiting() == []
    assert [record.levelname for record in caplog.records if "watchdog" in record.name] == ["ERROR", "ERROR", "INFO", "INFO"]


@pytest.mark.django_db
def test_work_behind_other_work_is_not_forgotten_work() -> None:
    put_late()
    busy = put_late("update", "beta", status="running")
    assert waiting() == []
    Operation.objects.filter(pk=busy.pk).update(status="succeeded", started_at=timezone.now(), finished_at=timezone.now())
    assert waiting() == []
    Operation.objects.filter(pk=busy.pk).update(finished_at=timezone.now() - LATE)
    assert waiting() == ["slow"]


@pytest.mark.django_db
def test_what_waits_for_its_next_try_is_not_late() -> None:
    put_late(retry_at=timezone.now() + timedelta(minutes=1))
    assert waiting() == []
    Operation.objects.update(retry_at=timezone.now() - timedelta(seconds=1))
    assert waiting() == []
    Operation.objects.update(retry_at=timezone.now() - LATE)
    assert waiting() == ["slow"]


def test_a_failure_that_nobody_watches_is_a_notice_until_it_works(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(running.WORK, "refresh", lambda job: job.nothing)
    shop.finish(create("refresh", requested_by="system"))
    assert Issue.objects.get(kind="operation-failed", resolved_at=None).subject == "refresh"
    monkeypatch.setitem(running.WORK, "refresh", lambda job: job.succeed())
    shop.finish(create("refresh", requested_by="mia"))
    assert not Issue.objects.filter(resolved_at=None).exists()
