"""The public import paths of plugins: every name is there, and none needs Django."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import display_app.compat

COMPAT = Path(display_app.compat.__file__).parent
SOURCES = sorted((COMPAT / "src").rglob("*.py"))

# What the plugins of the contract's section 0 import.
NAMES = {
    "src.plugin_system.base_plugin": ["BasePlugin", "VegasDisplayMode"],
    "src.common.scroll_helper": ["ScrollHelper"],
    "src.common.logo_helper": ["LogoHelper"],
    "src.common.api_helper": ["APIHelper"],
    "src.common.text_helper": ["TextHelper"],
    "src.common": ["APIHelper", "LogoHelper", "ScrollHelper", "TextHelper"],
    "src.logo_downloader": ["LogoDownloader", "download_missing_logo", "get_soccer_league_key"],
    "src.background_data_service": [
        "BackgroundDataService",
        "FetchRequest",
        "FetchResult",
        "FetchStatus",
        "get_background_service",
        "shutdown_background_service",
    ],
    "src.base_odds_manager": ["BaseOddsManager"],
    "src.dynamic_team_resolver": ["DynamicTeamResolver"],
    "src.base_classes.data_sources": ["ESPNDataSource"],
    "src.logging_config": ["get_logger"],
    # Some name them in annotations or in tests of their own.
    "src.cache_manager": ["CacheManager"],
    "src.display_manager": ["DisplayManager"],
    "src.config_manager": ["ConfigManager"],
    "src.font_manager": ["FontManager"],
    "src.plugin_system.plugin_manager": ["PluginManager"],
    "src.adaptive_layout": [
        "FitResult",
        "FontStep",
        "LADDER_ARCADE",
        "LADDER_DEFAULT",
        "LADDER_GRID",
        "LayoutContext",
        "Region",
        "draw_fitted_text",
    ],
    "src.adaptive_images": ["ImageFitResult", "RESAMPLE_NEAREST", "draw_fitted_image", "fit_image"],
    "src.exceptions": ["CacheError", "ConfigError", "DisplayError", "LEDMatrixError", "PluginError"],
}
SCRIPT = """
import importlib, json, sys
names = json.loads(sys.argv[1])
for module, wanted in names.items():
    found = importlib.import_module(module)
    assert sorted(found.__all__) == sorted(wanted), (module, found.__all__)
    for name in wanted:
        getattr(found, name)
import src
print(json.dumps([src.__version__, sorted(name for name in sys.modules if name.split(".")[0] == "django")]))
"""


@pytest.mark.process
def test_every_public_name_is_there_without_django() -> None:
    root = COMPAT.parent.parent
    command = [sys.executable, "-c", SCRIPT, json.dumps(NAMES)]
    result = subprocess.run(command, env={"PYTHONPATH": f"{COMPAT}:{root}"}, capture_output=True, text=True, check=False)
    assert result.stderr == ""
    version, django = json.loads(result.stdout)
    assert tuple(map(int, version.split("."))) >= (2, 0, 0)
    assert django == []


def test_every_public_module_is_in_this_list() -> None:
    modules = {".".join(path.relative_to(COMPAT).with_suffix("").parts) for path in SOURCES if path.name != "__init__.py"}
    assert modules == set(NAMES) - {"src.common"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(COMPAT)))
def test_there_is_nothing_but_names_of_other_modules(path: Path) -> None:
    statements = ast.parse(path.read_text("utf-8")).body
    assert all(isinstance(statement, (ast.Expr, ast.ImportFrom, ast.Assign)) for statement in statements)
