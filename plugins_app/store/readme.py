"""A plugin's readme as HTML that is safe to show: Markdown by markdown-it, cleaned by nh3; no picture is loaded from anywhere (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
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
ABOVE = 2
"""Headings of the page that a readme stands below."""
_HEADING = re.compile(r"(</?h)([1-6])\b")
_BARE = re.compile(r"https?://[^\s<>\"'`\\]*[^\s<>\"'`\\.,;:!?)\]*_]")
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
    html = _HEADING.sub(lambda found: f"{found[1]}{min(int(found[2]) + ABOVE, 6)}", html)
    return html if len(cut) == len(text) else f"{html}<p><em>The rest is left out.</em></p>"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.core.ruler.push("bare_addresses", _link_addresses)
    parser.add_render_rule("image", _picture)
    parser.add_render_rule("html_block", _html)
    parser.add_render_rule("html_inline", _html)
    return parser


def _link_addresses(state: StateCore) -> None:
    """Make links of addresses that stand in the text, as GitHub does."""
    for token in state.tokens:
        if token.type == "inline" and "://" in token.content:
            token.children = list(_linked(token.children or []))


def _linked(tokens: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        depth += token.type == "link_open" or (token.type == "html_inline" and token.content[:3].lower() in ("<a ", "<a>"))
        depth -= token.type == "link_close" or (token.type == "html_inline" and token.content[:4].lower() == "</a>")
        if token.type == "text" and depth <= 0:
            yield from _split(token.content)
        else:
            yield token


def _split(text: str) -> Iterator[Token]:
    done = 0
    for found in _BARE.finditer(text):
        yield Token("text", "", 0, content=text[done : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": found[0]})
        yield Token("text", "", 0, content=found[0])
        yield Token("link_close", "a", -1)
        done = found.end()
    yield Token("text", "", 0, content=text[done:])


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
