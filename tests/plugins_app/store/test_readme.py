"""A readme as HTML that is safe to show."""

from __future__ import annotations

import re

import pytest

from plugins_app.store.readme import MOST, to_html

BASE = "https://github.com/someone/plugins/blob/main/plugins/clock/"


def html_of(text: str) -> str:
    return to_html(text, base=BASE)


def test_markdown_becomes_html() -> None:
    html = html_of("# Clock\n\nShows *the* time.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\npip install\n```\n")
    for part in ("<h3>Clock</h3>", "<em>the</em>", "<td>1</td>", "<pre><code>pip install\n</code></pre>"):
        assert part in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<img src='https://evil.example/track.png'>",
        "![tracker](https://evil.example/track.png)",
        "[click](javascript:alert(1))",
        "<a href='JaVaScRiPt:alert(1)'>x</a>",
        "<a href='data:text/html,x' onclick='alert(1)'>x</a>",
        "<svg><script>alert(1)</script></svg>",
        "<iframe src='https://evil.example'></iframe>",
        "<style>body { background: url(https://evil.example/x) }</style>",
        "<p style='background: url(https://evil.example/x)'>x</p>",
        "<form action='https://evil.example'><input name=password><button>Log in</button></form>",
        "<link rel=stylesheet href=https://evil.example/x.css><base href=https://evil.example>",
        "<details open ontoggle=alert(1)><summary>x</summary></details>",
        "<video poster=https://evil.example/x src=https://evil.example/y></video>",
        "<math><mtext></p><style><img src=x onerror=alert(1)></style></mtext></math>",
        "<div id=store-list class=ls-fragment hx-get=/admin/ hx-trigger=load>x</div>",
        "[x]: javascript:alert(1)\n[x]",
        "<a href='https://a.example' target='_self' rel='opener'>x</a>",
    ],
)
def test_nothing_runs_loads_or_looks_like_a_part_of_the_page(text: str) -> None:
    html = html_of(text)
    plain = re.sub(r'<a href="[^"<>]*"', "<a", html)
    assert not re.search(r"<(script|img|svg|iframe|style|form|input|button|link|base|video|math|object)", html, re.IGNORECASE)
    assert not re.search(r"<[^>]*\s(on\w+|style|id|class|hx-\w+|src|poster)=", plain, re.IGNORECASE)
    assert not re.search(r'href="(?!https?:|mailto:)', html)


def test_headings_stand_below_those_of_the_page() -> None:
    assert html_of("# a\n\n## b\n\n###### c\n\n<h1 align='center'>d</h1>") == "<h3>a</h3>\n<h4>b</h4>\n<h6>c</h6>\n<h3>d</h3>"


def test_bare_addresses_become_links_where_they_are_none_yet() -> None:
    rel = 'target="_blank" rel="noopener noreferrer nofollow"'
    assert html_of("See https://a.example/b?c=1&d=(2).") == (
        f'<p>See <a href="https://a.example/b?c=1&amp;d=(2" {rel}>https://a.example/b?c=1&amp;d=(2</a>).</p>\n'
    )
    for text in ("`https://a.example`", "[https://a.example](https://b.example)", "<a href='https://b.example'>https://a.example</a>"):
        assert 'href="https://a.example' not in html_of(text)
    assert "<a" not in html_of("https:// javascript://x ftp://a.example")


def test_links_lead_outside_and_take_nothing_along() -> None:
    assert html_of("[x](docs/setup.md)") == (
        f'<p><a href="{BASE}docs/setup.md" target="_blank" rel="noopener noreferrer nofollow">x</a></p>\n'
    )
    assert 'href="https://github.com/someone/plugins/blob/main/plugins/LICENSE"' in html_of("[x](../LICENSE)")
    assert 'rel="noopener noreferrer nofollow"' in html_of("<a href='https://a.example' rel='opener'>x</a>")


def test_a_picture_becomes_a_link_with_its_words() -> None:
    assert ">Picture: the panel</a>" in html_of("![the panel](shot.png)")
    assert ">Picture: &lt;b&gt;</a>" in html_of('<img width="9" alt="&lt;b&gt;" src="https://github.com/user-attachments/assets/1">')
    assert "Picture" in html_of("<img>")


def test_what_is_too_long_is_cut_and_says_so() -> None:
    html = html_of("word " * MOST)
    assert len(html) < MOST + 1000
    assert html.endswith("<p><em>The rest is left out.</em></p>")


@pytest.mark.parametrize("text", ["[" * MOST, "![" * MOST, "> " * MOST, "*a **b " * MOST, "<b>" * MOST, "`" * MOST, "a|" * MOST])
def test_what_is_made_to_be_slow_ends(text: str) -> None:
    assert html_of(text[:MOST])
