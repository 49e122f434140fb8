"""What a child process does in a crash test: prepare a scene, work until killed, recover, tell what is there."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone
from django_q.models import OrmQ

from plugins_app import failpoints
from plugins_app.config.store import save_settings
from plugins_app.installer import place
from plugins_app.installer.locks import is_held
from plugins_app.lifecycle import automatic, requests
from plugins_app.models import Operation, Probation, Release, Tombstone, UpdatePolicy
from plugins_app.models.plugin import UNDO_DAYS
from plugins_app.models.updates import PROBATION_TURNS, RELEASE_HOURS
from plugins_app.operations.context import current_context
from plugins_app.operations.foreground import follow
from plugins_app.operations.retention import tidy_up
from plugins_app.operations.run import run
from plugins_app.package.livelock import share_live_lock
from plugins_app.reconcile.actions import act
from plugins_app.reconcile.converge import converge
from plugins_app.reconcile.folders import check_folders
from plugins_app.reconcile.start import on_worker_start
from tests.crash import invariants
from tests.crash.recorder import Recorder

WHO = "tester"
MAX_ROUNDS = 6
REGULAR = {"expiry": 0, "probation": -1}  # work that is no operation: what a worker does from time to time


def migrate() -> None:
    """Make the tables."""
    call_command("migrate", verbosity=0)


def finish(operation: Operation) -> None:
    """Run an operation to its end, as part of a scene."""
    follow(operation.pk, lambda text: None)


def refresh() -> None:
    """Know what is on offer."""
    finish(requests.request_refresh(force=True, requested_by=WHO))


def queued() -> int:
    """Return how many install tasks lie in the queues."""
    return sum(1 for row in OrmQ.objects.all() if row.key == "slow" and row.task["args"][0] in _installs())


def _installs() -> set[int]:
    return set(Operation.objects.filter(kind="install").values_list("pk", flat=True))


def install_both() -> None:
    """Have two plugins with settings, a secret, and a file that the first one wrote."""
    refresh()
    for plugin_id in ("bystander", "alpha"):
        finish(requests.request_install(plugin_id, requested_by=WHO))
        save_settings(plugin_id, {"city": "Bern", "units": "imperial", "api_key": "s3cret"}, partial=True, requested_by=WHO)
        (settings.LEDSITE.plugin_dir / plugin_id / "written.txt").write_text("by the plugin")


def update_alpha() -> None:
    """Have the second version of alpha live."""
    finish(requests.request_update("alpha", requested_by=WHO))


def uninstall_alpha() -> None:
    """Have alpha removed."""
    finish(requests.request_uninstall("alpha", requested_by=WHO))


def edit_alpha() -> None:
    """Have alpha's folder say another version than the one that was installed, and noticed."""
    manifest = settings.LEDSITE.plugin_dir / "alpha" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"1.0.0"', '"6.6.6"'))
    converge(current_context(), run=run)


def offer_by_itself() -> None:
    """Have automatic updates on, with a release of alpha that has been known for a day."""
    refresh()
    for plugin_id in ("bystander", "alpha"):
        save_settings(plugin_id, {"units": "metric"}, partial=True, requested_by=WHO)  # what a new schema refuses never comes by itself
    automatic.set_automatic(True, requested_by=WHO)
    automatic.look()
    let_a_day_pass("alpha")


def update_by_itself() -> None:
    """Have the release live, on probation."""
    finish(_begun_by_itself("update"))


def fail_probation() -> None:
    """Have it fail on the panel; what it has written since is not to stay."""
    Probation.note_fault("alpha", Probation.objects.get().generation, "It crashed.")
    (settings.LEDSITE.plugin_dir / "alpha" / "written.txt").write_text("spoilt")


def pass_probation() -> None:
    """Have it shown often enough, and another release waiting that has been known for a day."""
    for _ in range(PROBATION_TURNS):
        Probation.note_turn("alpha", Probation.objects.get().generation, had_picture=True, seconds=10.0)
    let_a_day_pass("bystander")


def let_a_day_pass(plugin_id: str) -> None:
    """Have releases of a plugin that are a day older."""
    Release.objects.filter(plugin_id=plugin_id).update(seen_at=F("seen_at") - timedelta(hours=RELEASE_HOURS))


def _begun_by_itself(kind: str) -> Operation:
    automatic.look()
    return Operation.objects.open().get(kind=kind)


def lose_alpha() -> None:
    """Have alpha's folder deleted by hand, and noticed."""
    shutil.rmtree(settings.LEDSITE.plugin_dir / "alpha")
    check_folders(current_context())


def drop_handmade() -> None:
    """Have a folder that a person put there."""
    plugin_dir = settings.LEDSITE.plugin_dir
    shutil.copytree(plugin_dir / "bystander", plugin_dir / "handmade", ignore=shutil.ignore_patterns("__pycache__", "written.txt"))
    manifest = plugin_dir / "handmade" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"bystander"', '"handmade"'))


def let_a_week_pass() -> None:
    """Have tombstones that nobody can undo any more."""
    Tombstone.objects.update(removed_at=timezone.now() - timedelta(days=UNDO_DAYS + 1))


def _renewal() -> Operation:
    operation = act("alpha", "retry", requested_by=WHO).operation
    assert operation is not None
    return operation


def request(kind: str) -> int:
    """Ask for the operation that is going to be killed; what is none has a number below one."""
    if kind in REGULAR:
        return REGULAR[kind]
    asked: dict[str, Callable[[], Operation]] = {
        "install": lambda: requests.request_install("alpha", requested_by=WHO),
        "preview": lambda: requests.request_preview("alpha", requested_by=WHO),
        "update": lambda: requests.request_update("alpha", requested_by=WHO),
        "uninstall": lambda: requests.request_uninstall("alpha", requested_by=WHO),
        "undo": lambda: requests.request_undo_uninstall("alpha", requested_by=WHO),
        "rollback": lambda: requests.request_rollback("alpha", requested_by=WHO),
        "purge": lambda: requests.request_purge("alpha", requested_by=WHO),
        "renew": _renewal,
        "automatic": lambda: _begun_by_itself("update"),
        "return": lambda: _begun_by_itself("rollback"),
        "reinstall": lambda: requests.request_install("alpha", requested_by=WHO),
        "converge": lambda: requests.request_reconcile(force=True, requested_by=WHO),
    }
    return asked[kind]().pk


def work(operation_id: int, *, kill_at: int | None, record: str = "", changes: str = "") -> int:
    """Run the operation and die at the k-th failpoint; return how many were passed when there were fewer.

    `record` gets the names of the points, the folder `changes` what happened on the disk.
    """
    if changes:
        current_context()
        Recorder(Path(changes)).start()
    failpoints.arm(kill_at=kill_at, record=Path(record) if record else None)
    if operation_id > 0:
        run(operation_id)
    elif operation_id == REGULAR["expiry"]:
        tidy_up(current_context())
    else:
        look_after_probation()
    return failpoints.disarm()


def look_after_probation() -> None:
    """Do what a worker does every minute, and what is queued by that."""
    automatic.look()
    for operation_id in Operation.objects.open().values_list("pk", flat=True):
        run(operation_id)


def work_beside_a_host(operation_id: int) -> bool:
    """Run the operation while a host of alpha runs; tell whether the host still ran when the files had changed."""
    place.place.__kwdefaults__["wait"] = 0.2
    host = os.fork()
    if not host:
        share_live_lock(current_context().paths.live_lock("alpha"))
        signal.pause()
    while not is_held(current_context().paths.live_lock("alpha")):
        time.sleep(0.01)
    run(operation_id)
    ended, _ = os.waitpid(host, os.WNOHANG)
    if not ended:
        os.kill(host, signal.SIGKILL)
        os.waitpid(host, 0)
    return not ended


def is_decided(operation_id: int) -> bool:
    """Tell whether the database knows of the operation's commit."""
    return Operation.objects.get(pk=operation_id).is_committed()


def recover(*, kill_at: int | None = None) -> int:
    """Start as a new worker does and run all that is open; return how many failpoints were passed."""
    failpoints.arm(kill_at=kill_at)
    on_worker_start("start-after-crash")
    if UpdatePolicy.is_automatic():
        automatic.look()
    for _ in range(MAX_ROUNDS):
        if not Operation.objects.open().exists():
            break
        Operation.objects.open().update(retry_at=None)
        for operation_id in Operation.objects.open().order_by("pk").values_list("pk", flat=True):
            run(operation_id)
    tidy_up(current_context())
    return failpoints.disarm()


def look() -> dict[str, Any]:
    """Return what there is."""
    return invariants.picture(current_context())


def inspect(operation_id: int) -> dict[str, Any]:
    """Return what is wrong, what there is, and what a second pass would change."""
    context = current_context()
    wrong = invariants.violations(context)
    before = invariants.picture(context)
    converge(context, run=lambda pk: run(pk, context=context))
    after = invariants.picture(context)
    wrong += [f"I8 a second pass changes {name}" for name in before if before[name] != after[name] and name != "issues"]
    operation = Operation.objects.filter(pk=operation_id).first() or Operation(status="succeeded")
    return {"wrong": wrong, "picture": after, "status": operation.status, "error": operation.error_message, "attempts": operation.attempts}


def recover_and_inspect(operation_id: int) -> dict[str, Any]:
    """Start as a new worker does, and look at what that has made of it."""
    recover()
    return inspect(operation_id)


def close_database() -> None:
    """Leave the database as files that can be copied."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


_SCENES = (
    migrate,
    refresh,
    install_both,
    edit_alpha,
    update_alpha,
    offer_by_itself,
    update_by_itself,
    fail_probation,
    pass_probation,
    uninstall_alpha,
    lose_alpha,
    drop_handmade,
    let_a_week_pass,
)
_WORK = (request, work, work_beside_a_host, is_decided, recover, recover_and_inspect, look, inspect, queued, close_database)
ACTIONS: dict[str, Callable[..., Any]] = {action.__name__: action for action in (*_SCENES, *_WORK)}
