"""What is said about a performance."""

from __future__ import annotations

from PIL import Image

from display_app.authoring.findings import Finding, Level, merged, of_load, of_mode
from display_app.authoring.rendering import ModeRendering, Rendering, Shot

LIT, BLACK = Image.new("RGB", (64, 32), "red"), Image.new("RGB", (64, 32))


def rendering(**values: object) -> Rendering:
    return Rendering(64, 32, 3.0, steps=["done"], **values)  # type: ignore[arg-type]


def said(mode: ModeRendering) -> list[tuple[Level, str]]:
    return [(one.level, one.text) for one in of_mode(mode, rendering())]


def mode(**values: object) -> ModeRendering:
    return ModeRendering("m", is_done=True, **values)  # type: ignore[arg-type]


def test_all_is_well():
    assert said(mode(shots=[Shot(0, LIT)], drawn=3)) == []
    assert list(of_load(rendering())) == []


def test_an_empty_screen_is_said_as_what_it_is():
    assert said(mode(declined=3)) == [(Level.NOTE, "Nothing is shown: it says that it has nothing to show.")]
    assert said(mode(drawn=3)) == [(Level.ERROR, "Nothing is shown: it never calls update_display().")]
    assert said(mode(shots=[Shot(0, BLACK)])) == [(Level.WARNING, "Every picture is black. Return False when there is nothing to show.")]


def test_slow_drawing_is_a_warning_until_the_panel_would_go_on_without_it():
    assert [level for level, _ in said(mode(shots=[Shot(0, LIT)], slowest=0.3))] == [Level.WARNING]
    assert [level for level, _ in said(mode(shots=[Shot(0, LIT)], slowest=1.2))] == [Level.ERROR]


def test_texts_at_the_edge_are_quoted():
    found = said(mode(shots=[Shot(0, LIT)], cut=list("abcdef"), touching=["T"]))
    assert found == [
        (Level.WARNING, 'Text is cut off at the edge: "a", "b", "c", "d" and 2 more'),
        (Level.NOTE, 'Text touches the left or right edge: "T"'),
    ]


def test_waiting_for_settings_is_no_error_and_a_failing_import_is():
    assert [one.level for one in of_load(rendering(failed_at="validate", reason="No city."))] == [Level.WARNING]
    assert [one.text for one in of_load(rendering(failed_at="import", reason="Gone"))] == ["It fails at the import: Gone"]


def test_the_same_words_about_several_sizes_become_one_line_errors_first():
    found = merged(
        [
            Finding(Level.NOTE, "m at 64x32", "n"),
            Finding(Level.ERROR, "64x32", "e"),
            Finding(Level.NOTE, "m at 128x32", "n"),
        ]
    )
    assert found == [Finding(Level.ERROR, "64x32", "e"), Finding(Level.NOTE, "m at 64x32, 128x32", "n")]
