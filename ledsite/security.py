"""Headers that keep a page to itself: only our own scripts, styles, pictures and requests."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

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


def _as_header(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())
