"""Try real public plugins, each in a fresh process without network, at two panel sizes, and print what each did.

    python -m tests.real_plugins.run FOLDER [--only ID ...] [--pictures FOLDER] [--deps FOLDER]

FOLDER holds plugin folders as published. They are copied into a scratch root; settings are the schema's defaults, `enabled`,
and for a few plugins the least that they demand. `--deps` is a folder with the packages that their requirements.txt name
(`pip install --target`). Not part of the test suite: the plugins are other people's and some take a minute to give up on the network.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from display_app.fonts.provision import provision_assets
from tests.real_plugins.settings import settings_of

SIZES = ((64, 32), (128, 32))
LIMIT_SECONDS = 600


def main() -> None:
    """Run the trial and print the table."""
    arguments = _arguments()
    scratch = Path(tempfile.mkdtemp(prefix="real-plugins-"))
    provision_assets(scratch / "assets")
    folders = [folder for folder in sorted(arguments.folder.iterdir()) if (folder / "manifest.json").is_file()]
    folders = [folder for folder in folders if not arguments.only or folder.name in arguments.only]
    jobs = [(folder, size) for folder in folders for size in SIZES]
    with ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(lambda job: _try(job[0], job[1], scratch, arguments), jobs))
    for (folder, (width, height)), result in zip(jobs, results, strict=True):
        print(f"{folder.name:24} {width}x{height:<4} {_sentence(result)}")
    shutil.rmtree(scratch, ignore_errors=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--pictures", type=Path, default=Path(tempfile.gettempdir()) / "real-plugin-pictures")
    parser.add_argument("--deps", default="")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def _try(folder: Path, size: tuple[int, int], scratch: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    root = scratch / f"{size[0]}x{size[1]}" / manifest["id"]
    live = root / "plugin-repos" / manifest["id"]
    shutil.copytree(folder, live)
    shutil.copytree(scratch / "assets", root / "assets")
    spec = {
        "plugin_id": manifest["id"],
        "folder": str(live),
        "root": str(root),
        "entry_point": manifest.get("entry_point") or "manager.py",
        "class_name": manifest["class_name"],
        "manifest": manifest,
        "config": settings_of(live),
        "width": size[0],
        "height": size[1],
        "cache_dir": str(root / "cache"),
        "global_config": {"timezone": "UTC"},
    }
    job = {"spec": spec, "pictures": str(arguments.pictures.resolve()), "deps": arguments.deps}
    with (arguments.pictures.parent / f"{manifest['id']}-{size[0]}.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.real_plugins.one"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            output, _ = process.communicate(json.dumps(job), timeout=LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return {"load": "overdue"}
    return json.loads(output) if output else {"load": f"died with {process.returncode}"}


def _sentence(result: dict[str, Any]) -> str:
    if result["load"] != "ok":
        return f"load FAILS ({result['load']})"
    modes = result["modes"].values()
    lit = sum(mode["lit"] > 0 for mode in modes)
    parts = [f"update {result['update']} {result['update_seconds']} s; {lit}/{len(modes)} modes lit"]
    declined = sum(mode["answers"] == [False] * len(mode["answers"]) for mode in modes)
    parts += [f"{declined} return False"] if declined else []
    odd = {str(answer) for mode in modes for answer in mode["answers"] if not isinstance(answer, bool)}
    parts += sorted(odd)
    return ", ".join(parts)


if __name__ == "__main__":
    main()
