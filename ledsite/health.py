"""Whether every process of the product does its work: open to anyone, says only well or not."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from ledsite.beats import is_fresh, read_beat
from ledsite.supervisor.state import read_state
from ledsite.worker.queues import process_names

PANEL_SECONDS = 3.0
WORKER_SECONDS = 8.0


@require_safe
def health_view(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is well, 503 when not."""
    processes = read_health(settings.LEDSITE.run_dir, now=time.monotonic(), low_memory=settings.LEDSITE.low_memory)
    well = all(processes.values())
    answer = JsonResponse({"ok": well, "processes": processes}, status=200 if well else 503)
    answer["Cache-Control"] = "no-store"
    answer._has_been_logged = True  # type: ignore[attr-defined]  # asked every second by whoever watches: no line in the log each time
    return answer


def read_health(run_dir: Path, *, now: float, low_memory: bool = False) -> dict[str, bool]:
    """Tell for each process whether it is well, from the files that they write into the run folder."""
    supervised = read_state(run_dir).get("processes", {})
    panel = read_beat(run_dir / "status.json")
    panel_lives = is_fresh(panel, now=now, seconds=PANEL_SECONDS)
    driver = panel.get("driver")
    queues = {
        name: _is_running(supervised.get(name)) and _worker_lives(run_dir / f"worker-{name}.json", now=now)
        for name in process_names(low_memory=low_memory)
    }
    return {
        "web": True,  # it is answering
        **queues,
        "director": _is_running(supervised.get("director")) and panel_lives,
        "driver": panel_lives and isinstance(driver, dict) and bool(driver.get("ok")),
    }


def _is_running(facts: object) -> bool:
    """Tell what the supervisor says; without one (services started one by one) the beats alone decide."""
    return facts is None or (isinstance(facts, dict) and facts.get("state") == "running")


def _worker_lives(path: Path, *, now: float) -> bool:
    """Tell whether a queue beats; one that still recovers does not beat, but its process is there."""
    facts = read_beat(path)
    if facts.get("serving"):
        return is_fresh(facts, now=now, seconds=WORKER_SECONDS)
    pid = facts.get("pid")
    return isinstance(pid, int) and Path(f"/proc/{pid}").exists()
