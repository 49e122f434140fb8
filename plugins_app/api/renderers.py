"""JSON by orjson, errors as problem documents, and the browsable pages for people who are logged in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer, BrowsableAPIRenderer

PROBLEM_TYPE = "application/problem+json"


class JsonRenderer(BaseRenderer):
    """Answer in JSON; the content type of an error says that it is a problem document."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None) -> bytes:
        """Return the bytes; nothing for answers without a body."""
        if data is None:
            return b""
        response = (renderer_context or {}).get("response")
        if response is not None and response.exception:
            response["Content-Type"] = PROBLEM_TYPE
        return orjson.dumps(data, default=str, option=orjson.OPT_NON_STR_KEYS)


class PageRenderer(BrowsableAPIRenderer):
    """The same answers as pages with a form for JSON bodies."""

    charset = "utf-8"
    template = "plugins_app/api.html"

    def get_default_renderer(self, view: Any) -> BaseRenderer:
        """Show answers as readable JSON."""
        return _IndentedJson()

    def get_rendered_html_form(self, data: Any, view: Any, method: str, request: Any) -> Any:
        """Offer only buttons that need no form: JSON goes into the raw form below."""
        return True if method in ("DELETE", "OPTIONS") and self.show_form_for_method(view, method, request, None) else None


class _IndentedJson(JsonRenderer):
    render_style = "text"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=str, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_INDENT_2)
