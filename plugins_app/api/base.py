"""What every view of the API shares: roles, body limits, pages, 202 answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from plugins_app.access import Role
from plugins_app.api.errors import BodyTooLarge, is_login_missing
from plugins_app.api.permissions import HasRole
from plugins_app.api.representations import operation_body
from plugins_app.exceptions import BadRequest
from plugins_app.models import Operation

KIB = 1024
PAGE = 25
MOST = 1000


class ApiView(APIView):
    """A view with roles: `read_role` for safe methods, `write_role` for the others."""

    read_role = Role.VIEWER
    write_role = Role.OPERATOR
    most_body = 1024 * KIB
    permission_classes: Sequence[type[BasePermission]] = (HasRole,)
    paginator: Pages | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse oversized bodies before anything reads them; then authenticate and authorise."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > self.most_body:
            raise BodyTooLarge(self.most_body)
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Send people without a login to the login page when they came with a browser."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        renderer = getattr(answer, "accepted_renderer", None)
        if is_login_missing(answer) and request.method == "GET" and getattr(renderer, "format", "") in ("api", "html"):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        return answer

    @property
    def requested_by(self) -> str:
        """Name of the user, for operations and the audit trail."""
        return str(self.request.user.get_username())

    def cut(self, request: Request) -> tuple[str | None, str | None]:
        """Return what `page` goes by, as it was written."""
        return request.query_params.get("limit"), request.query_params.get("offset")

    def page(self, request: Request, rows: Any, *, default_limit: int | None = None) -> tuple[list[Any], dict[str, Any]]:
        """Cut rows by `limit` and `offset`; return them and the head of the answer, `{count}`."""
        self.paginator = Pages()
        self.paginator.default_limit = default_limit
        cut: list[Any] | None = self.paginator.paginate_queryset(rows, request, view=self)
        found = list(rows) if cut is None else cut
        count = len(found) if cut is None else self.paginator.count
        return found, {"count": count}


class Pages(LimitOffsetPagination):
    """`limit` and `offset`; without them lists come whole, except on browsable pages."""

    max_limit = MOST

    def get_limit(self, request: Request) -> int | None:
        """Read `limit`, at least 1."""
        if "limit" not in request.query_params:
            is_browsed = getattr(request.accepted_renderer, "format", "") == "api"
            return self.default_limit or (PAGE if is_browsed or "offset" in request.query_params else None)
        return min(_number(request, "limit", least=1), MOST)

    def get_offset(self, request: Request) -> int:
        """Read `offset`, at least 0."""
        return _number(request, "offset", least=0) if "offset" in request.query_params else 0


def _number(request: Request, name: str, *, least: int) -> int:
    text = request.query_params[name]
    if text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least:
        return int(text)
    raise BadRequest(f"{name}={text[:40]!r} is not a number of {least} or more.", hint=f"Give a whole number, for example {name}=25.")


def accepted(operation: Operation) -> Response:
    """Answer 202 with the operation and its address."""
    return Response(operation_body(operation), status=202, headers={"Location": reverse("operation", args=[operation.pk])})


def route(address: str, view: Any, name: str) -> list[URLPattern]:
    """Give a view its address, with and without a trailing slash."""
    handler = view.as_view()
    return [path(address, handler, name=name), path(f"{address}/", handler)]
