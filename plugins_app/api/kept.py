"""Lists as bytes, kept per process while what they are made of stands: no row is built twice, and who has them already gets a 304."""

from __future__ import annotations

import hashlib
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


def is_plain(request: Request) -> bool:
    """Tell whether the answer is JSON as it is, and no page around it."""
    return getattr(request.accepted_renderer, "format", "") == "json"


def answer(request: Request, address: Hashable, *, key: Hashable, build: Callable[[], tuple[Any, datetime | None]]) -> HttpResponse:
    """Answer with what was kept for an address under the same key, else with what `build` returns: a body, and until when it holds."""
    kept = _kept.get(address)
    if kept is None or kept.key != key or (kept.until is not None and timezone.now() > kept.until):
        body, until = build()
        rendered = JsonRenderer().render(body)
        kept = _Kept(key, rendered, f'"{hashlib.blake2b(rendered, digest_size=12).hexdigest()}"', until)
        _keep(address, kept)
    headers = {"ETag": kept.etag, "Cache-Control": "private, no-cache"}
    known = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    if kept.etag in known or f"W/{kept.etag}" in known or known == ["*"]:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(kept.body, content_type="application/json", headers=headers)


def forget() -> None:
    """Build every list anew."""
    _kept.clear()


def _keep(address: Hashable, kept: _Kept) -> None:
    # Threads may do this at the same time: the worst that happens is that a list is built once more.
    _kept[address] = kept
    while len(_kept) > KEPT:
        try:
            _kept.popitem(last=False)
        except KeyError:
            return
