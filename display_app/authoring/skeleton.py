"""Begins a new plugin: a folder that runs, with manifest, settings, code, README and tests, to be changed step by step."""

from __future__ import annotations

import getpass
import json
import re
from pathlib import Path
from string import Template

from plugins_app.exceptions import Conflict
from plugins_app.package.ids import check_id

FILES = Path(__file__).with_name("skeleton_files")
SHORT = 8


def write_skeleton(plugin_id: str, folder: Path, *, author: str = "") -> list[Path]:
    """Write a new plugin into `folder`/<id> and return its files; Conflict `folder-in-use` when something is there."""
    target = folder / check_id(plugin_id)
    if target.exists():
        raise Conflict(f"{target} is there already.", code="folder-in-use", hint="Choose another id, or another folder with --dir.")
    words = [word for word in re.split(r"[^A-Za-z0-9]+", plugin_id) if word]
    name = " ".join(words).capitalize()
    class_name = "".join(word[0].upper() + word[1:] for word in words)
    values = {
        "id": plugin_id,
        "name": name,
        "short": words[-1][:SHORT].capitalize(),
        "class_name": class_name if class_name[0].isalpha() else f"Plugin{class_name}",
        "mode": re.sub(r"[^a-z0-9]+", "_", plugin_id.lower()).strip("_"),
        "author": json.dumps(author or _whoever())[1:-1],
    }
    target.mkdir(parents=True)
    written = []
    for source in sorted(FILES.glob("*.txt")):
        path = target / source.stem
        path.write_text(Template(source.read_text("utf-8")).substitute(values), "utf-8")
        written.append(path)
    return written


def _whoever() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"
