"""Takes pictures for a plugin, tells which of them its settings use, and deletes those that they do not."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from django.conf import settings

from plugins_app import audit
from plugins_app.config import form
from plugins_app.config.store import masked_settings
from plugins_app.exceptions import BadRequest, Conflict, LedsiteError
from plugins_app.models import Plugin
from plugins_app.package.paths import PluginPaths
from plugins_app.uploads import shelf
from plugins_app.uploads.documents import is_there
from plugins_app.uploads.pictures import MOST_BYTES, check_picture, thumbnail

MOST_AT_ONCE = 20
_one_at_a_time = threading.Lock()  # decoding takes memory, and counting what is there must not overlap


class SentFile(Protocol):
    """A file out of a form."""

    name: str | None

    def read(self, num_bytes: int | None = None, /) -> bytes:
        """Return at most so many bytes of it."""


@dataclass(frozen=True)
class Upload:
    """A picture that is kept; `path` is what stands in settings, `is_used` tells whether it does."""

    id: str
    name: str
    path: str
    size: int
    uploaded_at: str
    is_used: bool = False

    def entry(self) -> dict[str, str]:
        """Return what a list of pictures in the settings has of it (contract 2.4)."""
        return {"id": self.id, "path": self.path, "uploaded_at": self.uploaded_at}


def take(plugin: Plugin, files: Sequence[SentFile], *, requested_by: str) -> list[Upload]:
    """Check and keep all files or none; BadRequest says which of them cannot be kept and why."""
    if not files:
        raise BadRequest("No file was sent.", code="no-file", hint="Send one or more pictures in the field `files`.")
    if len(files) > MOST_AT_ONCE:
        raise BadRequest(f"More than {MOST_AT_ONCE} files at once.", code="too-many-files", hint="Send them in several goes.")
    kept: list[str] = []
    paths = _paths()
    with contextlib.ExitStack() as undo, _one_at_a_time:
        for file in files:
            name = _keep(paths, plugin.plugin_id, file)
            undo.callback(_drop_quietly, paths, plugin.plugin_id, name)
            kept.append(name)
        undo.pop_all()
    audit.record(requested_by, "upload", plugin.plugin_id, files=kept)
    return [one for one in uploads_of(plugin) if one.name in kept]


def uploads_of(plugin: Plugin) -> list[Upload]:
    """List the pictures of a plugin, the oldest first."""
    files = shelf.files_of(_paths(), plugin.plugin_id)
    used = json.dumps(masked_settings(plugin)) if files else ""
    return [_upload(plugin.plugin_id, one, is_used=one.name in used) for one in files]


def documents_of(plugin: Plugin) -> list[str]:
    """Return the names of the JSON files that the plugin's settings want and that it has."""
    wanted = [field.document.name for field in form.file_fields(plugin.schema, {}) if field.document]
    return [name for name in wanted if is_there(_paths(), plugin.plugin_id, name)]


def take_back(plugin: Plugin, uploads: Sequence[Upload]) -> None:
    """Delete what was kept a moment ago, since the settings that were to name it were not saved."""
    for one in uploads:
        _drop_quietly(_paths(), plugin.plugin_id, one.name)


def delete(plugin: Plugin, upload_id: str, *, requested_by: str) -> None:
    """Delete a picture that no setting names; Conflict `upload-in-use`, NotFound `no-such-upload`."""
    found = next((one for one in uploads_of(plugin) if one.id == upload_id), None)
    if found is None:
        raise shelf.no_such(upload_id)
    if found.is_used:
        raise Conflict("The settings use this picture.", code="upload-in-use", hint="Remove it from the settings first.")
    shelf.drop(_paths(), plugin.plugin_id, found.name)
    audit.record(requested_by, "upload-deleted", plugin.plugin_id, file=found.name)


def small_picture(plugin: Plugin, name: str) -> bytes:
    """Return a picture of the plugin as a small WebP; NotFound `no-such-upload`, BadRequest when it is none any more."""
    body = shelf.read(_paths(), plugin.plugin_id, name)
    with _one_at_a_time:
        return thumbnail(body)


def _keep(paths: PluginPaths, plugin_id: str, file: SentFile) -> str:
    try:
        body = file.read(MOST_BYTES + 1)
        return shelf.put(paths, plugin_id, body, suffix=check_picture(body))
    except BadRequest as error:
        shown = "".join(letter if letter.isprintable() else "?" for letter in file.name or "")[:100]
        raise BadRequest(f"{shown}: {error.message}" if shown else error.message, code=error.code, hint=error.hint) from error


def _drop_quietly(paths: PluginPaths, plugin_id: str, name: str) -> None:
    with contextlib.suppress(LedsiteError, OSError):
        shelf.drop(paths, plugin_id, name)


def _upload(plugin_id: str, kept: shelf.Kept, *, is_used: bool) -> Upload:
    came: Any = datetime.fromtimestamp(int(kept.kept_at), tz=UTC)
    return Upload(
        id=kept.name.rpartition(".")[0],
        name=kept.name,
        path=shelf.path_of(plugin_id, kept.name),
        size=kept.size,
        uploaded_at=came.isoformat().replace("+00:00", "Z"),
        is_used=is_used,
    )


def _paths() -> PluginPaths:
    return PluginPaths(settings.LEDSITE.plugin_dir)
