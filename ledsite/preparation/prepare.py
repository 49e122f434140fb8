"""Everything that `manage.py up` makes ready before it starts the processes, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from display_app.fonts.provision import provision_assets
from ledsite.env import Environment
from ledsite.preparation.database import prepare_database
from ledsite.preparation.first_admin import ensure_first_admin
from ledsite.preparation.start_id import new_start_id
from ledsite.preparation.static import collect_static_files
from plugins_app.lifecycle.bundled import all_bundled, bring_up_to_date
from plugins_app.store.sources import ensure_official_source
from plugins_app.users import AddedUser


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
    for own in all_bundled():
        bring_up_to_date(own, requested_by="system")
    new_start_id(environment.run_dir)
    return Prepared(first_admin)
