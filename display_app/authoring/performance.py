"""One performance on a stage: confine, load, update once, then draw each mode as its host would, frame by frame in stage time."""

from __future__ import annotations

import base64
import logging
import os
import sys
import threading
import traceback
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from display_app.authoring.clock import StageClock, real_monotonic, real_sleep
from display_app.authoring.recorded import Answer, Recording
from display_app.authoring.recorder import Recorder
from display_app.authoring.task import StageTask
from display_app.authoring.texts import TextWatch
from display_app.authoring.web import Replay, Request, install
from display_app.hosting.no_network import refuse_network
from display_app.hosting.probe_confinement import confine_probe
from display_app.runtime.session import PluginLoadError, PluginSession

HIGH_RATE_STEP = 1 / 60
STILL_STEP = 1.0
BACKGROUND_SECONDS = 0.5  # real ones, for threads that a plugin fetches its data in
RECORDING_SECONDS = 30.0  # the same, while they are recorded
SAME_TIME = 1e-3  # looks at the clock move it a little

Report = Callable[..., None]


def perform(raw: bytes, clock: StageClock, report: Report) -> bool:
    """Do what the task says; False when the plugin could not be loaded."""
    task = StageTask.from_bytes(raw)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", force=True)
    network = "" if task.record else refuse_network()
    is_landlocked = confine_probe(task.spec, protected=task.protected, user_name=task.user)
    report(step="confined", network=network, landlock=is_landlocked, uid=os.getuid())
    return Performance(task, clock, report).run()


@dataclass
class ModeRecord:
    """What happened while one mode was drawn."""

    drawn: int = 0
    declined: int = 0
    problem: str = ""
    slowest: float = 0.0


class Performance:
    """A plugin on the stage."""

    def __init__(self, task: StageTask, clock: StageClock, report: Report) -> None:
        self._task, self._clock, self._report = task, clock, report
        self._shown: Image.Image | None = None
        self._session = PluginSession(task.spec, publish=self._publish)
        self._watch = TextWatch(task.spec.width, task.spec.height)
        self._recorder = Recorder(self._tell) if task.record else None

    def run(self) -> bool:
        """Load, update, draw."""
        replay = Replay(Recording(self._task.answers))
        if self._recorder:
            self._recorder.install()
        else:
            install(replay)
        if self._task.watch_texts:
            self._watch.install()
        try:
            self._session.load(lambda step: self._report(step=step))
        except PluginLoadError as error:
            sys.stderr.write(error.traceback)
            self._report(step="failed", at=error.at, reason=error.reason)
            return False
        self._report(step="modes", modes=self._session.modes, high_rate=self._session.wants_high_rate())
        self._update()
        for mode in self._task.modes or self._session.modes:
            self._draw_mode(mode)
        self._report(step="refused", urls=list(replay.refused))
        self._report(step="done")
        return True

    def _update(self) -> None:
        began = real_monotonic()
        problem = _problem_of(self._session.update)
        seconds = real_monotonic() - began
        if self._recorder:
            self._recorder.wait_until_quiet(RECORDING_SECONDS)
        elif threading.active_count() > 1:
            real_sleep(BACKGROUND_SECONDS)
        self._report(step="updated", problem=problem, seconds=round(seconds, 3))

    def _draw_mode(self, mode: str) -> None:
        record, began = ModeRecord(), self._clock.passed
        self._shown, shot, due = None, b"", 0.0
        self._watch.take()
        self._session.begin_mode(mode)
        is_first = True
        while (passed := self._clock.passed - began) < self._task.seconds - SAME_TIME:
            if not self._display(mode, record, force_clear=is_first):
                break
            step = HIGH_RATE_STEP if self._session.wants_high_rate() else STILL_STEP
            is_first = False
            if passed >= due - SAME_TIME:
                shot = self._shoot(mode, passed, shot)
                due = passed + self._task.frame_seconds
            self._clock.advance_to(began + passed + step)
            self._session.process_deferred()
        self._report(step="mode", mode=mode, **vars(record), texts=self._watch.take())

    def _display(self, mode: str, record: ModeRecord, *, force_clear: bool) -> bool:
        answer = [False]

        def draw() -> None:
            answer[0] = self._session.display(mode, force_clear=force_clear)

        began = real_monotonic()
        record.problem = _problem_of(draw)
        record.slowest = max(record.slowest, round(real_monotonic() - began, 4))
        record.drawn += answer[0]
        record.declined += not answer[0]
        return not record.problem

    def _shoot(self, mode: str, at: float, before: bytes) -> bytes:
        """Report the picture that stands on the panel when it differs from the one before."""
        if self._shown is None:
            return before
        rgb = self._shown.tobytes()
        if rgb != before:
            self._report(step="frame", mode=mode, at=round(at, 3), rgb=base64.b64encode(zlib.compress(rgb, 1)).decode())
        return rgb

    def _tell(self, request: Request, answer: Answer) -> None:
        body = base64.b64encode(zlib.compress(answer.body, 6)).decode()
        said = {"status": answer.status, "headers": answer.headers, "body": body, "error": answer.error}
        self._report(step="answer", method=request.method, url=request.url, **said)

    def _publish(self, frame: Image.Image) -> None:
        self._shown = frame


def _problem_of(call: Callable[[], None]) -> str:
    """Call into the plugin; return what it raised, in words."""
    try:
        call()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - plugin code may raise anything
        sys.stderr.write(traceback.format_exc())
        return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}".rstrip(": ")
    return ""
