"""A plugin's readme as HTML that is safe to show: Markdown by markdown-it, cleaned by nh3; no picture is loaded from anywhere (pure)."""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

MOST = 32 * 1024  # the longest of the public ones has 20; hostile ones of 64 take a second or two
TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code", "kbd"),
    *(
        "em",
        "strong",
        "b",
        "i",
        "s",
        "del",
        "ins",
        "u",
        "sub",
        "sup",
        "small",
        "mark",
        "q",
        "abbr",
        "a",
        "details",
        "summary",
        "div",
        "span",
    ),
    *("table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption"),
}
ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "ol": {"start"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)


@lru_cache(maxsize=32)
def to_html(text: str, *, base: str) -> str:
    """Return a readme as HTML; pictures become links, relative links lead below `base`, and every link opens outside."""
    cut = text[:MOST]
    html = nh3.clean(
        str(_parser().render(cut)),
        tags=TAGS,
        attributes=ATTRIBUTES,
        clean_content_tags={"script", "style", "iframe", "object", "svg", "math", "template", "title", "noscript"},
        url_schemes={"https", "http", "mailto"},
        url_relative=lambda url: _absolute(base, url),
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return html if len(cut) == len(text) else f"{html}<p><em>The rest is left out.</em></p>"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.add_render_rule("image", _picture)
    parser.add_render_rule("html_block", _html)
    parser.add_render_rule("html_inline", _html)
    return parser


def _picture(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]) -> str:
    token = tokens[index]
    alt = renderer.renderInlineAsText(token.children or [], options, env)
    return _link(str(token.attrGet("src") or ""), alt)


def _html(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]) -> str:
    return _IMAGE.sub(lambda found: _Image(found[0]).link(), tokens[index].content)


class _Image(HTMLParser):
    """Reads the one tag that it is given."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self._found: dict[str, str | None] = {}
        self.feed(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._found = dict(attrs)

    def link(self) -> str:
        """Return a link in its place."""
        return _link(self._found.get("src") or "", self._found.get("alt") or "")


def _link(address: str, alt: str) -> str:
    name = f"Picture: {escape(alt)}" if alt.strip() else "Picture"
    return f'<a href="{escape(address)}">{name}</a>' if address else name


def _absolute(base: str, url: str) -> str | None:
    try:
        found = urljoin(base, url)
    except ValueError:
        return None
    return found if found.startswith("https://") else None
