"""The strip: what is in view never jumps, what is behind the right edge may change, a stop halts once."""

from __future__ import annotations

from PIL import Image

from display_app.rotation.strip import Strip

COLOURS = {"r": (255, 0, 0), "g": (0, 255, 0), "b": (0, 0, 255), ".": (0, 0, 0), "y": (255, 255, 0)}


def picture(colour: str, width: int) -> Image.Image:
    return Image.new("RGB", (width, 1), COLOURS[colour])


def seen(strip: Strip) -> str:
    rgb = strip.view()
    names = {value: name for name, value in COLOURS.items()}
    return "".join(names[(rgb[at], rgb[at + 1], rgb[at + 2])] for at in range(0, len(rgb), 3))


def strip_of(*parts: tuple[str, int], width: int = 6, gap: int = 1) -> Strip:
    strip = Strip(width=width, height=1)
    for colour, length in parts:
        strip.append(colour, picture(colour, length), gap=gap, at_once=True)
    return strip


def test_pictures_pass_one_behind_the_other_with_gaps() -> None:
    strip = strip_of(("r", 3), ("g", 2), ("b", 4))
    assert (seen(strip), strip.ahead()) == ("rrr.gg", 5)
    strip.move(2)
    assert seen(strip) == "r.gg.b"
    strip.move(1.5)
    assert (seen(strip), strip.take_passed()) == (".gg.bb", ["r"])
    strip.move(0.5)
    assert (seen(strip), strip.take_passed()) == ("gg.bbb", [])


def test_a_late_picture_comes_from_the_edge_and_not_into_the_view() -> None:
    strip = strip_of(("r", 2))
    strip.append("g", picture("g", 2), gap=1)
    assert seen(strip) == "rr...."
    strip.move(2)
    assert seen(strip) == "....gg"


def test_pictures_in_view_are_exchanged_only_when_nothing_moves_by_it() -> None:
    strip = strip_of(("r", 3), ("g", 2), ("r", 3), ("b", 2))
    strip.renew("r", picture("y", 3))
    assert seen(strip) == "yyy.gg"
    strip.renew("r", picture("b", 5))
    assert seen(strip) == "yyy.gg"
    strip.move(7)
    assert seen(strip) == "bbbbb."
    strip.move(2)
    assert seen(strip) == "bbb.bb"


def test_a_plugin_that_is_dropped_leaves_the_view_on_its_way_and_no_hole_behind_it() -> None:
    strip = strip_of(("r", 3), ("g", 3), ("b", 2), ("g", 2), ("y", 2))
    strip.drop("g")
    assert seen(strip) == "rrr.gg"
    strip.move(4)
    assert seen(strip) == "ggg.bb"
    strip.move(4)
    assert seen(strip) == "bb.yy."


def test_all_that_is_not_in_view_can_be_dropped() -> None:
    strip = strip_of(("r", 3), ("g", 3), ("b", 2))
    strip.drop()
    assert (seen(strip), strip.ahead()) == ("rrr.gg", 1)


def test_a_stop_halts_where_it_fills_the_panel_and_only_once() -> None:
    strip = strip_of(("r", 3))
    strip.append("g", picture("g", 6), gap=1, stops=True)
    assert strip.move(2) is None
    halted = strip.move(50)
    assert halted is not None and halted.plugin_id == "g"
    assert seen(strip) == "gggggg"
    assert strip.move(1) is None
    assert seen(strip) == "ggggg."


def test_a_piece_that_is_exchanged_stops_as_the_new_one_does() -> None:
    strip = strip_of(("r", 6))
    strip.append("g", picture("g", 6), gap=1, stops=True)
    strip.renew("g", picture("g", 3))
    assert strip.move(20) is None
    strip = strip_of(("r", 6))
    strip.append("g", picture("g", 3), gap=1)
    strip.renew("g", picture("g", 6), stops=True)
    assert strip.move(20) is not None


def test_skip_goes_on_to_the_next_one() -> None:
    strip = strip_of(("r", 5), ("g", 2))
    strip.skip()
    assert seen(strip) == "gg...."
    strip.skip()
    assert seen(strip) == "gg...."


def test_it_knows_whom_the_middle_of_the_panel_belongs_to_and_who_follows() -> None:
    strip = strip_of(("r", 4), ("g", 2), ("g", 2), ("b", 2))
    middle = strip.centre()
    assert middle is not None and middle.plugin_id == "r"
    following = strip.after(middle)
    assert following is not None and following.plugin_id == "g"
    beyond = strip.after(following)
    assert beyond is not None and beyond.plugin_id == "b"
    assert Strip(width=6, height=1).centre() is None
