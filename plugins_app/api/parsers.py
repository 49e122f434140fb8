"""Reads JSON bodies strictly: UTF-8, no NaN, bounded nesting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class JsonParser(BaseParser):
    """Parse a JSON body of any type; views decide whether it must be an object."""

    media_type = "application/json"

    def parse(self, stream: BinaryIO, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:  # type: ignore[override]
        """Return what the body says; an empty body is an empty object."""
        text = stream.read()
        if not text.strip():
            return {}
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"The body is not JSON: {error}.") from error
