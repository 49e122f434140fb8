"""The whole pass: recovery, then findings, then repairs, then the report; marked done always, whatever happened in it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from plugins_app.models import Phase, Plugin, ProductStart, ReconcileRun, Revision
from plugins_app.operations.context import Context
from plugins_app.operations.job import Job
from plugins_app.package.compatibility import incompatibility
from plugins_app.reconcile import verdicts
from plugins_app.reconcile.facts import Facts, State
from plugins_app.reconcile.findings import Finding, find
from plugins_app.reconcile.gather import gather
from plugins_app.reconcile.recovery import recover
from plugins_app.reconcile.repairs import Outcome, Repairs
from plugins_app.reconcile.report import record
from plugins_app.wakeup import wake_director


def run_operation(job: Job, *, run: Callable[[int], bool]) -> None:
    """Run a pass as the operation that was asked for."""
    converge(job.context, run=run, force=bool(job.operation.arguments.get("force")), log=job.log)
    job.advance(Phase.STORED)
    job.succeed()


def converge(
    context: Context, *, run: Callable[[int], bool], force: bool = False, log: Callable[[str], None] = lambda text: None
) -> ReconcileRun:
    """Make the disk agree with the rows and repair what may be repaired; a second pass right after changes nothing."""
    start_id = current_start_id()
    row = ReconcileRun.objects.create(start_id=start_id, forced=force)
    try:
        if force:
            verdicts.forget_all()
        recovered = recover(context, run)
        results = _repair_all(context, run=run, start_id=start_id, log=log)
        record(row, recovered=recovered, results=results)
    finally:
        ReconcileRun.objects.filter(pk=row.pk).update(finished_at=timezone.now())
        ProductStart.objects.filter(reconciled_at=None).update(reconciled_at=timezone.now())
    row.refresh_from_db()
    return row


def current_start_id() -> str:
    """Return the start of the product that goes on now."""
    return ProductStart.objects.order_by("-claimed_at").values_list("start_id", flat=True).first() or ""


def _repair_all(
    context: Context, *, run: Callable[[int], bool], start_id: str, log: Callable[[str], None]
) -> list[tuple[Finding, Outcome]]:
    facts = gather(context)
    _note_states(facts)
    repairs = Repairs(context, run=run, start_id=start_id)
    results = []
    for finding in find(facts):
        outcome = repairs.repair(finding)
        log(f"{finding.plugin_id}: {finding.kind}: {outcome.reason}")
        results.append((finding, outcome))
    return results


def _note_states(facts: Facts) -> None:
    """Write down which plugins have no files, and which do not fit this version of the product."""
    absent = [plugin.plugin_id for plugin in facts.plugins if plugin.state in (State.MISSING, State.DAMAGED) and not plugin.is_busy]
    present = [plugin.plugin_id for plugin in facts.plugins if plugin.state not in (State.MISSING, State.DAMAGED)]
    with transaction.atomic():
        changed = Plugin.objects.filter(pk__in=absent, missing=False).update(missing=True)
        changed += Plugin.objects.filter(pk__in=present, missing=True).update(missing=False)
        for plugin in Plugin.objects.only("plugin_id", "manifest", "incompatible"):
            reason = incompatibility(plugin.manifest) or ""
            if reason != plugin.incompatible:
                changed += Plugin.objects.filter(pk=plugin.pk).update(incompatible=reason)
        if changed:
            Revision.bump("generation", "plugins")
            wake_director()
