"""What is said about a performance."""

from __future__ import annotations

from PIL import Image

from display_app.authoring.findings import Finding, Level, merged, of_load, of_mode
from display_app.authoring.rendering import ModeRendering, Rendering, Shot

LIT, BLACK = Image.new("RGB", (64, 32), "red"), Image.new("RGB", (64, 32))


def rendering(**values: object) -> Rendering:
    return Rendering(64, 32, 3.0, steps=["done"], **values)  # type: ignore[arg-type]


def said(mode: ModeRendering, **values: object) -> list[tuple[Level, str, str]]:
    return [(one.level, one.text, one.mark) for one in of_mode(mode, rendering(**values))]


def mode(**values: object) -> ModeRendering:
    return ModeRendering("m", is_done=True, **values)  # type: ignore[arg-type]


def test_all_is_well():
    assert said(mode(shots=[Shot(0, LIT)], drawn=3)) == []
    assert list(of_load(rendering())) == []


def test_an_empty_screen_is_said_as_what_it_is():
    assert said(mode(declined=3)) == [(Level.NOTE, "It says that it has nothing to show.", "nothing")]
    assert said(mode(drawn=3)) == [(Level.ERROR, "It never calls update_display().", "no picture")]
    assert said(mode(shots=[Shot(0, BLACK)])) == [(Level.WARNING, "Every picture is black.", "black")]


def test_what_the_web_would_have_said_is_the_likely_reason():
    refused = ["https://a.example/x", "https://a.example/y"]
    (black,) = of_mode(mode(shots=[Shot(0, BLACK)]), rendering(refused=refused))
    assert black.why == "The web was refused: https://a.example/x and 1 more."
    assert "--record FILE" in black.do
    (raised,) = of_load(rendering(refused=refused[:1], update_problem="KeyError: 'x'"))
    assert raised.why == "The web was refused: https://a.example/x."


def test_slow_drawing_is_a_warning_until_the_panel_would_go_on_without_it():
    assert [one[0] for one in said(mode(shots=[Shot(0, LIT)], slowest=0.3))] == [Level.WARNING]
    assert [one[0] for one in said(mode(shots=[Shot(0, LIT)], slowest=1.2))] == [Level.ERROR]
    assert [one.level for one in of_load(rendering(update_seconds=31.0))] == [Level.ERROR]


def test_texts_at_the_edge_are_quoted():
    found = said(mode(shots=[Shot(0, LIT)], cut=list("abcdef"), touching=["T"]))
    assert found == [
        (Level.WARNING, 'Text is cut off at the edge: "a", "b", "c", "d" and 2 more', "cut"),
        (Level.NOTE, 'Text touches the left or right edge: "T"', ""),
    ]


def test_waiting_for_settings_is_no_error_and_a_failing_import_is():
    assert [one.level for one in of_load(rendering(failed_at="validate", reason="No city."))] == [Level.WARNING]
    assert [one.text for one in of_load(rendering(failed_at="import", reason="Gone"))] == ["It fails at the import: Gone"]


def test_every_problem_says_why_it_matters_and_what_to_do():
    modes = [
        mode(problem="E"),
        mode(drawn=1),
        mode(shots=[Shot(0, BLACK)]),
        mode(shots=[Shot(0, LIT)], slowest=2.0, cut=["a"], touching=["b"]),
    ]
    found = [one for each in modes for one in of_mode(each, rendering())]
    for failed_at in ("import", "class", "construct", "validate"):
        found += of_load(rendering(failed_at=failed_at, reason="R"))
    found += of_load(Rendering(64, 32, 3.0, reason="It did not end."))
    found += of_load(rendering(update_problem="E", update_seconds=40.0))
    assert [one.text for one in found if not (one.why and one.do)] == []


def test_the_same_words_about_several_sizes_and_modes_become_one_line_errors_first():
    found = merged(
        [
            Finding(Level.NOTE, "m at 64x32", "n"),
            Finding(Level.ERROR, "64x32", "e"),
            Finding(Level.NOTE, "m at 128x32", "n"),
            Finding(Level.NOTE, "k at 64x32", "n"),
            Finding(Level.NOTE, "k at 128x32", "n"),
            Finding(Level.WARNING, "m at 64x32", "300 ms", mark="slow"),
            Finding(Level.WARNING, "m at 128x32", "400 ms", mark="slow"),
        ],
        2,
    )
    assert found == [
        Finding(Level.ERROR, "64x32", "e"),
        Finding(Level.WARNING, "m at every size", "300 ms", mark="slow"),
        Finding(Level.NOTE, "m, k at every size", "n"),
    ]
