"""Try real public plugins, each in a fresh process, without network and with recorded answers, and print what each did.

    python -m tests.real_plugins.run FOLDER ... [--only ID ...] [--pictures FOLDER] [--deps FOLDER] [--sizes 64x32 128x32]

A FOLDER holds plugin folders as published; `--deps` is a folder with the packages that their requirements.txt name
(`pip install --target`). The plugins are other people's and no part of this project.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image

from display_app.authoring.rendering import Rendering
from tests.real_plugins.performing import perform, sentence

ENLARGED = 6


def main() -> None:
    """Run the trial and print the table."""
    arguments = _arguments()
    folders = [folder for place in arguments.folders for folder in plugin_folders(place)]
    for folder in folders:
        if arguments.only and folder.name not in arguments.only:
            continue
        for size in arguments.sizes:
            offline = perform(folder, size=size, answered=False, deps=arguments.deps)
            answered = perform(folder, size=size, answered=True, deps=arguments.deps)
            print(f"{folder.name:26} {size[0]}x{size[1]:<3} refused: {sentence(offline)} | answered: {sentence(answered)}", flush=True)
            if arguments.pictures:
                _save(answered, arguments.pictures / f"{size[0]}x{size[1]}", folder.name)


def plugin_folders(place: Path) -> list[Path]:
    """Return the plugin folders in a folder."""
    return [folder for folder in sorted(place.iterdir()) if (folder / "manifest.json").is_file()]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--deps", type=Path)
    parser.add_argument("--sizes", type=_size, nargs="*", default=[(64, 32), (128, 32)])
    return parser.parse_args()


def _size(text: str) -> tuple[int, int]:
    width, height = map(int, text.split("x"))
    return width, height


def _save(rendering: Rendering, folder: Path, plugin_id: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for mode in rendering.modes.values():
        if mode.shots:
            picture = mode.shots[len(mode.shots) // 2].image
            name = f"{plugin_id}-{mode.mode}.png".replace("/", "_")
            picture.resize((picture.width * ENLARGED, picture.height * ENLARGED), Image.Resampling.NEAREST).save(folder / name)


if __name__ == "__main__":
    main()
