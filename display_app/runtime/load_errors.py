"""Why a plugin did not start, in one sentence that a person understands: what was tried, what was said, and where in its code."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path

DOING = {
    "import": "Its code cannot be loaded",
    "construct": "Starting it failed",
    "validate": "Checking its settings failed",
}
MISTAKES = (NameError, ImportError, SyntaxError)  # no setting can mend these
LONGEST = 300


class PluginLoadError(Exception):
    """A plugin did not start: `at` is import, class, construct or validate, `reason` one sentence, `traceback` text or empty."""

    def __init__(self, at: str, reason: str, *, traceback: str = "") -> None:
        super().__init__(reason)
        self.at = at
        self.reason = reason
        self.traceback = traceback


def load_error(at: str, error: BaseException, places: Sequence[Path]) -> PluginLoadError:
    """Describe what a plugin raised whose code lies in `places`; to be called while `error` is handled."""
    return PluginLoadError(at, _sentence(at, error, places), traceback=traceback.format_exc())


def _sentence(at: str, error: BaseException, places: Sequence[Path]) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _missing_module(error.name)
    text = " ".join(str(error.msg if isinstance(error, SyntaxError) else error).split())[:LONGEST].rstrip(". ")
    where = _place(error, places)
    doing = f"{DOING[at]} by a mistake in its code" if at != "import" and isinstance(error, MISTAKES) else DOING[at]
    return f"{doing}{f': {text}' if text else ''} ({type(error).__name__}{f' in {where}' if where else ''})."


def _missing_module(name: str) -> str:
    top = name.partition(".")[0]
    if top == "src":
        return f"It needs {name} of LEDMatrix, which is not offered here."
    return (
        f"It needs the Python module {name}, which is neither in its folder nor among its requirements; "
        f"if its author offers {top}.py separately, put that file beside the plugin folder."
    )


def _place(error: BaseException, places: Sequence[Path]) -> str:
    """Name the innermost line of the plugin's own code that took part, or of a module that plugins share."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{Path(error.filename).name}, line {error.lineno}"
    known = [way for place in places for way in (place, place.resolve())]
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if any(map(path.is_relative_to, known)) and ".deps" not in path.parts:
            return f"{path.name}, line {frame.lineno}"
    return ""
