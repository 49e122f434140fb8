"""Every page that a person comes to from the menu on: links followed, and what pages load by themselves.

A page is what it is by its address without numbers, plugins and query; parts that renew themselves and pictures are pages, too, streams
are not.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

START = "/admin/"
LINK = re.compile(r'(?:href|src|hx-get)="([^"]+)"')
NO_PAGE = ("/static/", "/admin/logout", "/api/v3/display/stream")
DEPTH = 4


@dataclass(frozen=True)
class Answer:
    """What a browser gets: `location` leads elsewhere, `text` is empty for what is no HTML."""

    status: int
    location: str = ""
    text: str = ""


def walk(get: Callable[[str], Answer], *, plugins: Mapping[str, str]) -> dict[str, str]:
    """Return an address for each page; `plugins` says what stands for an id in a page's name, for example `<installed>`."""
    pages: dict[str, str] = {}
    known, addresses = {START}, [START]
    for _ in range(DEPTH):
        found: list[str] = []
        for address in addresses:
            answer = get(address)
            if answer.status >= 400:  # the address of a button, or a log that is not there yet
                continue
            if not answer.location:
                pages[_name(address, plugins)] = address
            for link in _links(address, answer):
                if _name(link, plugins) not in known:
                    known.add(_name(link, plugins))
                    found.append(link)
        addresses = found
    return pages


def _name(address: str, plugins: Mapping[str, str]) -> str:
    parts = urlsplit(address).path.split("/")
    return "/".join(plugins.get(part) or ("<n>" if part.isdigit() else part) for part in parts)


def _links(address: str, answer: Answer) -> Iterator[str]:
    for target in [answer.location] if answer.location else LINK.findall(answer.text):
        parts = urlsplit(urljoin(address, html.unescape(target)))
        if not parts.netloc and parts.path.startswith(("/admin/", "/api/")) and not parts.path.startswith(NO_PAGE):
            yield quote(parts.path, safe="/%") + (f"?{parts.query}" if parts.query else "")
