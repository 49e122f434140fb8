"""Where a plugin's fonts come from."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from display_app.runtime.font_sources import LARGEST_BYTES, FontSources

FONT = b"a font"


@pytest.fixture
def sources(tmp_path: Path) -> FontSources:
    for folder in ("plugin-repos/sample/fonts", "assets/fonts", "secret"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "own.ttf").write_bytes(FONT)
    return FontSources(tmp_path / "plugin-repos" / "sample", tmp_path / "assets" / "fonts", tmp_path / "cache" / "fonts")


@pytest.fixture
def web() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = b"x" * (LARGEST_BYTES + 1) if "large" in self.path else FONT
            self.send_response(404 if "gone" in self.path else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("plugin://fonts/own.ttf", "plugin-repos/sample/fonts/own.ttf"),
        ("fonts/own.ttf", "plugin-repos/sample/fonts/own.ttf"),
        ("assets/fonts/own.ttf", "assets/fonts/own.ttf"),
        ("plugin://assets/fonts/own.ttf", None),
        ("plugin://../../secret/own.ttf", None),
        ("secret/own.ttf", None),
        ("/etc/hostname", None),
        ("gone.ttf", None),
        ("plugin://", None),
        ("", None),
    ],
)
def test_files_of_the_plugin_and_of_the_assets(sources: FontSources, tmp_path: Path, source: str, found: str | None) -> None:
    assert sources.find(source) == (tmp_path / found if found else None)


def test_a_font_from_the_web_is_fetched_once(sources: FontSources, web: tuple[str, list[str]]) -> None:
    address, asked = web
    path = sources.find(f"{address}/mine.ttf?v=1")
    assert path is not None and path.read_bytes() == FONT
    assert sources.find(f"{address}/mine.ttf?v=1") == path
    assert asked == ["/mine.ttf?v=1"]


@pytest.mark.parametrize("name", ["gone.ttf", "large.ttf", "page.html"])
def test_what_is_no_font_or_too_large_is_left_out(sources: FontSources, web: tuple[str, list[str]], name: str) -> None:
    assert sources.find(f"{web[0]}/{name}") is None
    assert sources.downloads is not None and not list(sources.downloads.glob("*"))


def test_without_a_folder_for_downloads_the_web_is_not_asked(sources: FontSources, web: tuple[str, list[str]]) -> None:
    assert FontSources(sources.plugin_folder, sources.fonts_dir).find(f"{web[0]}/mine.ttf") is None
    assert web[1] == []
