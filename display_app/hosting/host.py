"""The main loop of a host: one plugin, drawn while it has the panel, asked about itself once a second, told what changes."""

from __future__ import annotations

import gc
import json
import logging
import select
import threading
import time
from dataclasses import dataclass

from display_app.frames.bus import FrameWriter
from display_app.hosting import kernel
from display_app.hosting.channel import Channel, close_all, read_memory_file
from display_app.hosting.collecting import Collecting
from display_app.hosting.heartbeat import Beat, BeatWriter
from display_app.hosting.pacing import FRAME_SECONDS, Pacer, pacer_for
from display_app.hosting.protocol import (
    Collect,
    Configure,
    Configured,
    Drawn,
    Hide,
    Live,
    Loaded,
    LoadFailed,
    Message,
    OnDemandAsked,
    SettingsSaved,
    Show,
    Stop,
    Suspend,
    TurnOver,
)
from display_app.hosting.publishing import FramePublisher
from display_app.hosting.reporting import Call, Pulse, Reporter
from display_app.hosting.updating import Updates
from display_app.runtime.session import Dwell, PluginLoadError, PluginSession
from display_app.runtime.spec import HostSpec

CHORES_SECONDS = 1.0
CONTRACT_DURATION = 15.0  # what the base class answers when nobody has set a duration
AFTER_BASE_SECONDS = 0.5
LOCK_WAIT_SECONDS = 1.0

logger = logging.getLogger(__name__)


@dataclass
class Turn:
    """The time that the plugin has the panel with one mode."""

    order: Show
    force_clear: bool
    pacer: Pacer
    dwell: Dwell | None = None
    began: float = 0.0
    high_rate: bool = False
    is_over: bool = False
    is_still: bool = False

    @property
    def number(self) -> int:
        """Return the director's number of it."""
        return self.order.turn

    @property
    def mode(self) -> str:
        """Return what is drawn."""
        return self.order.mode


class Host:
    """One plugin's process, once it is confined."""

    def __init__(self, spec: HostSpec, control: Channel, *, bus: int, beats: BeatWriter, most_threads: int) -> None:
        self.spec = spec
        self.control = control
        self._ears = [control.fileno()]
        self._beats = beats
        self.publisher = FramePublisher(FrameWriter.from_fd(bus), control)
        self.session = PluginSession(spec, self.publisher, on_save_config=self._saved)
        self.reporter = Reporter(control, most_threads=most_threads)
        self.lock = threading.Lock()
        self.updates = Updates(self.session, self.lock, self.reporter)
        self.drawing = Call()
        self.asking = Call()
        self.collecting = Collecting(self.session, self.lock, self.reporter, self.drawing, control)
        self.turn: Turn | None = None
        self.late = 0
        self._suspended = False
        self._stopping = False
        self._refusal: PluginLoadError | None = None
        self._live: tuple[str, ...] = ()
        self._chores_at = 0.0

    def load(self) -> bool:
        """Import and construct the plugin; False when it did not start, which the director was told then."""
        began = time.monotonic()
        try:
            self.session.load()
        except PluginLoadError as error:
            if isinstance(error.__cause__, MemoryError):
                self.reporter.give_up("Starting")
            self._cannot_run(error)
            return False
        self.control.send(Loaded(tuple(self.session.modes[:200]), time.monotonic() - began))
        gc.collect()
        kernel.give_back_memory()
        return True

    def run(self) -> None:
        """Serve the director until it says stop or the plugin refuses changed settings; Closed when it is gone."""
        Pulse(self._beats, self.beat).start()  # before the plugin can take all threads that there are
        self.updates.start()
        try:
            self._serve()
        except MemoryError:
            self.reporter.give_up("The host")
        self.reporter.guarded("cleanup", self.session.close)

    def _serve(self) -> None:
        while not self._stopping:
            if self._wait():
                while (received := self.control.receive()) is not None:
                    self._obey(*received)
            if self._refusal is not None:  # and nothing newer was waiting that would do
                self._cannot_run(self._refusal)
                return
            if self._may_collect():
                self.collecting.try_now(updates_done=self.updates.call.count)
            now = time.monotonic()
            if self._is_frame_due(now):
                self._draw()
            if now >= self._chores_at:
                self._chores_at = now + CHORES_SECONDS
                self._do_chores()

    def beat(self) -> Beat:
        """Return what the director wants to know every second."""
        late = self.late + (self.turn.pacer.late if self.turn else 0)
        return Beat(
            drawing=max(self.drawing.running_for(), self.asking.running_for()),
            updating=self.updates.call.running_for(),
            draws=self.drawing.count,
            frames=self.publisher.frames,
            late=late,
            draw_seconds=self.drawing.last_seconds,
            update_seconds=self.updates.call.last_seconds,
        )

    def _wait(self) -> bool:
        """Sleep until the director speaks or something is due; tell whether it has spoken."""
        due = self._chores_at
        if self.turn and not self.turn.is_still and not self._suspended:
            due = min(due, self.turn.pacer.due)
        if self._may_collect():
            due = min(due, self.collecting.try_at)
        heard, _, _ = select.select(self._ears, (), (), max(0.0, due - time.monotonic()))
        return bool(heard)

    def _may_collect(self) -> bool:
        return self.collecting.is_asked and self.turn is None and not self._suspended

    def _is_frame_due(self, now: float) -> bool:
        turn = self.turn
        return turn is not None and not turn.is_still and not self._suspended and now >= turn.pacer.due

    def _obey(self, message: Message, fds: list[int]) -> None:
        if isinstance(message, Show):
            self._begin_turn(message)
        elif isinstance(message, Hide):
            self._end_turn()
        elif isinstance(message, Configure):
            self._configure(fds.pop())
        elif isinstance(message, Suspend):
            self._suspended = message.suspended
            self.updates.suspend(message.suspended)
        elif isinstance(message, Collect):
            self.collecting.take(message, fds.pop())
        elif isinstance(message, Stop):
            self._stopping = True
        close_all(fds)

    def _begin_turn(self, order: Show) -> None:
        fresh = order.fresh or self.turn is None or self.turn.mode != order.mode
        if self.turn is not None and not fresh:
            pacer = self.turn.pacer
        else:
            self._end_turn()
            pacer = Pacer(period=FRAME_SECONDS, first=time.monotonic())
        self.turn = Turn(order, fresh, pacer)
        self.publisher.begin(order.turn, fresh=fresh)
        if fresh:
            self.session.begin_mode(order.mode)

    def _end_turn(self) -> None:
        if self.turn is not None:
            self.late += self.turn.pacer.late
        self.turn = None
        self.publisher.end()

    def _draw(self) -> None:
        turn = self.turn
        assert turn is not None
        if not self.lock.acquire(blocking=False):
            turn.pacer.advance(time.monotonic())  # an update runs: the panel keeps the frame before
            return
        answer = [False]

        def display() -> None:
            answer[0] = self.session.display(turn.mode, force_clear=turn.force_clear)

        try:
            with self.drawing:
                has_worked = self.reporter.guarded("display", display)
        finally:
            self.lock.release()
        if not has_worked:
            self._end_turn()
            return
        turn.force_clear = False
        if turn.dwell is None:
            self._report_first_frame(turn, shown=answer[0])
        else:
            turn.pacer.advance(time.monotonic())
            self._look_for_the_end(turn, shown=answer[0])

    def _report_first_frame(self, turn: Turn, *, shown: bool) -> None:
        now = time.monotonic()
        dwell = self.session.dwell(turn.mode, longest=turn.order.longest)
        base = turn.order.own_duration
        if not base and dwell.base == CONTRACT_DURATION and "display_duration" not in self.session.spec.config:
            base = turn.order.default_duration
        if base:
            dwell = Dwell(base=base, maximum=max(dwell.maximum, base) if dwell.dynamic else base, dynamic=dwell.dynamic)
        turn.dwell, turn.began, turn.high_rate = dwell, now, self.session.wants_high_rate()
        self.late += turn.pacer.late
        turn.pacer = pacer_for(high_rate=turn.high_rate, now=now, wall_clock=time.time())
        self.control.send(Drawn(turn.number, shown, dwell.base, dwell.maximum, dwell.dynamic, turn.high_rate))

    def _look_for_the_end(self, turn: Turn, *, shown: bool) -> None:
        assert turn.dwell is not None
        if not shown and not turn.high_rate and not turn.dwell.dynamic:
            turn.is_still = True  # contract 5.4: it draws no more, but its time runs on
        ends_itself = not shown and turn.high_rate
        if turn.dwell.dynamic and time.monotonic() - turn.began >= turn.dwell.base + AFTER_BASE_SECONDS:
            ends_itself = ends_itself or self.session.is_cycle_complete()
        if ends_itself and not turn.is_over:
            turn.is_over = True
            self.control.send(TurnOver(turn.number))

    def _do_chores(self) -> None:
        if self._suspended:
            return
        with self.asking:
            self.reporter.guarded("deferred work", self.session.process_deferred)
            live = tuple(self.session.live_modes())
        if live != self._live:
            self._live = live
            self.control.send(Live(live))
        request = self.session.take_on_demand_request()
        if request is not None:
            self.control.send(OnDemandAsked(request.action, request.mode or "", request.duration or 0.0, request.pinned))

    def _configure(self, fd: int) -> None:
        config = json.loads(read_memory_file(fd))
        applied = [False]
        self._refusal = None

        def apply() -> None:
            applied[0] = self.session.apply_config(config)
            if applied[0]:
                self._check_settings()

        if self.lock.acquire(timeout=LOCK_WAIT_SECONDS):
            try:
                with self.asking:
                    self.reporter.guarded("on_config_change", apply)
            finally:
                self.lock.release()
        if self._refusal is None:
            self.control.send(Configured(applied[0]))
            self.updates.hurry()

    def _check_settings(self) -> None:
        try:
            self.session.check_config()
        except PluginLoadError as error:
            if isinstance(error.__cause__, MemoryError):
                self.reporter.give_up("validate_config")
            self._refusal = error

    def _cannot_run(self, error: PluginLoadError) -> None:
        logger.error("The plugin cannot run: %s\n%s", error.reason, error.traceback)
        self.control.send(LoadFailed(error.at, error.reason, error.traceback[-8000:]))

    def _saved(self, section: dict[str, object]) -> None:
        self.control.send(SettingsSaved(section))
