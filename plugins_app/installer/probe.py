"""Tries a staged plugin in a throw-away, limited process: does it import, can it be constructed, does it accept its settings.

The process is `python -m display_app.hosting.probe`: the task on stdin, one JSON object a step on stdout. The last step
that was reported is what counts, however the process ended.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins_app.installer.bound import Ended, run_bound
from plugins_app.installer.scratch import scratch_folder
from plugins_app.package.manifest import Manifest

SECONDS = 10.0
LIMITS = {"DATA": 256 * 1024 * 1024, "NOFILE": 256, "FSIZE": 64 * 1024 * 1024, "CORE": 0}
CODE = Path(__file__).resolve().parents[2]
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
_STEPS = ("imported", "constructed", "validated", "failed")


@dataclass(frozen=True)
class ProbeResult:
    """What the trial showed; `reason` is a sentence when anything failed, validation included, and empty when nothing did."""

    importable: bool
    constructed: bool
    reason: str


def probe(
    tree: Path,
    manifest: Manifest,
    settings: Mapping[str, Any],
    *,
    root: Path,
    panel: tuple[int, int],
    protected: Sequence[Path] = (),
    user: str = "",
    seconds: float = SECONDS,
    on_wait: Callable[[], None] = lambda: None,
) -> ProbeResult:
    """Try the plugin in `tree` with these settings on a panel of (width, height) pixels, in another process.

    `protected` are folders that stay closed to the plugin (data, run); `user` is whom the process becomes when we are root.
    `on_wait` is called about twice a second; what it raises ends the trial.
    """
    steps: list[dict[str, Any]] = []
    mode = 0o700 if os.geteuid() else 0o1777  # as root it gives root away before it imports the plugin
    with scratch_folder("probe", mode=mode) as scratch:
        task = {
            "tree": str(tree),
            "root": str(root),
            "plugin_id": manifest.id,
            "manifest": {
                **manifest.raw,
                "entry_point": manifest.entry_point,
                "class_name": manifest.class_name,
                "display_modes": list(manifest.display_modes),
            },
            "settings": dict(settings),
            "panel": {"width": panel[0], "height": panel[1]},
            "protected": [str(path) for path in protected],
            "user": user,
        }
        ended = run_bound(
            [sys.executable, "-m", "display_app.hosting.probe"],
            seconds=seconds,
            env=environment(str(scratch)),
            cwd=root,
            on_line=lambda line: _note(line, steps),
            stdin=json.dumps(task).encode(),
            limits=LIMITS,
            merge_stderr=False,
            on_wait=on_wait,
        )
    return _judge(steps, ended, seconds)


def environment(scratch: str) -> dict[str, str]:
    """Return a short environment: nothing of ours that a plugin should read, one thread a library, no bytecode beside the sources."""
    return {
        **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        "PYTHONPATH": str(CODE),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "HOME": scratch,
        "TMPDIR": scratch,
    }


def _note(line: str, steps: list[dict[str, Any]]) -> None:
    """Keep a line that reports a step; anything else was printed by the plugin."""
    try:
        step = json.loads(line)
    except (ValueError, RecursionError):
        return
    if isinstance(step, dict) and step.get("step") in _STEPS:
        steps.append(step)


def _judge(steps: list[dict[str, Any]], ended: Ended, seconds: float) -> ProbeResult:
    names = [step["step"] for step in steps]
    last = steps[-1] if steps else {}
    if last.get("step") == "validated":
        return ProbeResult(importable=True, constructed=True, reason="")
    if last.get("step") == "failed":
        at = last.get("at")
        reason = " ".join(str(last.get("reason") or "It failed without a reason.").split())[:500]
        return ProbeResult(importable=at in ("construct", "validate"), constructed=at == "validate", reason=reason)
    doing = "checking its settings" if "constructed" in names else "being constructed" if "imported" in names else "being imported"
    how = f"did not end within {seconds:g} s" if ended.timed_out else f"ended its process ({_code_words(ended.code)})"
    return ProbeResult(importable="imported" in names, constructed="constructed" in names, reason=f"The plugin {how} while {doing}.")


def _code_words(code: int) -> str:
    return f"signal {code - 128}" if code > 128 else f"exit code {code}"
