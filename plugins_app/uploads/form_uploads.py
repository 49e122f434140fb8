"""Saves a settings form that came with files: pictures are kept and named in the settings, documents go into the plugin's folder.

All of it or nothing: what was kept is given up again when the settings are refused.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.utils.datastructures import MultiValueDict

from plugins_app import audit
from plugins_app.config import form, store
from plugins_app.config.form_fields import FormField, file_name
from plugins_app.config.form_files import WantedDocument, entries_of, new_entry, value_of
from plugins_app.config.location import located
from plugins_app.config.pointers import place, value_at
from plugins_app.exceptions import BadRequest, Conflict, LedsiteError
from plugins_app.installer.locks import Held, hold
from plugins_app.lifecycle.starting import start_anew
from plugins_app.models import Plugin
from plugins_app.package.paths import PluginPaths
from plugins_app.uploads import keep
from plugins_app.uploads.documents import check_document, put_document

Problems = list[dict[str, str]]


def save(plugin: Plugin, values: dict[str, Any], files: MultiValueDict[str, Any], *, requested_by: str) -> Problems:
    """Save settings whole with the files that belong to them; return what is wrong, and nothing is saved or kept then."""
    taken: list[keep.Upload] = []
    documents: list[tuple[WantedDocument, bytes]] = []
    field: FormField | None = None
    with contextlib.ExitStack() as stack:
        stack.callback(lambda: keep.take_back(plugin, taken))
        try:
            for field in form.file_fields(located(plugin.schema), values):
                if sent := files.getlist(file_name("upload", field.pointer)):
                    if field.document:
                        documents.append((field.document, _read(field.document, sent[-1])))
                        place(values, field.pointer, field.document.name)
                    else:
                        taken += _add(plugin, field, values, sent, requested_by=requested_by)
            with documents_of(plugin, documents, requested_by=requested_by):
                field = None
                store.save_settings(plugin.plugin_id, values, partial=False, requested_by=requested_by)
                stack.pop_all()
        except LedsiteError as error:
            path = field.pointer if field else ""
            return list(error.details or [{"path": path, "message": f"{error.message} {error.hint if path else ''}".strip()}])
    return []


def save_document(plugin: Plugin, setting: str, file: Any, *, requested_by: str) -> str:
    """Keep the JSON file that a setting wants (a pointer, empty where there is but one); return its name. BadRequest `no-such-setting`."""
    wanted = [one for one in form.file_fields(located(plugin.schema), {}) if one.document and setting in ("", one.pointer)]
    if len(wanted) != 1 or wanted[0].document is None:
        raise BadRequest("There is no such setting for a JSON file.", code="no-such-setting", hint="Name it by its JSON pointer.")
    document = wanted[0].document
    body = _read(document, file)
    values: dict[str, Any] = {}
    place(values, wanted[0].pointer, document.name)
    with documents_of(plugin, [(document, body)], requested_by=requested_by):
        store.save_settings(plugin.plugin_id, values, partial=True, requested_by=requested_by)
    return document.name


@contextlib.contextmanager
def documents_of(plugin: Plugin, documents: Sequence[tuple[WantedDocument, bytes]], *, requested_by: str) -> Iterator[None]:
    """Put documents into the plugin's folder at the end of a block, which nobody exchanges meanwhile; Conflict while somebody does."""
    if not documents:
        yield
        return
    paths = PluginPaths(settings.LEDSITE.plugin_dir)
    with contextlib.ExitStack() as locks:
        try:
            locks.enter_context(hold(paths.operation_lock(plugin.plugin_id)))
        except Held as error:
            raise Conflict(f"{plugin.name} is being changed.", code="plugin-busy", hint="Try again in a moment.") from error
        yield
        for wanted, body in documents:
            put_document(paths, plugin.plugin_id, plugin.active_generation, wanted.name, body)
            audit.record(requested_by, "document", plugin.plugin_id, file=wanted.name)
    start_anew(plugin.plugin_id)


def _read(wanted: WantedDocument, file: Any) -> bytes:
    body = bytes(file.read(wanted.most_bytes + 1))
    check_document(wanted, body)
    return body


def _add(plugin: Plugin, field: FormField, values: dict[str, Any], sent: list[Any], *, requested_by: str) -> list[keep.Upload]:
    """Keep pictures and name them in the values."""
    wanted = field.files
    assert wanted is not None
    entries = entries_of(wanted, value_at(values, field.pointer)) or []
    if wanted.is_list and len(entries) + len(sent) > wanted.most:
        raise BadRequest(f"It takes {wanted.most} pictures at most.", code="too-many-files", hint="Remove some of them first.")
    kept = keep.take(plugin, sent if wanted.is_list else sent[-1:], requested_by=requested_by)
    entries += [new_entry(wanted, one.entry(), field.schema) for one in kept]
    place(values, field.pointer, value_of(wanted, entries, field.schema))
    return kept
