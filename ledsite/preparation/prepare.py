"""Everything that `manage.py up` makes ready before it starts the processes, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from display_app.fonts.provision import provision_assets
from ledsite.env import BASE_DIR, Environment
from ledsite.preparation.database import prepare_database
from ledsite.preparation.first_admin import ensure_first_admin
from ledsite.preparation.start_id import new_start_id
from ledsite.preparation.static import collect_static_files
from plugins_app.lifecycle.requests import request_bundled
from plugins_app.store.sources import ensure_official_source
from plugins_app.users import AddedUser

BUNDLED_DIR = BASE_DIR / "display_app" / "bundled"


@dataclass(frozen=True)
class Prepared:
    """What a person has to be told."""

    first_admin: AddedUser | None


def prepare(environment: Environment, *, database: Path, static_root: Path, say: Callable[[str], None]) -> Prepared:
    """Make database, files, people and plugins ready; raise StartProblem when that cannot be."""
    prepare_database(database, data_dir=environment.data_dir, say=say)
    collect_static_files(static_root)
    provision_assets(environment.runtime_root / "assets")
    first_admin = ensure_first_admin(environment)
    ensure_official_source()
    for folder in bundled_plugins():
        request_bundled(folder, requested_by="system")
    new_start_id(environment.run_dir)
    return Prepared(first_admin)


def bundled_plugins() -> list[Path]:
    """List the folders of the plugins that come with the product."""
    return sorted(manifest.parent for manifest in BUNDLED_DIR.glob("*/manifest.json"))
