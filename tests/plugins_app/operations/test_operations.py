"""Creating, claiming, cancelling and running operations; what happens when workers die; periodic work."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ

from plugins_app.exceptions import Conflict, NetworkProblem, NotFound, OperationOpen
from plugins_app.installer import wheels
from plugins_app.installer.locks import hold
from plugins_app.lifecycle import requests
from plugins_app.models import Issue, Operation, OperationLog, Phase, Plugin
from plugins_app.operations import run as running
from plugins_app.operations.cancel import cancel
from plugins_app.operations.claim import claim, lock_path
from plugins_app.operations.create import create
from plugins_app.operations.job import ClaimLost
from plugins_app.operations.progress import Progress
from plugins_app.operations.queueing import waiting_operations
from plugins_app.operations.recovery import drop_foreign_staging, requeue_due
from plugins_app.operations.retention import KEEP_DAYS, tidy_up
from plugins_app.operations.run import run
from plugins_app.operations.schedule import Schedule
from tests.fakes.product import wait_for
from tests.fakes.shop import Shop

WHO = "mia"


def work_is(monkeypatch: pytest.MonkeyPatch, work: Any, kind: str = "uninstall") -> None:
    monkeypatch.setitem(running.WORK, kind, work)


def test_row_and_queue_entry_commit_together(shop: Shop) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        create("install", plugin_id="alpha", requested_by=WHO)
        raise RuntimeError
    assert (Operation.objects.count(), OrmQ.objects.count()) == (0, 0)
    operation = create("install", plugin_id="alpha", requested_by=WHO)
    assert waiting_operations() == {operation.pk}


@pytest.mark.parametrize(("kind", "queue"), [("install", "slow"), ("update", "slow"), ("uninstall", "main"), ("rollback", "slow")])
def test_each_kind_has_its_queue(shop: Shop, kind: str, queue: str) -> None:
    create(kind, plugin_id="alpha", requested_by=WHO)
    assert OrmQ.objects.get().key == queue


def test_one_open_operation_per_plugin_whatever_its_kind_or_spelling(shop: Shop) -> None:
    first = create("install", plugin_id="alpha", arguments={"a": 1}, requested_by=WHO)
    assert create("install", plugin_id="ALPHA", arguments={"a": 1}, requested_by=WHO) == first
    for kind, arguments in (("install", {"a": 2}), ("uninstall", {"a": 1})):
        with pytest.raises(OperationOpen) as busy:
            create(kind, plugin_id="Alpha", arguments=arguments, requested_by=WHO)
        assert busy.value.operation == first
    create("install", plugin_id="beta", requested_by=WHO)
    assert OrmQ.objects.count() == 2


def test_work_about_no_plugin_is_open_once_per_kind(shop: Shop) -> None:
    first = create("refresh", arguments={"force": True}, requested_by=WHO)
    assert create("refresh", arguments={"force": False}, requested_by=WHO) == first
    assert create("reconcile", requested_by=WHO) != first


@pytest.mark.parametrize("request_pass", [requests.request_reconcile, requests.request_refresh])
def test_a_forced_pass_waits_for_one_without_force_and_serves_who_asks_meanwhile(shop: Shop, request_pass: Any) -> None:
    shop.offer("alpha")
    plain = request_pass(requested_by=WHO)
    forced = request_pass(force=True, requested_by=WHO)
    assert forced != plain and forced.arguments == {"force": True}
    assert request_pass(force=True, requested_by=WHO) == forced
    assert request_pass(requested_by=WHO) == forced
    with claim(plain.pk, context=shop.context) as job:
        assert job is not None and not run(forced.pk)
        job.succeed()
    assert shop.finish(forced).status == "succeeded"


def test_a_forced_refresh_asks_although_one_without_force_is_open(shop: Shop) -> None:
    shop.offer("alpha")
    requests.request_refresh(requested_by=WHO)
    forced = requests.request_refresh(force=True, requested_by=WHO)
    shop.hub.fail("/registry", status=503)
    assert shop.finish(forced).error_code == "http-503"


def test_only_one_worker_gets_it(shop: Shop) -> None:
    operation = create("uninstall", plugin_id="alpha", requested_by=WHO)
    with claim(operation.pk, context=shop.context) as mine:
        assert mine is not None
        with claim(operation.pk, context=shop.context) as other:
            assert other is None
    operation.refresh_from_db()
    assert (operation.status, operation.phase, operation.attempts) == ("running", "claimed", 1)


def test_a_worker_that_lost_its_claim_changes_nothing_more(shop: Shop) -> None:
    operation = create("uninstall", plugin_id="alpha", requested_by=WHO)
    with claim(operation.pk, context=shop.context) as job:
        assert job is not None
        Operation.objects.update(owner="another")
        for change in (lambda: job.advance(Phase.FETCHED), lambda: job.warn("x"), job.succeed):
            with pytest.raises(ClaimLost):
                change()
    assert Operation.objects.get().owner == "another"


def test_what_waits_is_cancelled_at_once_and_never_runs(shop: Shop) -> None:
    shop.offer("alpha")
    operation = requests.request_install("alpha", requested_by=WHO)
    assert cancel(operation.pk, requested_by=WHO).status == "cancelled"
    assert not run(operation.pk)
    assert cancel(operation.pk, requested_by=WHO).status == "cancelled"
    assert not Plugin.objects.exists()


def test_what_runs_stops_before_its_commit(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(job: Any) -> None:
        cancel(job.operation.pk, requested_by=WHO)
        job.advance(Phase.COMMITTED)

    work_is(monkeypatch, work)
    operation = shop.finish(create("uninstall", plugin_id="alpha", requested_by=WHO))
    assert (operation.status, operation.phase) == ("cancelled", "claimed")


def test_a_long_installation_of_packages_is_heard_and_can_be_cancelled(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop.offer("alpha") / "requirements.txt").write_text("no-such-distribution-of-anyone\n")
    operation = requests.request_install("alpha", requested_by=WHO)
    monkeypatch.setattr(wheels, "_installers", lambda *_: iter([["/bin/sh", "-c", "echo one; sleep 0.1; echo two; sleep 60"]]))
    heard: set[str] = set()
    flush = Progress.flush

    def flush_and_look(progress: Progress) -> None:
        flush(progress)
        heard.update(operation.log.values_list("text", flat=True))
        if "two" in heard:
            Operation.objects.filter(pk=operation.pk).update(cancel_requested=True)

    monkeypatch.setattr(Progress, "flush", flush_and_look)
    assert shop.finish(operation).status == "cancelled"
    assert {"one", "two"} <= heard


def test_after_the_commit_it_is_too_late(shop: Shop) -> None:
    operation = create("uninstall", plugin_id="alpha", requested_by=WHO)
    Operation.objects.update(phase="committed", status="running")
    with pytest.raises(Conflict) as late:
        cancel(operation.pk, requested_by=WHO)
    assert (late.value.code, "undo" in late.value.hint) == ("too-late", True)
    with pytest.raises(NotFound):
        cancel(99999, requested_by=WHO)


def test_a_mistake_is_a_row_with_its_traceback_in_the_log(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    work_is(monkeypatch, lambda job: job.nothing)
    operation = shop.finish(create("uninstall", plugin_id="alpha", requested_by=WHO))
    assert (operation.status, operation.error_code) == ("failed", "internal-error")
    assert "AttributeError" in "".join(OperationLog.objects.values_list("text", flat=True))


def test_a_full_disk_is_said_so_and_not_tried_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(job: Any) -> None:
        raise OSError(28, "No space left on device")

    work_is(monkeypatch, work)
    operation = shop.finish(create("uninstall", plugin_id="alpha", requested_by=WHO))
    assert (operation.status, operation.error_code) == ("failed", "disk-full")


def test_the_other_side_says_how_long_to_wait(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(job: Any) -> None:
        raise NetworkProblem("busy", retry_after=900.0)

    work_is(monkeypatch, work)
    operation = shop.finish(create("uninstall", plugin_id="alpha", requested_by=WHO))
    assert operation.retry_at is not None and operation.retry_at > timezone.now() + timedelta(minutes=14)


def test_after_its_commit_it_never_fails_but_goes_on_with_an_issue(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(job: Any) -> None:
        if not job.operation.is_committed():
            job.advance(Phase.COMMITTED)
        if job.operation.attempts < 6:
            raise ValueError("no")
        job.succeed()

    work_is(monkeypatch, work)
    operation = create("uninstall", plugin_id="alpha", requested_by=WHO)
    for _ in range(5):
        Operation.objects.update(retry_at=None)
        assert shop.finish(operation).status == "queued"
    assert (operation.phase, Issue.objects.filter(kind="operation-stuck", resolved_at=None).count()) == ("committed", 1)
    Operation.objects.update(retry_at=None)
    assert shop.finish(operation).status == "succeeded"
    assert not Issue.objects.filter(resolved_at=None).exists()


def test_a_worker_that_dies_at_it_three_times_ends_it(shop: Shop) -> None:
    operation = create("install", plugin_id="alpha", requested_by=WHO)
    Operation.objects.update(attempts=3, status="running", owner="dead")
    operation = shop.finish(operation)
    assert (operation.status, operation.error_code) == ("failed", "interrupted")


def test_the_sweep_queues_what_nobody_has_and_nothing_twice(shop: Shop) -> None:
    operation = create("install", plugin_id="alpha", requested_by=WHO)
    assert requeue_due(shop.context) == 0
    OrmQ.objects.all().delete()
    assert (requeue_due(shop.context), requeue_due(shop.context)) == (1, 0)
    Operation.objects.update(status="running", owner="dead")
    with hold(lock_path(shop.context.paths, operation)):
        assert requeue_due(shop.context) == 0
    assert (requeue_due(shop.context), requeue_due(shop.context)) == (1, 0)
    operation.refresh_from_db()
    assert (operation.status, operation.owner) == ("queued", "")


def test_what_waits_for_its_next_try_is_queued_when_that_is_due(shop: Shop) -> None:
    create("install", plugin_id="alpha", requested_by=WHO)
    OrmQ.objects.all().delete()
    Operation.objects.update(retry_at=timezone.now() + timedelta(minutes=1))
    assert requeue_due(shop.context) == 0
    Operation.objects.update(retry_at=timezone.now() - timedelta(seconds=1))
    assert requeue_due(shop.context) == 1


def test_the_schedule_queues_the_registry_and_changed_folders(shop: Shop) -> None:
    now = [1000.0]
    schedule = Schedule(shop.context, clock=lambda: now[0])

    def queued() -> list[str]:
        names = sorted(row.task["func"].rpartition(".")[2] for row in OrmQ.objects.all())
        OrmQ.objects.all().delete()
        return names

    schedule.tick()
    assert queued() == ["check_folders", "refresh_registries", "tidy_up"]
    now[0] += 31
    schedule.tick()
    assert queued() == []
    shop.put_folder("alpha")
    now[0] += 31
    schedule.tick()
    assert "check_folders" in queued()


def test_the_schedule_asks_for_work_again_only_when_somebody_has_written(shop: Shop) -> None:
    schedule = Schedule(shop.context, clock=lambda: 1000.0)
    schedule.tick()
    schedule.tick()
    with CaptureQueriesContext(connection) as queries:
        schedule.tick()
    assert len(queries) == 0


def test_the_schedule_sees_that_what_waits_is_due_though_nobody_has_written(shop: Shop) -> None:
    schedule = Schedule(shop.context, clock=lambda: 1000.0)
    operation = create("install", plugin_id="alpha", requested_by=WHO)
    OrmQ.objects.all().delete()
    Operation.objects.update(retry_at=timezone.now() + timedelta(seconds=0.3))
    schedule.tick()
    schedule.tick()
    assert waiting_operations() == set()

    def is_queued() -> bool:
        schedule.tick()
        return waiting_operations() == {operation.pk}

    wait_for(is_queued, seconds=5)


def test_old_operations_are_forgotten_and_open_ones_never(shop: Shop) -> None:
    old = timezone.now() - timedelta(days=KEEP_DAYS + 1)
    Operation.objects.create(kind="install", plugin_id="alpha", status="succeeded", finished_at=old)
    kept = Operation.objects.create(kind="install", plugin_id="beta", status="queued", created_at=old)
    tidy_up(shop.context)
    assert list(Operation.objects.all()) == [kept]


def test_an_upload_nobody_waits_for_is_deleted_after_a_day(shop: Shop) -> None:
    folder = shop.context.uploads
    folder.mkdir(parents=True)
    for name, age in (("old.zip", 2), ("new.zip", 0), ("wanted.zip", 2)):
        (folder / name).touch()
        past = (timezone.now() - timedelta(days=age)).timestamp()
        os.utime(folder / name, (past, past))
    Operation.objects.create(kind="install", plugin_id="a", arguments={"path": str(folder / "wanted.zip")})
    tidy_up(shop.context)
    assert sorted(path.name for path in folder.iterdir()) == ["new.zip", "wanted.zip"]


def test_a_failed_operation_can_be_asked_for_again(shop: Shop, tmp_path: Path) -> None:
    shop.offer("alpha", code="raise RuntimeError('no')")
    failed = shop.finish(requests.request_install("alpha", requested_by=WHO))
    shop.offer("alpha")
    again = requests.request_again(failed.pk, requested_by=WHO)
    assert (again.arguments, shop.finish(again).status) == (failed.arguments, "succeeded")
    with pytest.raises(Conflict):
        requests.request_again(again.pk, requested_by=WHO)
    with pytest.raises(NotFound):
        requests.request_again(99999, requested_by=WHO)


def test_staging_is_dropped_unless_somebody_works_in_it(shop: Shop) -> None:
    operation = create("install", plugin_id="alpha", requested_by=WHO)
    paths = shop.context.paths
    for folder in (paths.staged(operation.pk, 1), paths.staged(99999, 1), paths.staging / "strange"):
        folder.mkdir()
    with hold(lock_path(paths, operation)):
        drop_foreign_staging(shop.context)
        assert [folder.name for folder in paths.staging.iterdir()] == [f"op{operation.pk}-1"]
    drop_foreign_staging(shop.context)
    assert list(paths.staging.iterdir()) == []
