"""Installs one plugin of a LEDMatrix folder by the ordinary operation: from its registry, else from its folder as an upload."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from plugins_app.exceptions import LedsiteError, OperationOpen
from plugins_app.failpoints import failpoint
from plugins_app.ledmatrix import record
from plugins_app.ledmatrix.choice import mark
from plugins_app.ledmatrix.packing import pack_folder
from plugins_app.ledmatrix.survey import Candidate, Origin, is_registry_known
from plugins_app.lifecycle.requests import get_installed, request_install, request_install_upload, request_refresh
from plugins_app.models import Operation, OperationKind, Plugin
from plugins_app.operations.create import open_operation
from plugins_app.operations.foreground import follow

ENABLED = "/enabled"
IN_MEMORY = 8 * 1024 * 1024
NO_NETWORK = frozenset(("dns", "refused", "timeout", "unreachable", "proxy", "tls"))

Report = Callable[[str], None]


class NetworkAway(LedsiteError):
    """The place that plugins come from cannot be reached: others need not be tried now."""

    default_code = "network-away"


def bring(candidate: Candidate, *, report: Report, requested_by: str) -> Plugin:
    """Install a plugin, switched off, and return its row; what another run has begun is finished first. Raise what the operation says."""
    # Written first: killed after the installation, the next run must know that nobody here has switched it off.
    record.remember(record.subject_of(candidate.plugin_id), {ENABLED: mark(False)})
    failpoint("import-announced")
    operation = _operation(candidate, requested_by=requested_by)
    report(f"{operation} (operation {operation.pk})")
    try:
        finished = follow(operation.pk, lambda text: report(f"  {text}"), leave_at=NO_NETWORK)
    except LedsiteError as error:
        if error.code in NO_NETWORK:
            raise NetworkAway(error.message, hint="Run this again when the network is back: what is done stays.") from error
        raise
    return get_installed(finished.plugin_id)


def ask_registries(*, report: Report, requested_by: str) -> str:
    """Ask the registries when none has ever answered; return why they could not be asked, empty when all is well."""
    if is_registry_known():
        return ""
    operation = request_refresh(force=True, requested_by=requested_by)
    try:
        follow(operation.pk, report, leave_at=NO_NETWORK)
    except LedsiteError as error:
        return error.message
    return ""


def _operation(candidate: Candidate, *, requested_by: str) -> Operation:
    open_one = open_operation(kind=OperationKind.INSTALL, plugin_id=candidate.plugin_id)
    if open_one is not None:
        if open_one.kind != OperationKind.INSTALL:
            raise OperationOpen(open_one)
        return open_one
    if candidate.origin == Origin.FOLDER and candidate.folder is not None:
        return _upload(candidate.folder.path, requested_by=requested_by)
    return request_install(candidate.registry_id or candidate.plugin_id, enable=False, requested_by=requested_by)


def _upload(folder: Path, *, requested_by: str) -> Operation:
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as packed:
        pack_folder(folder, packed)  # type: ignore[arg-type]
        packed.seek(0)
        return request_install_upload(packed, filename=f"{folder.name}.zip", requested_by=requested_by)  # type: ignore[arg-type]
