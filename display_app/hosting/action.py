"""Run one script of an installed plugin, held as its host is, but with network: `python -m display_app.hosting.action`.

It reads one JSON object from stdin:

    {"spec": a host spec, "script": path in the plugin's folder, "text": what the script reads from stdin, "asks_for_link": bool,
     "live_lock": path, "protected": [folders that stay closed], "user": name of the user to become when started as root,
     "report": descriptor}

What the script prints goes to stdout and stderr, its exit code is ours. It finds its settings as files where LEDMATRIX_ROOT leads
(`runtime/config_files.py`); its own section, as it left it there, is written to the descriptor as JSON. The plugin's live lock is shared
as long as it runs, so that nobody exchanges the files under it.
"""

from __future__ import annotations

import fcntl
import json
import os
import runpy
import sys
import tempfile
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

from display_app.hosting.oauth_link import print_link
from display_app.hosting.order import EXIT_BEING_PLACED
from display_app.hosting.probe_confinement import confine_probe
from display_app.runtime.config_files import FILES, FOLDER, PLAIN, reads_config_files, write_config_files
from display_app.runtime.loading import prepare_imports
from display_app.runtime.spec import HostSpec
from plugins_app.package.livelock import Held, lock_file

BAD_INPUT = 2


def main() -> int:
    """Run the script; return its exit code."""
    task = json.loads(sys.stdin.buffer.read())
    spec = HostSpec.from_dict(task["spec"])
    try:
        lock_file(Path(task["live_lock"]), fcntl.LOCK_SH, wait=1.0)  # never closed: held until this process has ended
    except Held:
        sys.stderr.write("The plugin's files are being exchanged. Start it again in a moment.\n")
        return EXIT_BEING_PLACED
    spec.cache_dir.mkdir(parents=True, exist_ok=True)
    confine_probe(spec, protected=task["protected"], user_name=task["user"], is_installed=True)
    script = _script_in(spec.folder, str(task["script"]))
    if script is None:
        sys.stderr.write(f"The plugin has no {task['script']}.\n")
        return BAD_INPUT
    _settle_in(spec.cache_dir)
    folder = write_config_files(
        replace(spec, global_config=spec.global_config | _others_in(spec.cache_dir / FOLDER / PLAIN, spec.plugin_id))
    )
    _give_text(str(task["text"]))
    os.chdir(spec.root)
    prepare_imports(spec)
    sys.path.insert(0, str(script.parent))
    code = _run(script, asks_for_link=bool(task["asks_for_link"]))
    _report(folder / PLAIN, spec.plugin_id, int(task["report"]))
    if not reads_config_files(spec.folder):
        for name in FILES:
            (folder / name).unlink(missing_ok=True)
    return code


def _script_in(folder: Path, name: str) -> Path | None:
    """Return the script when it is a file in the plugin's folder, wherever links lead."""
    path = folder / name
    real = path.resolve()
    return path if real.is_relative_to(folder.resolve()) and real.is_file() else None


def _settle_in(cache: Path) -> None:
    """Use the home and the temporary folder of the plugin's host."""
    home, temporary = cache / "home", cache / "tmp"
    for folder in (home, temporary):
        folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(home)))
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)))
    tempfile.tempdir = None
    os.environ["PYTHONUNBUFFERED"] = "1"


def _give_text(text: str) -> None:
    """Put a text where the script reads; a file in memory, which ends where the text does."""
    source = os.memfd_create("stdin")
    os.write(source, text.encode("utf-8", "replace"))
    os.lseek(source, 0, os.SEEK_SET)
    os.dup2(source, 0)
    os.close(source)
    sys.stdin = open(0, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115 - lives as long as we do


def _run(script: Path, *, asks_for_link: bool) -> int:
    try:
        if not asks_for_link or not print_link(script):
            sys.argv = [str(script)]
            runpy.run_path(str(script), run_name="__main__")
    except SystemExit as leaving:
        return _code_of(leaving)
    except Exception:  # noqa: BLE001 - plugin code may raise anything, and what it printed counts
        traceback.print_exc()
        return 1
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    return 0


def _code_of(leaving: SystemExit) -> int:
    if leaving.code is None or isinstance(leaving.code, int):
        return leaving.code or 0
    sys.stderr.write(f"{leaving.code}\n")
    return 1


def _others_in(path: Path, plugin_id: str) -> dict[str, Any]:
    """Return what the host has written into the file besides the plugin's own section: it is not taken away from a running one."""
    try:
        known = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return {name: value for name, value in known.items() if name != plugin_id} if isinstance(known, dict) else {}


def _report(path: Path, plugin_id: str, descriptor: int) -> None:
    """Write down the plugin's own section as the script left it."""
    try:
        section: Any = json.loads(path.read_bytes()).get(plugin_id)
    except (OSError, ValueError, AttributeError, RecursionError):
        return
    if isinstance(section, dict):
        os.pwrite(descriptor, json.dumps(section).encode(), 0)


def _end(code: int) -> None:
    """Leave without waiting for threads that the script left behind."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code & 0xFF)


if __name__ == "__main__":
    _end(main())
