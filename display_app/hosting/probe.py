"""Try a plugin once, in a process that ends afterwards: import it, construct it against a canvas that goes nowhere, check its settings.

`python -m display_app.hosting.probe` reads one JSON object from stdin:

    {"tree": folder of the plugin, "root": runtime root, "plugin_id": ..., "manifest": {... with entry_point and class_name},
     "settings": {effective settings}, "panel": {"width": pixels, "height": pixels},
     "protected": [folders that stay closed to the plugin], "user": name of the user to become when started as root}

(the last two may be missing) and writes JSON lines to stdout: `{"step": "confined", ...}`, `imported`, `constructed`, `validated`, or as
the last line `{"step": "failed", "at": "import|class|construct|validate", "reason": ...}`. What the plugin prints goes to stderr.
The limit on time is the caller's; home, temporary folder and cache are made inside TMPDIR and emptied.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, TextIO

from display_app.hosting.no_network import refuse_network
from display_app.hosting.probe_confinement import confine_probe
from display_app.runtime.session import HostSpec, PluginLoadError, PluginSession
from plugins_app.exceptions import BadRequest

BAD_INPUT = 2


def main() -> int:
    """Run the probe; return 0 when it came to a verdict, 2 when the input cannot be read."""
    answers = _take_stdout()
    raw = sys.stdin.buffer.read()
    scratch = _make_scratch()
    try:
        return _probe(raw, scratch, answers)
    finally:
        os.chdir("/")
        shutil.rmtree(scratch, ignore_errors=True)


def _probe(raw: bytes, scratch: Path, answers: TextIO) -> int:
    try:
        data = json.loads(raw)
        spec = _read_spec(data, scratch)
        protected, user_name = [str(path) for path in data.get("protected", ())], str(data.get("user", ""))
    except (ValueError, TypeError, KeyError, BadRequest) as error:
        _report(answers, step="failed", at="input", reason=f"The probe cannot read its input: {error}")
        return BAD_INPUT
    network = refuse_network()
    is_landlocked = confine_probe(spec, protected=protected, user_name=user_name)
    _report(answers, step="confined", network=network, landlock=is_landlocked, uid=os.getuid())
    try:
        PluginSession(spec, publish=lambda frame: None).load(lambda step: _report(answers, step=step))
    except PluginLoadError as error:
        sys.stderr.write(error.traceback)
        _report(answers, step="failed", at=error.at, reason=error.reason)
    return 0


def _read_spec(data: dict[str, Any], scratch: Path) -> HostSpec:
    manifest = data["manifest"]
    return HostSpec.from_dict(
        {
            "plugin_id": data["plugin_id"],
            "folder": data["tree"],
            "root": data["root"],
            "entry_point": manifest.get("entry_point") or "manager.py",
            "class_name": manifest.get("class_name") or "",
            "manifest": manifest,
            "config": data["settings"],
            "width": data["panel"]["width"],
            "height": data["panel"]["height"],
            "cache_dir": str(scratch),
        }
    )


def _take_stdout() -> TextIO:
    """Keep the real stdout for the answers and send everything else that is printed to stderr."""
    private = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return private


def _report(answers: TextIO, **line: Any) -> None:
    answers.write(json.dumps(line) + "\n")
    answers.flush()


def _make_scratch() -> Path:
    """Give the plugin a home, a temporary folder and a cache that go away with the probe; return the folder that holds them."""
    scratch = Path(tempfile.mkdtemp(prefix="ledsite-probe-"))
    for name in ("home", "tmp"):
        (scratch / name).mkdir()
    os.environ.update(dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(scratch / "home")))
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch / "tmp")))
    tempfile.tempdir = None
    return scratch


def _end(code: int) -> None:
    """Leave without waiting for threads that the plugin left behind."""
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _end(main())
