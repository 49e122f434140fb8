"""Where a plugin's imports come from."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from display_app.runtime.loading import module_name
from display_app.runtime.session import PluginLoadError, PluginSession

PLAIN = """
class Sample(BasePlugin):
    def update(self): ...
    def display(self, force_clear=False): ...
"""
Start = Callable[..., PluginSession]


@pytest.mark.parametrize(("plugin_id", "name"), [("clock-simple", "plugin_clock_simple"), ("a.b_c", "plugin_a_b_c")])
def test_the_entry_module_is_named_after_the_plugin(plugin_id: str, name: str) -> None:
    assert module_name(plugin_id) == name


def test_siblings_and_their_packages_are_imported_by_bare_name_late_too(start: Start) -> None:
    source = f"""
    import sports
    from renderers import big
    {PLAIN.strip().replace(chr(10), chr(10) + "    ")}
        def late(self):
            from late_module import VALUE
            return VALUE, sports.VALUE, big.VALUE, __name__
    """
    files = {
        "sports.py": "VALUE = 'own sports'",
        "late_module.py": "VALUE = 'late'",
        "renderers/__init__.py": "",
        "renderers/big.py": "from sports import VALUE",
    }
    session = start(source, files=files)
    assert session._plugin.late() == ("late", "own sports", "own sports", "plugin_sample")


def test_own_files_then_deps_then_root_then_the_plugin_folder(start: Start, root: Path) -> None:
    for folder, names in ((root, "bcd"), (root / "plugin-repos", "abcd")):
        for name in names:
            (folder / f"shared_{name}.py").write_text(f"FROM = {folder.name!r}")
    files = {"shared_d.py": "FROM = 'own'", ".deps/shared_d.py": "FROM = 'deps'", ".deps/shared_c.py": "FROM = 'deps'"}
    source = "import shared_a, shared_b, shared_c, shared_d\nFROM = [m.FROM for m in (shared_a, shared_b, shared_c, shared_d)]\n"
    start(source + PLAIN, files=files)
    assert sys.modules["plugin_sample"].FROM == ["plugin-repos", "root", "deps", "own"]


def test_names_that_a_plugin_does_not_ship_lead_to_the_public_modules(start: Start) -> None:
    source = """
    from logo_downloader import LogoDownloader, download_missing_logo
    from data_sources import ESPNDataSource
    import src.logo_downloader
    SAME = LogoDownloader is src.logo_downloader.LogoDownloader
    """
    start("\n".join(line.strip() for line in source.splitlines()) + PLAIN)
    assert sys.modules["plugin_sample"].SAME is True


def test_a_plugins_own_copy_goes_before_the_alias(start: Start) -> None:
    start("from logo_downloader import WHOSE\n" + PLAIN, files={"logo_downloader.py": "WHOSE = 'own'"})
    assert sys.modules["plugin_sample"].WHOSE == "own"


def test_the_working_directory_is_the_root(start: Start, root: Path) -> None:
    start("import os\nHERE = os.getcwd()\nFONT = os.path.exists('assets/fonts/PressStart2P-Regular.ttf')\n" + PLAIN)
    module: Any = sys.modules["plugin_sample"]
    assert (str(root), True) == (module.HERE, module.FONT)


NO_MODULE = (
    "It needs the Python module no_such_module, which is neither in its folder nor among its requirements; "
    "if its author offers no_such_module.py separately, put that file beside the plugin folder."
)


@pytest.mark.parametrize(
    ("source", "at", "reason"),
    [
        ("import no_such_module", "import", NO_MODULE),
        ("import src.element_style", "import", "It needs src.element_style of LEDMatrix, which is not offered here."),
        ("def broken(:", "import", "Its code cannot be loaded: invalid syntax (SyntaxError in manager.py, line 2)."),
        ("raise RuntimeError('two\\nlines')", "import", "Its code cannot be loaded: two lines (RuntimeError in manager.py, line 2)."),
        ("import sys; sys.exit('need a key')", "import", "Its code cannot be loaded: need a key (SystemExit in manager.py, line 2)."),
        ("import helper", "import", "Its code cannot be loaded: name 'os' is not defined (NameError in helper.py, line 1)."),
        ("Other = 3", "class", "manager.py has no class 'Sample'."),
        ("Sample = 3", "class", "manager.py has no class 'Sample'."),
        ("class Sample(BasePlugin):\n  def update(self): ...", "construct", "Starting it failed: Can't instantiate abstract class Sample"),
        (
            PLAIN + "    def __init__(self, *a, **k): raise OSError(101, 'unreachable')",
            "construct",
            "Starting it failed: [Errno 101] unreachable (OSError in manager.py, line ",
        ),
        (
            "import shared\n" + PLAIN + "    def __init__(self, *a, **k): shared.fonts()",
            "construct",
            "Starting it failed by a mistake in its code: name 'os' is not defined (NameError in shared.py, line 2).",
        ),
        (PLAIN + "    def __init__(self, *a, **k): raise ValueError", "construct", "Starting it failed (ValueError in manager.py, line "),
        (
            PLAIN + "    def validate_config(self): raise KeyError('city')",
            "validate",
            "Checking its settings failed: 'city' (KeyError in manager.py, line ",
        ),
        (PLAIN + "    def validate_config(self): return None", "validate", "The plugin does not accept its settings."),
        (
            PLAIN + "    def validate_config(self): self.logger.error('No %s given.', 'api_key')",
            "validate",
            "The plugin does not accept its settings: No api_key given.",
        ),
    ],
)
def test_a_failure_says_where_and_why(start: Start, root: Path, source: str, at: str, reason: str) -> None:
    (root / "shared.py").write_text("def fonts():\n    return os.listdir()\n")
    with pytest.raises(PluginLoadError) as caught:
        start(source, files={"helper.py": "os.getcwd()"})
    assert caught.value.at == at
    assert caught.value.reason.startswith(reason)
    assert "plugin_sample" not in sys.modules or at != "import"


def test_a_failure_carries_the_traceback(start: Start) -> None:
    with pytest.raises(PluginLoadError) as caught:
        start("1 / 0")
    assert "manager.py" in caught.value.traceback
    assert "ZeroDivisionError" in caught.value.traceback


@pytest.mark.parametrize("entry_point", ["../other/manager.py", "/etc/passwd", "missing.py"])
def test_the_entry_point_is_a_file_of_the_plugin(start: Start, root: Path, entry_point: str) -> None:
    (root / "plugin-repos" / "other").mkdir()
    (root / "plugin-repos" / "other" / "manager.py").write_text("raise SystemExit")
    with pytest.raises(PluginLoadError, match="entry point") as caught:
        start(PLAIN, entry_point=entry_point)
    assert caught.value.at == "import"


def test_a_plugin_that_was_refused_cleans_up(start: Start, root: Path) -> None:
    source = PLAIN + "    def validate_config(self): return False\n    def cleanup(self): open('cleaned', 'w').close()"
    with pytest.raises(PluginLoadError):
        start(source)
    assert (root / "cleaned").exists()


def test_steps_are_reported_in_order(make_spec: Callable[..., Any], process_state: None) -> None:
    steps: list[str] = []
    PluginSession(make_spec(PLAIN), publish=lambda frame: None).load(steps.append)
    assert steps == ["imported", "constructed", "validated"]


def test_an_error_when_it_is_enabled_keeps_it_from_starting(start: Start) -> None:
    with pytest.raises(PluginLoadError, match="Starting it failed: not now") as caught:
        start(PLAIN + "    def on_enable(self): raise RuntimeError('not now')")
    assert caught.value.at == "construct"
