"""Turns every error under /api/ into one problem document (RFC 9457); the only place that knows HTTP codes."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views import defaults
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import set_rollback

from plugins_app import exceptions as ours
from plugins_app.api.renderers import PROBLEM_TYPE

logger = logging.getLogger(__name__)

OUR_STATUS: dict[type[ours.LedsiteError], HTTPStatus] = {
    ours.LedsiteError: HTTPStatus.INTERNAL_SERVER_ERROR,
    ours.BadRequest: HTTPStatus.BAD_REQUEST,
    ours.NotFound: HTTPStatus.NOT_FOUND,
    ours.Conflict: HTTPStatus.CONFLICT,
    ours.Cancelled: HTTPStatus.CONFLICT,
    ours.Refused: HTTPStatus.FORBIDDEN,
    ours.PackageError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ours.NetworkProblem: HTTPStatus.BAD_GATEWAY,
    ours.DiskProblem: HTTPStatus.INSUFFICIENT_STORAGE,
}
# What DRF raises: our code for it and what to do about it.
DRF_WORDS: dict[type[drf.APIException], tuple[str, str]] = {
    drf.ParseError: ("malformed-body", "Send valid JSON with the header Content-Type: application/json."),
    drf.NotAuthenticated: ("login-required", "Log in, or send the header Authorization: Token <token>."),
    drf.AuthenticationFailed: ("bad-token", "Send a token that `manage.py apitoken USER` printed, of a user who is active."),
    drf.PermissionDenied: ("forbidden", "Ask an administrator for the role that this needs."),
    drf.NotFound: ("not-found", "See /api/v3/docs for the addresses."),
    drf.MethodNotAllowed: ("method-not-allowed", "The header Allow names the methods of this address."),
    drf.NotAcceptable: ("not-acceptable", "Ask for application/json."),
    drf.UnsupportedMediaType: ("unsupported-media-type", "Send JSON with the header Content-Type: application/json."),
    drf.Throttled: ("throttled", "Wait, then try again."),
    drf.ValidationError: ("invalid-input", "Correct the fields named in `errors`."),
}


class BodyTooLarge(drf.APIException):
    """The request carries more than this address takes."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is too large."
    hint = "Send less."

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body is larger than the {limit // 1024} KiB that this address takes.", code="body-too-large")


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """Answer an error raised in a view (DRF's EXCEPTION_HANDLER)."""
    set_rollback()
    if isinstance(error, ours.LedsiteError):
        return _answer_ours(error)
    known = _as_drf(error)
    if known is not None:
        return _answer_drf(known)
    logger.error("unhandled error in %s", context.get("view"), exc_info=error)
    return Response(_internal(), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def problem(status: int, *, code: str, detail: str, hint: str, errors: Any = None) -> dict[str, Any]:
    """Build the document: title and status as HTTP has them; detail, code and hint are ours."""
    body: dict[str, Any] = {"title": HTTPStatus(status).phrase, "status": int(status), "code": code, "detail": detail, "hint": hint}
    if errors is not None:
        body["errors"] = errors
    return body


def status_of(error: ours.LedsiteError) -> HTTPStatus:
    """Return the HTTP status of one of our errors."""
    return next(OUR_STATUS[kind] for kind in type(error).__mro__ if kind in OUR_STATUS)


def is_login_missing(response: HttpResponseBase) -> bool:
    """Tell whether an answer asks for a login."""
    return response.status_code == HTTPStatus.UNAUTHORIZED


def _answer_ours(error: ours.LedsiteError) -> Response:
    status = status_of(error)
    response = Response(problem(status, code=error.code, detail=error.message, hint=error.hint, errors=error.details), status=status)
    if isinstance(error, ours.OperationOpen):
        response["Location"] = reverse("operation", args=[error.operation.pk])
    if error.retry_after is not None:
        response["Retry-After"] = str(max(1, round(error.retry_after)))
    return response


def _as_drf(error: Exception) -> drf.APIException | None:
    if isinstance(error, drf.APIException):
        return error
    if isinstance(error, Http404):
        return drf.NotFound()
    if isinstance(error, PermissionDenied):
        return drf.PermissionDenied()
    if isinstance(error, RequestDataTooBig | TooManyFieldsSent):
        return BodyTooLarge(0)
    if isinstance(error, MultiPartParserError):
        return drf.ParseError(str(error))
    return None


def _answer_drf(error: drf.APIException) -> Response:
    kind = next((kind for kind in type(error).__mro__ if kind in DRF_WORDS), None)
    code, hint = DRF_WORDS[kind] if kind else (str(error.get_codes()), getattr(error, "hint", ""))
    details = None
    if isinstance(error, drf.ValidationError):
        details = list(_flatten(error.detail))
        text = "; ".join(f"{item['path']}: {item['message']}" if item["path"] else item["message"] for item in details)
    else:
        text = str(error.detail)
    if text.startswith("CSRF Failed"):
        code, hint = "csrf-failed", "Send the cookie csrftoken's value in the header X-CSRFToken, or use a token."
    response = Response(problem(error.status_code, code=code, detail=text, hint=hint, errors=details), status=error.status_code)
    if getattr(error, "auth_header", ""):
        response["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    wait = getattr(error, "wait", None)
    if wait is not None:
        response["Retry-After"] = str(round(wait))
    return response


def _flatten(detail: Any, path: str = "") -> Any:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flatten(inner, path if name == "non_field_errors" else f"{path}/{name}")
    elif isinstance(detail, list | tuple):
        for inner in detail:
            yield from _flatten(inner, path)
    else:
        yield {"path": path, "message": str(detail)}


def _internal() -> dict[str, Any]:
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        code="internal-error",
        detail="Something in ledsite failed.",
        hint="The server's log has the traceback; try again, and report it when it stays.",
    )


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _plain(body: dict[str, Any]) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), content_type=PROBLEM_TYPE, status=body["status"])


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that nothing has (handler404)."""
    if not _is_api(request):
        return defaults.page_not_found(request, exception)
    return _plain(problem(404, code="not-found", detail=f"There is no {request.path}.", hint="See /api/v3/docs for the addresses."))


def body_too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """Refuse a body before anything reads it."""
    text = str(BodyTooLarge(limit).detail)
    if not _is_api(request):
        return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return _plain(problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, code="body-too-large", detail=text, hint=BodyTooLarge.hint))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a refusal outside DRF's views (handler403)."""
    if not _is_api(request):
        return defaults.permission_denied(request, exception)
    return _plain(problem(403, code="forbidden", detail="This is not allowed.", hint=DRF_WORDS[drf.PermissionDenied][1]))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django itself calls a suspicious request, such as a foreign host name (handler400)."""
    text = "This address is not one that this server answers to, or the request is malformed."
    hint = "Use the printed address, or add the name to LEDSITE_ALLOWED_HOSTS."
    if request.path.startswith("/api/"):
        return _plain(problem(400, code="bad-request", detail=text, hint=hint))
    return HttpResponse(f"{text}\n{hint}\n", content_type="text/plain; charset=utf-8", status=HTTPStatus.BAD_REQUEST)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error outside DRF's views; Django has logged it (handler500)."""
    return _plain(_internal()) if _is_api(request) else defaults.server_error(request)
