"""Lists as bytes, kept per process while what they are made of stands: no row is built twice, and who has them already gets a 304."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags
from rest_framework.request import Request

from plugins_app.api.renderers import JsonRenderer

KEPT = 64


@dataclass(frozen=True)
class _Kept:
    key: Hashable
    body: bytes
    etag: str
    until: datetime | None


_kept: OrderedDict[Hashable, _Kept] = OrderedDict()
_building = threading.RLock()


def is_plain(request: Request) -> bool:
    """Tell whether the answer is JSON as it is, and no page around it."""
    return getattr(request.accepted_renderer, "format", "") == "json"


def answer(request: Request, address: Hashable, *, key: Hashable, build: Callable[[], tuple[Any, datetime | None]]) -> HttpResponse:
    """Answer with what was kept for an address under the same key, else with what `build` returns: a body, and until when it holds."""
    kept = _current(address, key)
    if kept is None:
        with _building:  # who comes meanwhile waits for what is built: together they would take as many times as long
            kept = _current(address, key) or _build(address, key, build)
    headers = {"ETag": kept.etag, "Cache-Control": "private, no-cache"}
    known = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    if kept.etag in known or f"W/{kept.etag}" in known or known == ["*"]:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(kept.body, content_type="application/json", headers=headers)


def _current(address: Hashable, key: Hashable) -> _Kept | None:
    kept = _kept.get(address)
    is_current = kept is not None and kept.key == key and (kept.until is None or timezone.now() <= kept.until)
    return kept if is_current else None


def _build(address: Hashable, key: Hashable, build: Callable[[], tuple[Any, datetime | None]]) -> _Kept:
    body, until = build()
    rendered = JsonRenderer().render(body)
    kept = _Kept(key, rendered, f'"{hashlib.blake2b(rendered, digest_size=12).hexdigest()}"', until)
    _kept[address] = kept
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return kept


def forget() -> None:
    """Build every list anew."""
    _kept.clear()
