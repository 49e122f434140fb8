"""What the zygote imports once so that every host shares its pages: what most public plugins import, and what we give them."""

from __future__ import annotations

import gc
import importlib

import PIL.Image

MODULES = (
    "numpy", "PIL.Image", "PIL.ImageDraw", "PIL.ImageFont", "PIL.ImageColor", "PIL.ImageOps", "PIL.ImageChops", "freetype",
    "requests", "requests.adapters", "urllib3.util.retry", "pytz", "zoneinfo", "segno",
    "concurrent.futures.thread", "queue", "uuid", "html", "csv", "copy", "inspect", "statistics", "json", "urllib.request",
    "display_app.toolkit.api_helper", "display_app.toolkit.background_data", "display_app.toolkit.data_sources",
    "display_app.toolkit.logo_downloader", "display_app.toolkit.logo_helper", "display_app.toolkit.logs", "display_app.toolkit.odds",
    "display_app.toolkit.scroll_helper", "display_app.toolkit.team_resolver", "display_app.toolkit.text_helper",
)  # fmt: skip


def warm_up() -> None:
    """Import it all, and put everything that is there out of the garbage collector's reach, which would touch every page."""
    for name in MODULES:
        importlib.import_module(name)
    PIL.Image.init()
    gc.collect()
    gc.freeze()
