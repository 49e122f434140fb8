"""The report of a check."""

from __future__ import annotations

from typing import Any

from PIL import Image

from display_app.authoring.findings import Finding, Level
from display_app.authoring.rendering import ModeRendering, Rendering, Shot
from display_app.authoring.report import as_json, as_text, verdict
from plugins_app.package.manifest import parse_manifest

MANIFEST = parse_manifest({"id": "sample", "name": "Sample", "version": "1.2", "class_name": "Sample", "display_modes": ["one", "two"]})
FOUND = [Finding(Level.WARNING, "two at every size", "Every picture is black.", "It looks broken.", "Return False. " * 12)]


def renderings() -> list[Rendering]:
    def modes(width: int) -> dict[str, ModeRendering]:
        lit = ModeRendering("one", [Shot(0, Image.new("RGB", (width, 32), "red"))], is_done=True, drawn=1)
        return {"one": lit, "two": ModeRendering("two", is_done=True, declined=1)}

    values: dict[str, Any] = {"steps": ["done"], "network": "seccomp", "mode_names": ["one", "two", "three"]}
    return [Rendering(width, 32, 3.0, modes=modes(width), **values) for width in (64, 128)]


def test_people_get_a_table_and_each_problem_with_why_and_what_to_do():
    lines = list(as_text(MANIFEST, renderings(), FOUND))
    assert lines[:6] == [
        "Sample 1.2 (sample), network refused by seccomp",
        "",
        "       64x32      128x32",
        "one    ok         ok",
        "two    nothing    nothing",
        "three  -          -",
    ]
    assert lines[7:10] == [
        "1. warning    Every picture is black.",
        "   where      two at every size",
        "   why        It looks broken.",
    ]
    assert lines[10].startswith("   do         Return False.")
    assert max(map(len, lines)) <= 100


def test_programs_get_the_same():
    body = as_json(MANIFEST, renderings(), FOUND, is_good=True)
    assert body["plugin"] == {"id": "sample", "name": "Sample", "version": "1.2"}
    assert body["sizes"][1]["modes"] == {"one": "ok", "two": "nothing", "three": "-"}
    assert body["findings"][0]["level"] == "warning"
    assert set(body["findings"][0]) == {"level", "where", "text", "why", "do"}


def test_a_plugin_that_cannot_be_read_has_a_report_too():
    found = [Finding(Level.ERROR, "manifest.json", "There is none.")]
    assert list(as_text(None, [], found)) == ["", "1. error      There is none.", "   where      manifest.json", ""]
    assert as_json(None, [], found, is_good=False)["plugin"] is None


def test_the_last_line_counts():
    assert verdict([], is_good=True) == "Nothing to mend. It can be published."
    many = [Finding(Level.WARNING, "", ""), Finding(Level.ERROR, "", ""), Finding(Level.WARNING, "", "")]
    assert verdict(many, is_good=False) == "1 error, 2 warnings. It cannot be published as it is."
