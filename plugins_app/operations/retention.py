"""Forgets what nobody will look at any more: old operations with their logs, audit lines, uploads, files kept for an undo, store facts."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from plugins_app import audit
from plugins_app.actions.ask import drop_old as drop_old_runs
from plugins_app.drawing.keep import drop_old
from plugins_app.installer.locks import Held, hold
from plugins_app.lifecycle import preview
from plugins_app.lifecycle.committing import flushed_to_medium
from plugins_app.lifecycle.placing import report_undeletable
from plugins_app.lifecycle.purge import forget
from plugins_app.models import AuditEntry, Issue, Operation, Plugin, ProductStart, Tombstone
from plugins_app.models.plugin import UNDO_DAYS
from plugins_app.models.states import CLOSED_STATUSES
from plugins_app.operations.context import Context
from plugins_app.store.forgetting import forget_unwanted
from plugins_app.uploads.shelf import drop_all

KEEP_DAYS = 30
KEEP_OPERATIONS = 500
KEEP_AUDIT_DAYS = 365
KEEP_UPLOAD_SECONDS = 24 * 3600


def tidy_up(context: Context) -> None:
    """Do all of it; each part can be repeated."""
    now = timezone.now()
    closed = Operation.objects.filter(status__in=CLOSED_STATUSES)
    newest = list(closed.values_list("pk", flat=True)[:KEEP_OPERATIONS])
    closed.exclude(pk__in=newest).delete()
    closed.filter(finished_at__lt=now - timedelta(days=KEEP_DAYS)).delete()
    AuditEntry.objects.filter(at__lt=now - timedelta(days=KEEP_AUDIT_DAYS)).delete()
    Issue.objects.filter(resolved_at__lt=now - timedelta(days=KEEP_DAYS)).delete()
    ProductStart.objects.filter(claimed_at__lt=now - timedelta(days=KEEP_DAYS), reconciled_at__isnull=False).delete()
    _drop_uploads(context)
    drop_old()
    drop_old_runs()
    preview.tidy(context)
    forget_unwanted(now=now)
    for tombstone in Tombstone.objects.filter(removed_at__lt=now - timedelta(days=UNDO_DAYS)):
        if tombstone.generation or "plugin" in tombstone.snapshot:
            purge(context, tombstone)


def purge(context: Context, tombstone: Tombstone) -> None:
    """Give up what an undo would need; the tombstone itself stays, and so do settings that the next install takes over."""
    try:
        with hold(context.paths.operation_lock(tombstone.plugin_id)):
            with flushed_to_medium(), transaction.atomic():
                forget(tombstone, keep_config=True)
                audit.record("system", "expire", tombstone.plugin_id)
            if not tombstone.preserve_config and not Plugin.objects.filter(plugin_id__iexact=tombstone.plugin_id).exists():
                drop_all(context.paths, tombstone.plugin_id)
            report_undeletable(context.paths, tombstone.plugin_id)
    except Held:
        return


def _drop_uploads(context: Context) -> None:
    wanted = {arguments.get("path") for arguments in Operation.objects.open().values_list("arguments", flat=True)}
    for archive in context.uploads.glob("*.zip"):
        if str(archive) not in wanted and time.time() - archive.stat().st_mtime > KEEP_UPLOAD_SECONDS:
            archive.unlink(missing_ok=True)
