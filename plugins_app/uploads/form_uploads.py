"""Saves a settings form that came with pictures: they are kept first, named in the settings, and given up again when those are refused."""

from __future__ import annotations

from typing import Any

from django.utils.datastructures import MultiValueDict

from plugins_app.config import form, store
from plugins_app.config.form_fields import FormField, file_name
from plugins_app.config.form_files import entries_of, new_entry, value_of
from plugins_app.config.location import located
from plugins_app.config.pointers import place, value_at
from plugins_app.exceptions import BadRequest
from plugins_app.models import Plugin
from plugins_app.uploads import keep

Problems = list[dict[str, str]]


def save(plugin: Plugin, values: dict[str, Any], files: MultiValueDict[str, Any], *, requested_by: str) -> Problems:
    """Save settings whole with the pictures that belong to them; return what is wrong, and nothing is saved or kept then."""
    taken: list[keep.Upload] = []
    for field in form.file_fields(located(plugin.schema), values):
        sent = files.getlist(file_name("upload", field.pointer))
        if not sent:
            continue
        try:
            taken += _add(plugin, field, values, sent, requested_by=requested_by)
        except BadRequest as error:
            keep.take_back(plugin, taken)
            return [{"path": field.pointer, "message": f"{error.message} {error.hint}".strip()}]
    try:
        store.save_settings(plugin.plugin_id, values, partial=False, requested_by=requested_by)
    except BadRequest as error:
        keep.take_back(plugin, taken)
        return list(error.details or [{"path": "", "message": error.message}])
    return []


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
