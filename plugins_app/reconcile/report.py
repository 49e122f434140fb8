"""Keeps what a pass found, fixed and left to a person: as a row, as issues, and in the log exactly once per finding and start."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone

from plugins_app.models import Issue, ReconcileRun, RepairVerdict
from plugins_app.reconcile.findings import KINDS, Finding
from plugins_app.reconcile.recovery import Fixed
from plugins_app.reconcile.repairs import Outcome

logger = logging.getLogger("plugins_app.reconcile")

KEPT_RUNS = 20


def last_run() -> dict[str, Any]:
    """Return the body of `GET state/reconcile`."""
    run = ReconcileRun.objects.exclude(finished_at=None).first()
    if run is None:
        return {"findings": [], "fixed": [], "manual_fix_required": [], "finished_at": None}
    return {"findings": run.findings, "fixed": run.fixed, "manual_fix_required": run.manual, "finished_at": run.finished_at}


def record(run: ReconcileRun, *, recovered: list[Fixed], results: list[tuple[Finding, Outcome]]) -> None:
    """Complete the row of a pass, renew the issues, and log what this start has not said yet."""
    since = {verdict.plugin_id: verdict.since for verdict in RepairVerdict.objects.all()}
    fixed = [_entry(one.kind, one.plugin_id, one.reason) for one in recovered]
    fixed += [_entry(finding.kind, finding.plugin_id, outcome.reason) for finding, outcome in results if outcome.is_fixed]
    manual = [
        _entry(finding.kind, finding.plugin_id, outcome.reason) | {"actions": list(finding.actions)}
        for finding, outcome in results
        if not outcome.is_fixed
    ]
    with transaction.atomic():
        _renew_issues(manual)
        opened = {(issue.kind, issue.subject): issue.since for issue in Issue.objects.filter(kind__in=KINDS, resolved_at=None)}
        for entry in manual:
            key = (entry["kind"], entry["plugin_id"])
            entry["since"] = (since.get(entry["plugin_id"]) or opened.get(key) or timezone.now()).isoformat()
        found = [_entry(one.kind, one.plugin_id, one.reason) for one in recovered]
        run.findings = found + [_entry(finding.kind, finding.plugin_id, finding.reason) for finding, _ in results]
        run.fixed, run.manual = fixed, manual
        run.logged = _log_news(run, fixed=fixed, manual=manual)
        run.save()
        kept = ReconcileRun.objects.values_list("pk", flat=True)[:KEPT_RUNS]
        ReconcileRun.objects.exclude(pk__in=list(kept)).delete()


def _entry(kind: str, plugin_id: str, reason: str) -> dict[str, Any]:
    return {"plugin_id": plugin_id, "kind": kind, "reason": reason}


def _renew_issues(manual: list[dict[str, Any]]) -> None:
    """Keep one open issue per finding that needs a person; close those whose finding is gone."""
    open_now = {(entry["kind"], entry["plugin_id"]) for entry in manual}
    for issue in Issue.objects.filter(kind__in=KINDS, resolved_at=None):
        if (issue.kind, issue.subject) not in open_now:
            Issue.resolve(issue.kind, issue.subject)
    for entry in manual:
        message = f"{entry['plugin_id']}: {entry['reason']}"
        Issue.report(entry["kind"], entry["plugin_id"], message, hint="Choose what to do.", actions=entry["actions"])


def _log_news(run: ReconcileRun, *, fixed: list[dict[str, Any]], manual: list[dict[str, Any]]) -> list[str]:
    said = {key for keys in ReconcileRun.objects.filter(start_id=run.start_id).values_list("logged", flat=True) for key in keys}
    news = [("fixed", logging.INFO, entry) for entry in fixed] + [("manual fix required", logging.WARNING, entry) for entry in manual]
    keys = []
    for verdict, level, entry in news:
        key = f"{verdict}|{entry['kind']}|{entry['plugin_id']}|{entry['reason']}"
        keys.append(key)
        if key not in said:
            logger.log(level, "%s: %s, %s: %s", entry["plugin_id"], entry["kind"], verdict, entry["reason"])
    return sorted(said | set(keys))
