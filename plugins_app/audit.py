"""Writes the audit trail: who changed what, and when; never a secret."""

from __future__ import annotations

from typing import Any

from plugins_app.models import AuditEntry


def record(who: str, what: str, subject: str = "", **details: Any) -> None:
    """Add one line to the trail, inside the transaction that makes the change."""
    AuditEntry.objects.create(who=(who or "system")[:150], what=what[:60], subject=subject[:200], details=details)
