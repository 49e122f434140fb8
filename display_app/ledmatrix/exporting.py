"""Exports settings and plugins as a LEDMatrix configuration, into a new folder that is there whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from display_app import commands
from display_app.ledmatrix.extension import WORD, write_extension
from display_app.ledmatrix.flat import flatten
from display_app.ledmatrix.panel import default_settings
from display_app.ledmatrix.reading import DURATION, read_durations, read_words
from display_app.ledmatrix.writing import write_words
from plugins_app import audit
from plugins_app.exceptions import Conflict, DiskProblem
from plugins_app.ledmatrix.files import CONFIG, SECRETS
from plugins_app.ledmatrix.handing_out import Sections, hand_out
from plugins_app.ledmatrix.survey import modes_of
from plugins_app.ledmatrix.token import stored_token

PRIVATE = 0o600


@dataclass(frozen=True)
class Export:
    """Both documents, what they cannot say, and how many secrets stay here."""

    config: dict[str, Any] = field(repr=False)
    secrets: dict[str, Any] = field(repr=False)
    notes: tuple[str, ...] = ()
    secrets_left: int = 0


def build_export(*, with_secrets: bool) -> Export:
    """Return the documents as they would be written."""
    present, here = commands.read_settings(), settings.LEDSITE
    geometry = (here.panel.cols, here.panel.rows, here.panel.chain, here.panel.parallel)
    modes = modes_of(())
    words, notes = write_words(present, geometry=geometry, time_zone=here.time_zone, modes=modes)
    sections = hand_out(with_secrets=with_secrets)
    words["display"]["plugin_rotation_order"] = list(sections.plain)
    words["display"][WORD] = {"settings": _extension(words, present, sections, modes), "plugins": sections.own, "order": sections.order}
    token = stored_token()
    secrets: dict[str, Any] = dict(sections.secret)
    if with_secrets and token:
        secrets["github"] = {"api_token": token}
    left = sections.secrets_left + (bool(token) and not with_secrets)
    return Export({**words, **sections.plain}, secrets, (*notes, *sections.notes), left)


def export(path: Path, *, with_secrets: bool, requested_by: str) -> Export:
    """Write config/config.json, and on request config/config_secrets.json, below a folder that must not be there yet.

    Raise Conflict `path-exists`, DiskProblem `cannot-write`.
    """
    if os.path.lexists(path):
        raise Conflict(f"{path} is there already.", code="path-exists", hint="Name a folder that does not exist yet.")
    built = build_export(with_secrets=with_secrets)
    part = path.with_name(f".{path.name}.part-{os.getpid()}")
    try:
        _write_folder(part, built, with_secrets=with_secrets)
        part.rename(path)
    except OSError as error:
        raise DiskProblem(
            f"{path} cannot be written: {error.strerror}.", code="cannot-write", hint="Name a folder in one that this user may write to."
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    audit.record(requested_by, "export-ledmatrix", str(path), plugins=len(built.config), secrets=with_secrets)
    return built


def _extension(words: dict[str, Any], present: dict[str, Any], sections: Sections, modes: dict[str, str]) -> dict[str, Any]:
    read = read_words(words)
    settled = {plugin_id for plugin_id, section in {**sections.plain, **sections.own}.items() if DURATION in section}
    durations, _, _ = read_durations(read, modes=modes, settled=settled)
    return write_extension(flatten(present), read_back={**read.settings, **durations}, defaults=default_settings())


def _write_folder(folder: Path, built: Export, *, with_secrets: bool) -> None:
    (folder / "config").mkdir(parents=True)
    _write(folder / "config" / CONFIG, built.config, mode=0o644)
    if with_secrets:
        _write(folder / "config" / SECRETS, built.secrets, mode=PRIVATE)


def _write(path: Path, document: dict[str, Any], *, mode: int) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        json.dump(document, file, indent=4)
        file.flush()
        os.fsync(file.fileno())
