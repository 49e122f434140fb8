"""`manage.py renderplugin`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from PIL import Image

from plugins_app.config.store import save_settings
from plugins_app.models import Plugin
from plugins_app.package.schema import read_schema
from tests.fakes.samples import copy_plugin

BUNDLED = Path(__file__).parents[3] / "display_app" / "bundled"
CLOCK, SYSTEM, MESSAGE = (str(BUNDLED / f"ledsite-{name}") for name in ("clock", "system", "message"))

LEDSITE = settings.LEDSITE
process = pytest.mark.process


@process
def test_the_same_time_gives_the_same_picture(tmp_path):
    first, second = tmp_path / "first.png", tmp_path / "second.png"
    for out in (first, second):
        call_command("renderplugin", CLOCK, out=out, size=(64, 32), at=1758652496.0)
    assert first.read_bytes() == second.read_bytes()
    with Image.open(first) as image:
        assert image.size == (64, 32)


@process
def test_settings_reach_the_plugin_and_a_long_message_moves(tmp_path):
    out = tmp_path / "message.webp"
    call_command("renderplugin", MESSAGE, out=out, size=(64, 32), config={"text": "A MESSAGE THAT DOES NOT FIT"}, seconds=1.0)
    with Image.open(out) as image:
        assert image.n_frames == 20


@process
def test_a_mode_that_it_does_not_have_is_named(tmp_path):
    with pytest.raises(CommandError, match="has no mode 'no-such'"):
        call_command("renderplugin", CLOCK, "--mode", "no-such", "--out", str(tmp_path / "x.png"))


@process
@pytest.mark.parametrize(("name", "kind", "size"), [("x.png", "PNG", (7, 300)), ("x.webp", "WEBP", (256, 64)), ("x.gif", "GIF", (64, 32))])
def test_any_size_becomes_any_kind_of_file(tmp_path, name, kind, size):
    call_command("renderplugin", CLOCK, out=tmp_path / name, size=size, seconds=2.0, scale=2)
    with Image.open(tmp_path / name) as image:
        assert (image.format, image.size) == (kind, (size[0] * 2, size[1] * 2))


@process
def test_every_mode_gets_a_file_when_the_name_says_so(tmp_path, capsys):
    call_command("renderplugin", SYSTEM, out=tmp_path / "{mode}.png", led=True)
    assert [path.name for path in tmp_path.iterdir()] == ["ledsite-system-status.png"]
    assert "ledsite-system-address: it has nothing to show" in capsys.readouterr().err


@process
@pytest.mark.django_db
def test_an_installed_plugin_is_rendered_with_the_settings_that_it_has(tmp_path):
    live = LEDSITE.plugin_dir / "shown"
    shutil.copytree(copy_plugin(tmp_path, "shown"), live, dirs_exist_ok=True)
    plugin = Plugin.objects.create(plugin_id="shown", name="Shown", version="1", active_generation="op1", schema=read_schema(live))
    save_settings(plugin.plugin_id, {"text": "X", "color": [1, 2, 3]}, partial=True, requested_by="test")
    try:
        call_command("renderplugin", "shown", out=tmp_path / "out.png", size=(64, 32))
    finally:
        shutil.rmtree(live)
    with Image.open(tmp_path / "out.png") as image:
        colours = {colour for _, colour in image.getcolors()}
    assert colours == {(0, 0, 0), (1, 2, 3)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing-there", "--out", "x.png"], "neither the folder of a plugin nor an installed plugin"),
        ([CLOCK, "--out", "x.bmp"], "must end with one of .png, .webp, .gif"),
        ([CLOCK, "--out", "x.png", "--size", "64"], "not a size like 128x32"),
        ([CLOCK, "--out", "x.png", "--at", "noon"], "not a time like"),
        ([CLOCK, "--out", "x.png", "--config", "[1]"], "JSON object"),
        ([CLOCK, "--out", "x.png", "--answers", '{"https://a/": 3}'], "recorded answers cannot be used"),
    ],
)
def test_what_cannot_be_rendered_is_one_sentence(arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("renderplugin", *arguments)
