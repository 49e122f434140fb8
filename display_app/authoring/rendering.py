"""What came of a performance: pictures by mode and what was noticed, out of reports that a plugin may have forged."""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from display_app.authoring.recorded import ERRORS, Answer, Exchange

MOST_MODES, MOST_SHOTS, MOST_EXCHANGES = 200, 4000, 500
MOST_REFUSED = 20
MOST_BODY = 16 * 1024 * 1024


@dataclass(frozen=True)
class Shot:
    """A picture and the second at which it came onto the panel."""

    at: float
    image: Image.Image


@dataclass
class ModeRendering:
    """One mode: its pictures, how often it drew or had nothing to show, the slowest frame in seconds, texts that do not fit."""

    mode: str
    shots: list[Shot] = field(default_factory=list)
    is_done: bool = False
    drawn: int = 0
    declined: int = 0
    problem: str = ""
    slowest: float = 0.0
    cut: list[str] = field(default_factory=list)
    touching: list[str] = field(default_factory=list)

    @property
    def is_lit(self) -> bool:
        """Tell whether any picture is not black."""
        return any(shot.image.getbbox() is not None for shot in self.shots)


@dataclass
class Rendering:
    """A whole performance; `failed_at` is import, class, construct or validate, empty when the plugin was loaded."""

    width: int
    height: int
    seconds: float
    steps: list[str] = field(default_factory=list)
    network: str = ""
    failed_at: str = ""
    reason: str = ""
    high_rate: bool = False
    mode_names: list[str] = field(default_factory=list)
    update_problem: str = ""
    update_seconds: float = 0.0
    modes: dict[str, ModeRendering] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    log: str = ""

    @property
    def is_complete(self) -> bool:
        """Tell whether the performance came to its end."""
        return "done" in self.steps

    def take(self, report: dict[str, Any]) -> None:
        """Add one report of the actor."""
        step = report["step"]
        handler = getattr(self, f"_take_{step}", None)
        if step not in ("frame", "answer") and len(self.steps) < MOST_MODES + 20:
            self.steps.append(step)
        if handler is not None:
            handler(report)

    def mode(self, name: Any) -> ModeRendering | None:
        """Return a mode's rendering, made when it is new; None when there are too many to be true."""
        if not isinstance(name, str) or (name not in self.modes and len(self.modes) >= MOST_MODES):
            return None
        return self.modes.setdefault(name, ModeRendering(name))

    def _take_confined(self, report: dict[str, Any]) -> None:
        self.network = _text(report.get("network"))

    def _take_failed(self, report: dict[str, Any]) -> None:
        self.failed_at, self.reason = _text(report.get("at")), _text(report.get("reason"))

    def _take_modes(self, report: dict[str, Any]) -> None:
        names = report.get("modes")
        self.mode_names = [_text(name) for name in names[:MOST_MODES]] if isinstance(names, list) else []
        self.high_rate = report.get("high_rate") is True

    def _take_updated(self, report: dict[str, Any]) -> None:
        self.update_problem, self.update_seconds = _text(report.get("problem")), _number(report.get("seconds"))

    def _take_frame(self, report: dict[str, Any]) -> None:
        mode, rgb = self.mode(report.get("mode")), self._pixels(report.get("rgb"))
        if mode is not None and rgb is not None and len(mode.shots) < MOST_SHOTS:
            mode.shots.append(Shot(_number(report.get("at")), Image.frombytes("RGB", (self.width, self.height), rgb)))

    def _take_answer(self, report: dict[str, Any]) -> None:
        body, headers = _unpacked(report.get("body"), MOST_BODY), report.get("headers")
        method, url, error = report.get("method"), report.get("url"), report.get("error")
        if body is None or not isinstance(headers, dict) or not isinstance(method, str) or not isinstance(url, str):
            return
        status = int(_number(report.get("status")))
        if len(self.exchanges) < MOST_EXCHANGES and 200 <= status <= 599 and error in ("", *ERRORS):
            kept = {str(name): str(value) for name, value in headers.items()}
            self.exchanges.append(Exchange(method, url, Answer(status, kept, body, error)))

    def _take_refused(self, report: dict[str, Any]) -> None:
        urls = report.get("urls")
        self.refused = [_text(url)[:120] for url in urls[:MOST_REFUSED] if isinstance(url, str)] if isinstance(urls, list) else []

    def _take_mode(self, report: dict[str, Any]) -> None:
        mode = self.mode(report.get("mode"))
        if mode is None:
            return
        mode.is_done = True
        mode.drawn, mode.declined = int(_number(report.get("drawn"))), int(_number(report.get("declined")))
        mode.problem, mode.slowest = _text(report.get("problem")), _number(report.get("slowest"))
        texts = report.get("texts")
        found = [one for one in texts[:100] if isinstance(one, dict)] if isinstance(texts, list) else []
        mode.cut = [_text(one.get("text")) for one in found if one.get("what") == "cut"]
        mode.touching = [_text(one.get("text")) for one in found if one.get("what") == "touching"]

    def _pixels(self, text: Any) -> bytes | None:
        size = self.width * self.height * 3
        rgb = _unpacked(text, size)
        return rgb if rgb is not None and len(rgb) == size else None


def _unpacked(text: Any, most: int) -> bytes | None:
    try:
        data = zlib.decompressobj().decompress(base64.b64decode(text, validate=True), most + 1)
    except (binascii.Error, zlib.error, ValueError, TypeError):
        return None
    return data if len(data) <= most else None


def _text(value: Any) -> str:
    return " ".join(value.split())[:500] if isinstance(value, str) else ""


def _number(value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9
    return float(value) if is_number else 0.0
