"""What a person can do about a finding: try again, keep it as it is, remove it, or hear no more of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from plugins_app import audit
from plugins_app.config import store as config_store
from plugins_app.exceptions import BadRequest, Conflict, DiskProblem, NotFound
from plugins_app.installer.collect import empty_trash, throw_away
from plugins_app.installer.files import exists
from plugins_app.installer.locks import hold
from plugins_app.lifecycle.migrating import migrate
from plugins_app.lifecycle.requests import get_installed, request_uninstall
from plugins_app.models import IgnoredFinding, Issue, Operation, OperationKind, OperationStatus, Plugin, Revision
from plugins_app.operations.context import Context, current_context
from plugins_app.operations.create import create
from plugins_app.operations.queueing import enqueue
from plugins_app.package.ids import is_valid_id
from plugins_app.reconcile import verdicts
from plugins_app.reconcile.adopt import adopt_folder, keep_as_it_is
from plugins_app.reconcile.findings import ACTIONS, BAD_SETTINGS, INTERRUPTED, KINDS, LEFTOVER, Finding, actions_for
from plugins_app.reconcile.repairs import reinstall_arguments
from plugins_app.wakeup import wake_director

NEEDS_ADMIN = frozenset({"adopt", "remove"})


@dataclass(frozen=True)
class Acted:
    """What was done, in a sentence; `operation` when a worker does it."""

    message: str
    operation: Operation | None = None


def act(plugin_id: str, action: str, *, kind: str = "", requested_by: str) -> Acted:
    """Do something about a finding that is open; `kind` chooses among several of one plugin.

    Raise BadRequest `bad-action`, NotFound `no-such-finding`, or what the action itself refuses.
    """
    if action not in ACTIONS:
        raise BadRequest(f"{action[:40]!r} is not an action.", code="bad-action", hint=f"Use one of {', '.join(ACTIONS)}.")
    finding = _find(plugin_id, action, kind)
    done = _ACTIONS[action](finding, requested_by)
    if done.operation is None:
        Issue.resolve(finding.kind, finding.plugin_id)
    return done


def _find(plugin_id: str, action: str, kind: str) -> Finding:
    wanted = Issue.objects.filter(subject__iexact=plugin_id, kind__in=[kind] if kind in KINDS else KINDS, resolved_at=None)
    found = [Finding(issue.kind, issue.subject, issue.message) for issue in wanted.order_by("pk")]
    if not found or (kind and kind not in KINDS):
        raise NotFound(
            f"There is no finding about {plugin_id[:63]}.", code="no-such-finding", hint="Run a reconciliation to see what is there now."
        )
    fitting = [finding for finding in found if action in finding.actions]
    if not fitting:
        offered = sorted({name for finding in found for name in actions_for(finding.kind)})
        raise BadRequest(f"{action} does not help here.", code="bad-action", hint=f"Use one of {', '.join(offered)}.")
    return fitting[0]


def _retry(finding: Finding, requested_by: str) -> Acted:
    if finding.kind == INTERRUPTED:
        return _take_up(finding)
    if finding.kind == BAD_SETTINGS:
        return _use_defaults(finding, requested_by)
    plugin = get_installed(finding.plugin_id)
    arguments = reinstall_arguments(plugin)
    verdicts.forget(plugin.plugin_id)
    operation = create(OperationKind.INSTALL, plugin_id=plugin.plugin_id, arguments=arguments, requested_by=requested_by)
    return Acted(f"{plugin.name} is being installed again.", operation)


def _take_up(finding: Finding) -> Acted:
    with transaction.atomic():
        operation = Operation.objects.committed().filter(plugin_id=finding.plugin_id).first()
        if operation is None:
            raise Conflict("That operation has ended meanwhile.", code="nothing-to-repeat", hint="Look at the operations.")
        if Operation.objects.filter(pk=operation.pk, status=OperationStatus.QUEUED).update(retry_at=None):
            enqueue(operation)
    return Acted(f"The {operation.kind} goes on.", operation)


def _use_defaults(finding: Finding, requested_by: str) -> Acted:
    with transaction.atomic():
        plugin = get_installed(finding.plugin_id)
        migrated = migrate(config_store.snapshot(plugin), plugin.schema)
        if not migrated.given_up:
            raise Conflict("No default helps here.", code="cannot-be-repaired", hint="Open its settings and correct them.")
        config_store.restore(plugin, migrated.snapshot)
        audit.record(requested_by, "settings-repaired", plugin.plugin_id, changed=sorted(migrated.replaced)[:50])
        Revision.bump("plugins", "settings")
        wake_director()
    return Acted(" ".join(migrated.given_up))


def _adopt(finding: Finding, requested_by: str) -> Acted:
    adopt = keep_as_it_is if Plugin.objects.filter(pk=finding.plugin_id).exists() else adopt_folder
    plugin = adopt(current_context(), finding.plugin_id, requested_by=requested_by)
    state = "It stays as it is" if plugin.enabled else "It is switched off: see its settings, then turn it on"
    return Acted(f"{plugin.name} is a local plugin now, which no update overwrites. {state}.")


def _remove(finding: Finding, requested_by: str) -> Acted:
    plugin = Plugin.objects.filter(pk=finding.plugin_id).first()
    if plugin is not None:
        return Acted(f"{plugin.name} is being removed.", request_uninstall(plugin.plugin_id, requested_by=requested_by))
    _remove_folder(current_context(), finding, requested_by)
    return Acted(f"The folder {finding.plugin_id} is deleted.")


def _remove_folder(context: Context, finding: Finding, requested_by: str) -> None:
    """Delete a folder that belongs to no plugin; the name is one that was found in the plugin folder, never a path."""
    paths, name = context.paths, finding.plugin_id
    folder = paths.plugin_dir / name
    if name != folder.name or name.startswith(".") or not exists(folder):
        raise NotFound(f"There is no folder {name[:80]}.", code="no-such-finding", hint="Run a reconciliation to see what is there now.")
    lock = paths.operation_lock(name) if is_valid_id(name) else paths.locks / "_folder.lock"
    with hold(lock):
        if Operation.objects.committed().filter(plugin_id__iexact=name).exists():
            raise Conflict(f"{name} is busy.", code="operation-open", hint="Wait for its operation to end.")
        throw_away(paths, folder)
        left = empty_trash(paths)
    audit.record(requested_by, "remove-leftover" if finding.kind == LEFTOVER else "remove-folder", name)
    if left:
        raise DiskProblem("Not everything could be deleted.", hint=f"Delete what is in {paths.trash} as the user who owns it.")


def _ignore(finding: Finding, requested_by: str) -> Acted:
    with transaction.atomic():
        IgnoredFinding.objects.get_or_create(kind=finding.kind, plugin_id=finding.plugin_id, defaults={"ignored_by": requested_by[:150]})
        audit.record(requested_by, "ignore", finding.plugin_id, kind=finding.kind)
    return Acted("It is left as it is and not reported again while it stays so.")


_ACTIONS: dict[str, Callable[[Finding, str], Acted]] = {"retry": _retry, "adopt": _adopt, "remove": _remove, "ignore": _ignore}
