"""Operations: the list, one with its log, and cancelling."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from plugins_app.access import Role, has_role
from plugins_app.api.base import ApiView, accepted
from plugins_app.api.permissions import check_role
from plugins_app.api.representations import operation_body
from plugins_app.api.schema import accepts_operation, answers_one_operation, answers_operations
from plugins_app.exceptions import BadRequest, NotFound
from plugins_app.lifecycle import requests
from plugins_app.models import Operation, OperationKind, OperationStatus
from plugins_app.operations import cancel

LIST_PAGE = 50


class OperationsView(ApiView):
    """Work under way and work done, the newest first."""

    @answers_operations
    def get(self, request: Request) -> Response:
        """List them, filtered by `plugin_id`, `requested_by`, `kind` and `status`; 50 unless `limit` says otherwise."""
        rows = filtered(Operation.objects.all(), request.query_params)
        found, head = self.page(request, rows, default_limit=LIST_PAGE)
        return Response({**head, "results": [operation_body(operation) for operation in found]})


class OperationView(ApiView):
    """One operation with its log; the log is for operators and administrators."""

    @answers_one_operation
    def get(self, request: Request, operation_id: int) -> Response:
        """Show it."""
        operation = find_operation(operation_id)
        log = operation.log.all() if has_role(request.user, Role.OPERATOR) else ()
        return Response(operation_body(operation, log))


class CancelView(ApiView):
    """Stops an operation that has not committed."""

    @answers_one_operation
    def post(self, request: Request, operation_id: int) -> Response:
        """Ask for it; a worker that is busy with it stops at its next step."""
        find_operation(operation_id)
        cancel.cancel(operation_id, requested_by=self.requested_by)
        return Response(operation_body(find_operation(operation_id)))


class RetryView(ApiView):
    """Repeats an operation that has failed or was cancelled."""

    @accepts_operation
    def post(self, request: Request, operation_id: int) -> Response:
        """Queue the same again; installing, removing and deleting for good are for administrators."""
        if requests.is_for_administrators(find_operation(operation_id)):
            check_role(request.user, Role.ADMIN)
        return accepted(requests.request_again(operation_id, requested_by=self.requested_by))


def find_operation(operation_id: int) -> Operation:
    """Return an operation; raise NotFound `no-such-operation`."""
    operation = Operation.objects.filter(pk=operation_id).first()
    if operation is None:
        raise NotFound(f"There is no operation {operation_id}.", code="no-such-operation", hint="See /api/v3/operations.")
    return operation


def filtered(rows: QuerySet[Operation], wanted: Mapping[str, str]) -> QuerySet[Operation]:
    """Keep what `plugin_id`, `requested_by`, `kind` and `status` ask for; raise BadRequest for values that do not exist."""
    for name, choices in (("kind", OperationKind.values), ("status", OperationStatus.values)):
        value = wanted.get(name, "")
        if value and value not in choices:
            raise BadRequest(f"{name}={value[:40]!r} is not known.", code="bad-filter", hint=f"Use one of {', '.join(choices)}.")
        if value:
            rows = rows.filter(**{name: value})
    for name in ("plugin_id", "requested_by"):
        if value := wanted.get(name, ""):
            rows = rows.filter(**{f"{name}__iexact": value})
    return rows
