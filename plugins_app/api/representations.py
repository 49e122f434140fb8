"""Rows as the API shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from plugins_app.models import Operation, OperationLog, RegistrySource


def operation_body(operation: Operation, log: Iterable[OperationLog] = ()) -> dict[str, Any]:
    """Return everything a client may know about one operation."""
    return {
        "id": operation.pk,
        "kind": operation.kind,
        "plugin_id": operation.plugin_id,
        "status": operation.status,
        "phase": operation.phase,
        "progress": operation.progress,
        "attempts": operation.attempts,
        "error": operation_error(operation),
        "warnings": operation.warnings,
        "log": [{"at": line.at, "level": line.level, "text": line.text} for line in log],
        "created_at": operation.created_at,
        "started_at": operation.started_at,
        "finished_at": operation.finished_at,
        "retry_at": operation.retry_at,
        "requested_by": operation.requested_by,
    }


def operation_error(operation: Operation) -> dict[str, str] | None:
    """Return `{code, message, hint}` of a failure, None without one."""
    if not operation.error_code:
        return None
    return {"code": operation.error_code, "message": operation.error_message, "hint": operation.error_hint}


def source_body(source: RegistrySource) -> dict[str, Any]:
    """Return a registry, with how its last refresh went."""
    return {
        "id": source.pk,
        "name": source.name,
        "url": source.url,
        "trust": source.trust,
        "fetched_at": source.fetched_at,
        "problem": source.problem,
        "dropped": source.dropped,
    }
