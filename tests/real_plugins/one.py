"""Run one real plugin in this process, with the network refused: load, update, draw; the result is one JSON line on stdout."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from display_app.hosting.no_network import refuse_network
from display_app.runtime.session import HostSpec, PluginLoadError, PluginSession

UPDATE_SECONDS = 75
DISPLAY_SECONDS = 30
FRAMES = 3


class Overdue(Exception):
    """A call into the plugin did not come back in time."""


def main() -> None:
    """Read `{"spec", "pictures", "deps"}` from stdin, run the plugin, write the result."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    job = json.load(sys.stdin)
    assert refuse_network() == "seccomp"
    if job["deps"]:
        sys.path.append(job["deps"])
    json.dump(_run(HostSpec.from_dict(job["spec"]), Path(job["pictures"])), answers)
    answers.flush()
    os._exit(0)


def _run(spec: HostSpec, pictures: Path) -> dict[str, Any]:
    frames: list[Image.Image] = []
    session = PluginSession(spec, publish=frames.append)
    try:
        session.load()
    except PluginLoadError as error:
        sys.stderr.write(error.traceback)
        return {"load": f"{error.at}: {error.reason}"}
    started = time.monotonic()
    result: dict[str, Any] = {"load": "ok", "update": _outcome(session.update, UPDATE_SECONDS), "modes": {}}
    result["update_seconds"] = round(time.monotonic() - started, 1)
    for mode in session.modes:
        frames.clear()
        result["modes"][mode] = _show(session, mode, frames, pictures)
    return result


def _show(session: PluginSession, mode: str, frames: list[Image.Image], pictures: Path) -> dict[str, Any]:
    answers = []
    session.begin_mode(mode)
    for number in range(FRAMES):
        answers.append(_outcome(lambda first=number == 0: session.display(mode, force_clear=first), DISPLAY_SECONDS))
        if answers[-1] == "overdue":
            break
        time.sleep(0.05)
    canvas = session.canvas.image.convert("RGB")
    if frames:
        pictures.mkdir(parents=True, exist_ok=True)
        name = f"{session.spec.plugin_id}-{mode}-{session.spec.width}x{session.spec.height}.png".replace("/", "_")
        frames[-1].resize((session.spec.width * 6, session.spec.height * 6), Image.Resampling.NEAREST).save(pictures / name)
    return {"answers": answers, "lit": _lit(canvas), "published": len(frames), "published_lit": _lit(frames[-1]) if frames else 0}


def _lit(image: Image.Image) -> int:
    return int(np.asarray(image).any(axis=2).sum())


def _outcome(call: Any, seconds: float) -> Any:
    """Return what `call` returns, `raised ...`, or `overdue` when it takes too long (its thread is left behind)."""
    box: list[Any] = []

    def work() -> None:
        try:
            box.append(call())
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything, and the table says what
            box.append(f"raised {type(error).__name__}: {error}")

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if not box:
        return "overdue"
    return "ok" if box[0] is None else box[0]


if __name__ == "__main__":
    main()
