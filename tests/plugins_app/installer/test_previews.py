"""Pictures of generations: drawn by another process, kept and collected with the generation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from plugins_app.installer.collect import collect
from plugins_app.installer.drawing import DrawingTask, Interrupted
from plugins_app.installer.place import place
from plugins_app.installer.previews import Preview, draw_previews, folder_of, is_drawn, read_previews
from plugins_app.package.paths import PluginPaths
from tests.fakes.samples import copy_plugin


def draw(paths: PluginPaths, plugin_id: str, *, is_interrupted=lambda: False, **settings: object) -> bool:
    task = DrawingTask(folder=paths.live(plugin_id), settings={"enabled": True, **settings}, panel=(64, 32), timezone="UTC")
    return draw_previews(paths, plugin_id, "op1-1", task, is_interrupted=is_interrupted)


def test_an_index_names_files_of_ours_and_nothing_else(paths):
    folder = folder_of(paths, "sample", "op1-1")
    folder.mkdir(parents=True)
    assert read_previews(paths, "sample", "op1-1") == []
    assert not is_drawn(paths, "sample", "op1-1")
    modes = [{"mode": "a", "file": "0.webp"}, {"mode": "b", "file": "../../../secret"}, {"mode": "c", "file": "x.html"}]
    (folder / "index.json").write_text(json.dumps({"modes": modes}))
    assert read_previews(paths, "sample", "op1-1") == [Preview("a", folder / "0.webp")]
    assert is_drawn(paths, "sample", "op1-1")


@pytest.mark.parametrize("text", ["", "[]", '{"modes": [{}]}', '{"modes": [{"mode": "a", "file": 3}]}'])
def test_a_broken_index_is_no_picture(paths, text):
    folder = folder_of(paths, "sample", "op1-1")
    folder.mkdir(parents=True)
    (folder / "index.json").write_text(text)
    assert read_previews(paths, "sample", "op1-1") == []


def test_pictures_go_with_their_generation(paths, store):
    for number in (1, 2):
        store(f"op{number}-1", version=str(number))
        folder_of(paths, "sample", f"op{number}-1").mkdir(parents=True)
        (folder_of(paths, "sample", f"op{number}-1") / "index.json").write_text("{}")
    place(paths, "sample", "op2-1", carry=False)
    collect(paths, "sample", keep={"op2-1"})
    assert [path.name for path in paths.previews("sample").iterdir()] == ["op2-1"]


@pytest.fixture
def live(paths, tmp_path) -> Path:
    return copy_plugin(tmp_path / "made", "shown").rename(paths.live("shown"))


@pytest.mark.process
def test_every_mode_that_shows_something_gets_an_animated_picture(paths, live):
    assert draw(paths, "shown", text="HI")
    (preview,) = read_previews(paths, "shown", "op1-1")
    assert preview.mode == "shown"
    with Image.open(preview.path) as image:
        assert (image.format, image.size) == ("WEBP", (64, 32))
    assert [path.name for path in paths.previews("shown").iterdir()] == ["op1-1"]


@pytest.mark.process
def test_a_plugin_shows_its_own_example(paths, live):
    (live / "preview.json").write_text(json.dumps({"config": {"text": "MY EXAMPLE", "color": [9, 8, 7]}, "answers": 3, "at": "never"}))
    assert draw(paths, "shown")
    with Image.open(read_previews(paths, "shown", "op1-1")[0].path) as image:
        assert {colour for _, colour in image.convert("RGB").getcolors()} == {(0, 0, 0), (9, 8, 7)}


@pytest.mark.process
@pytest.mark.parametrize("code", ["raise RuntimeError('no')", "import os; os._exit(3)"])
def test_a_plugin_without_pictures_is_not_tried_again(paths, live, code):
    (live / "manager.py").write_text(code)
    assert not draw(paths, "shown")
    assert is_drawn(paths, "shown", "op1-1")


@pytest.mark.process
def test_what_is_interrupted_leaves_nothing_behind(paths, live):
    (live / "manager.py").write_text("while True: pass")
    with pytest.raises(Interrupted):
        draw(paths, "shown", is_interrupted=lambda: True)
    assert list(paths.previews("shown").iterdir()) == []
