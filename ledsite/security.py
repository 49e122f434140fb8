"""What stands before every view: headers that keep a page to itself, and a limit for what may be sent."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from plugins_app.api.errors import body_too_large

COMMON = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "style-src": "'self' 'unsafe-inline'",  # theme colours of the admin, sizes in style attributes
    "script-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
UPLOADS = re.compile(r"(/(install-upload|assets/upload)|^/admin/plugins/[^/]+/(settings|upload))/?$")
# The admin's Alpine evaluates expressions in attributes; nothing else does.
ADMIN = {**COMMON, "script-src": "'self' 'unsafe-eval'"}


class ContentSecurityPolicy:
    """Adds the policy to every answer that has none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.common, self.admin = _as_header(COMMON), _as_header(ADMIN)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the header set."""
        response = self.get_response(request)
        policy = self.admin if request.path.startswith("/admin/") else self.common
        response.headers.setdefault("Content-Security-Policy", policy)
        return response


class BodyLimit:
    """Refuses bodies that are too large before anything reads them: Django's CSRF check would store an upload of any size first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or refuse by the length that the request declares (the server reads no more than that)."""
        length = _length(request)
        is_upload = UPLOADS.search(request.path) is not None
        limit = settings.LARGEST_UPLOAD if is_upload else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return body_too_large(request, limit) if length > limit else self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Refuse an upload of somebody who is not logged in: the CSRF check would store it first. The API looks before it reads."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if getattr(view, "csrf_exempt", False) or _length(request) <= limit or request.user.is_authenticated:
            return None
        return body_too_large(request, limit)


def _length(request: HttpRequest) -> float:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else math.inf


def _as_header(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())
