"""System checks: one for each thing that an owner can get wrong and that the product starts with all the same."""

from __future__ import annotations

import importlib.util
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

from ledsite.env import Environment

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@register(Tags.security)
def check_debug(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Warn about debug pages, which show settings to strangers."""
    if settings.DEBUG:
        return [Warning("DEBUG is on: error pages show secrets to whoever sees them.", hint="Set DEBUG = False.", id="ledsite.W001")]
    return []


@register(Tags.security)
def check_key_files(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Find keys and databases that other users can read."""
    environment: Environment = settings.LEDSITE
    found: list[CheckMessage] = []
    for number, name in (("W002", "secret.key"), ("W003", "secrets.key")):
        path = environment.data_dir / name
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            found.append(Warning(f"{path} can be read by other users.", hint=f"Run: chmod 600 {path}", id=f"ledsite.{number}"))
    return found


@register(Tags.security)
def check_data_folder(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Find a data folder that everybody can write to."""
    folder = settings.LEDSITE.data_dir
    if folder.is_dir() and folder.stat().st_mode & 0o002:
        return [Warning(f"{folder} can be written by every user.", hint=f"Run: chmod o-w {folder}", id="ledsite.W004")]
    return []


@register(Tags.security)
def check_hosts(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Find a site that is open to the network and answers to any name."""
    environment: Environment = settings.LEDSITE
    if environment.bind_host not in LOOPBACK and "*" in settings.ALLOWED_HOSTS:
        return [
            Warning(
                f"The site listens on {environment.bind_host} and answers to any host name.",
                hint="Set LEDSITE_ALLOWED_HOSTS to the names that browsers use for this machine, comma-separated.",
                id="ledsite.W005",
            )
        ]
    return []


@register()
def check_backend(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Find a backend that was asked for and is not installed."""
    modules = {
        "rgbmatrix": ("rgbmatrix", "Build it from the source that deploy/rgbmatrix.txt names; docs/configuration.md says how."),
        "emulator": ("RGBMatrixEmulator", "Run: .venv/bin/python -m pip install RGBMatrixEmulator"),
    }
    module, hint = modules.get(settings.LEDSITE.backend, ("", ""))
    if module and importlib.util.find_spec(module) is None:
        return [Warning(f"LEDSITE_BACKEND is {settings.LEDSITE.backend}, but {module} is not installed.", hint=hint, id="ledsite.W006")]
    return []


@register()
def check_runtime_root(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Find a plugin folder behind a symbolic link: plugins find their files by real paths, and moving is by rename."""
    environment: Environment = settings.LEDSITE
    for folder in (environment.plugin_dir, environment.runtime_root):
        if Path(folder).is_symlink():
            hint = f"Set LEDSITE_PLUGIN_DIR to {environment.plugin_dir.resolve()}."
            return [Warning(f"{folder} is a symbolic link.", hint=hint, id="ledsite.W007")]
    return []
