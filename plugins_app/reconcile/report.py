"""Keeps what a pass found, fixed and left to a person: as a row, as issues, and in the log exactly once per finding and start."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone

from plugins_app.models import IgnoredFinding, Issue, ReconcileRun, RepairVerdict
from plugins_app.reconcile.findings import DAMAGED, KINDS, MISSING, Finding
from plugins_app.reconcile.recovery import Fixed
from plugins_app.reconcile.repairs import Outcome

logger = logging.getLogger("plugins_app.reconcile")

KEPT_RUNS = 20


def last_run() -> dict[str, Any]:
    """Return the body of `GET state/reconcile`."""
    run = ReconcileRun.objects.exclude(finished_at=None).first()
    if run is None:
        return {"findings": [], "fixed": [], "manual_fix_required": [], "finished_at": None}
    still_open = set(Issue.objects.filter(kind__in=KINDS, resolved_at=None).values_list("kind", "subject"))
    manual = [entry for entry in run.manual if (entry["kind"], entry["plugin_id"]) in still_open]
    return {"findings": run.findings, "fixed": run.fixed, "manual_fix_required": manual, "finished_at": run.finished_at}


def record(run: ReconcileRun, *, recovered: list[Fixed], results: list[tuple[Finding, Outcome]]) -> None:
    """Complete the row of a pass, renew the issues, and log what this start has not said yet."""
    all_results = [(Finding(one.kind, one.plugin_id, one.reason), Outcome(True, one.reason)) for one in recovered] + results
    with transaction.atomic():
        _forget_ignored(all_results)
        manual = [
            _entry(finding, outcome) | {"actions": list(finding.actions)} for finding, outcome in all_results if _needs_person(outcome)
        ]
        _renew_issues(manual)
        _say_since_when(manual)
        run.findings = [_entry(finding, Outcome(False, finding.reason)) | {"verdict": outcome.verdict} for finding, outcome in all_results]
        run.fixed = [_entry(finding, outcome) for finding, outcome in all_results if outcome.is_fixed]
        run.manual = manual
        run.logged = _log_news(run, all_results)
        run.save()
        kept = ReconcileRun.objects.values_list("pk", flat=True)[:KEPT_RUNS]
        ReconcileRun.objects.exclude(pk__in=list(kept)).delete()


def _needs_person(outcome: Outcome) -> bool:
    return not outcome.is_fixed and not outcome.is_ignored


def _entry(finding: Finding, outcome: Outcome) -> dict[str, Any]:
    return {"plugin_id": finding.plugin_id, "kind": finding.kind, "reason": outcome.reason}


def _forget_ignored(results: list[tuple[Finding, Outcome]]) -> None:
    """A finding that has gone is told again when it comes back."""
    there = {(finding.kind, finding.plugin_id) for finding, _ in results}
    for ignored in IgnoredFinding.objects.all():
        if (ignored.kind, ignored.plugin_id) not in there:
            ignored.delete()


def _say_since_when(manual: list[dict[str, Any]]) -> None:
    judged = dict(RepairVerdict.objects.values_list("plugin_id", "since"))
    opened = {(issue.kind, issue.subject): issue.since for issue in Issue.objects.filter(kind__in=KINDS, resolved_at=None)}
    for entry in manual:
        since = judged.get(entry["plugin_id"]) if entry["kind"] in (MISSING, DAMAGED) else None
        entry["since"] = (since or opened.get((entry["kind"], entry["plugin_id"])) or timezone.now()).isoformat()


def _renew_issues(manual: list[dict[str, Any]]) -> None:
    """Keep one open issue per finding that needs a person; close those whose finding is gone."""
    open_now = {(entry["kind"], entry["plugin_id"]) for entry in manual}
    for issue in Issue.objects.filter(kind__in=KINDS, resolved_at=None):
        if (issue.kind, issue.subject) not in open_now:
            Issue.resolve(issue.kind, issue.subject)
    for entry in manual:
        message = f"{entry['plugin_id']}: {entry['reason']}"
        Issue.report(entry["kind"], entry["plugin_id"], message, hint="Choose what to do.", actions=entry["actions"])


def _log_news(run: ReconcileRun, results: list[tuple[Finding, Outcome]]) -> list[str]:
    """Say what this start of the product has not said; an outcome that changes is news again."""
    said = {key for keys in ReconcileRun.objects.filter(start_id=run.start_id).values_list("logged", flat=True) for key in keys}
    keys = set()
    for finding, outcome in results:
        key = f"{outcome.verdict}|{finding.kind}|{finding.plugin_id}|{outcome.reason}"
        if key not in said and key not in keys:
            level = logging.WARNING if _needs_person(outcome) else logging.INFO
            logger.log(level, "%s: %s, %s: %s", finding.plugin_id, finding.kind, outcome.verdict, outcome.reason)
        keys.add(key)
    return sorted(said | keys)
