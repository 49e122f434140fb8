"""The live panel in a real browser: lamps have the frame's colours, and a dead panel is never shown as live."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from selenium import webdriver

from display_app.frames.bus import FrameReader, FrameWriter
from display_app.preview import FrameStream, Viewers
from tests.fakes.browser import chromium, console_errors

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[2] / "display_app" / "static" / "display_app"
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:"
PAGE = """<!doctype html><title>panel</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/panel.css">
<script src="/panel.js" defer></script>
<div class="led-panel"><canvas data-led-panel data-stream="/stream" width="64" height="32"></canvas></div>"""


class Site:
    """Serves a page with the widget, and the product's stream of a bus whose director lives or not as the test says."""

    def __init__(self, folder: Path) -> None:
        self.frames = folder / "panel.frames"
        self.bus = FrameWriter.create(self.frames, width=64, height=32)
        self.alive = True
        self.places = Viewers(8)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"site": self}))
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def resize(self, width: int, height: int) -> None:
        self.bus.close()
        self.bus = FrameWriter.create(self.frames, width=width, height=height)

    def stop(self) -> None:
        self.places.stop()
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    widget: Site

    def do_GET(self) -> None:
        if self.path == "/stream":
            self._stream()
        elif self.path in ("/panel.js", "/panel.css"):
            self._send("text/javascript" if self.path.endswith("js") else "text/css", (STATIC / self.path[1:]).read_bytes())
        else:
            self._send("text/html", PAGE.encode())

    def _send(self, kind: str, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _stream(self) -> None:
        events = FrameStream(FrameReader(self.site.frames), is_alive=lambda: self.site.alive, places=self.site.places)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            for event in events:
                self.wfile.write(event)
        except OSError:
            pass
        finally:
            events.close()

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def widget(tmp_path: Path) -> Iterator[Site]:
    widget = Site(tmp_path)
    yield widget
    widget.stop()
    widget.bus.close()


@pytest.fixture
def tab(widget: Site) -> Iterator[webdriver.Chrome]:
    with chromium() as driver:
        driver.get(widget.address)
        yield driver


def until(condition: Callable[[], Any], *, limit: float = 8.0) -> float:
    """Poll until the condition holds; return how long it took."""
    started = time.monotonic()
    while time.monotonic() - started < limit:
        if condition():
            return time.monotonic() - started
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def state(driver: webdriver.Chrome) -> Any:
    return driver.execute_script("return document.querySelector('canvas').dataset.state")


def lamp(driver: webdriver.Chrome, column: int, row: int) -> list[int]:
    """Return the colour in the middle of a lamp."""
    script = (
        "const p = document.querySelector('canvas').ledPanel;"
        "return [...p.context.getImageData((arguments[0] + .5) * p.pitch, (arguments[1] + .5) * p.pitch, 1, 1).data]"
    )
    return list(driver.execute_script(script, column, row))[:3]


def picture(colour: tuple[int, int, int]) -> bytes:
    """Return a picture whose left half has a colour."""
    return (bytes(colour) * 32 + bytes(3) * 32) * 32


def is_like(found: list[int], wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 70 for a, b in zip(found, wanted, strict=True))


def test_lamps_follow_the_panel(tab: webdriver.Chrome, widget: Site):
    widget.bus.publish(picture((255, 0, 0)))
    until(lambda: state(tab) == "live")
    assert is_like(lamp(tab, 5, 5), (255, 0, 0))
    assert is_like(lamp(tab, 60, 5), (0, 0, 0))
    widget.bus.publish(picture((0, 0, 255)))
    until(lambda: is_like(lamp(tab, 5, 5), (0, 0, 255)), limit=2)
    assert console_errors(tab) == []


def test_a_dead_director_is_said_within_three_seconds_and_the_old_picture_goes(tab: webdriver.Chrome, widget: Site):
    widget.bus.publish(picture((255, 255, 255)))
    until(lambda: state(tab) == "live")
    widget.alive = False
    assert until(lambda: state(tab) == "lost") < 3
    assert max(lamp(tab, 5, 5)) < 60
    assert tab.execute_script("return document.querySelector('canvas').ariaLabel") == "The panel is not running"
    widget.alive = True
    until(lambda: state(tab) == "live")
    assert min(lamp(tab, 5, 5)) > 200


def test_a_server_that_is_gone_is_said_within_three_seconds(tab: webdriver.Chrome, widget: Site):
    widget.bus.publish(picture((255, 255, 255)))
    until(lambda: state(tab) == "live")
    widget.stop()
    assert until(lambda: state(tab) == "stale") < 3.5
    assert max(lamp(tab, 5, 5)) < 60


def test_a_stream_that_ends_as_they_all_do_is_not_seen(tab: webdriver.Chrome, widget: Site):
    widget.bus.publish(picture((255, 255, 255)))
    until(lambda: state(tab) == "live")
    tab.execute_script("window.seen = []; document.addEventListener('led-panel-state', (e) => seen.push(e.detail.state))")
    widget.places.stop()
    widget.places.stopping = False
    widget.bus.publish(picture((0, 255, 0)))
    until(lambda: is_like(lamp(tab, 5, 5), (0, 255, 0)), limit=4)
    assert tab.execute_script("return seen") == []


def test_no_room_is_said_until_there_is(tab: webdriver.Chrome, widget: Site):
    widget.bus.publish(picture((255, 255, 255)))
    until(lambda: state(tab) == "live")
    tab.execute_script("const p = document.querySelector('canvas').ledPanel; p.source.close(); p.onError()")
    until(lambda: state(tab) == "stale")
    until(lambda: state(tab) == "live")


@pytest.mark.parametrize("size", [(256, 64), (128, 64), (128, 32)])
def test_another_size_of_panel_fills_the_box(tab: webdriver.Chrome, widget: Site, size: tuple[int, int]):
    widget.resize(*size)
    widget.bus.publish(b"\xff\xff\xff" * size[0] * size[1])
    until(lambda: state(tab) == "live")
    canvas, room = tab.execute_script(
        "const c = document.querySelector('canvas'); return [[c.offsetWidth, c.offsetHeight], c.parentElement.clientWidth - 20]"
    )
    assert canvas[0] * size[1] == canvas[1] * size[0]
    assert 0.75 * room < canvas[0] <= room
