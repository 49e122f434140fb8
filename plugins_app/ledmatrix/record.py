"""Remembers what an import has left, to tell it from what a person changes afterwards; the only writer of ImportedSettings."""

from __future__ import annotations

from collections.abc import Mapping

from plugins_app.models import ImportedSettings

PANEL, ORDER = "panel", "order"


def subject_of(plugin_id: str) -> str:
    """Return the subject under which a plugin is remembered."""
    return f"plugin:{plugin_id.lower()}"


def marks_of(*subjects: str) -> dict[str, str]:
    """Return what was left about a subject; what stands in a later one counts more."""
    rows = dict(ImportedSettings.objects.filter(subject__in=subjects).values_list("subject", "marks"))
    return {pointer: digest for subject in subjects for pointer, digest in rows.get(subject, {}).items()}


def remember(subject: str, marks: Mapping[str, str]) -> None:
    """Add marks to what is remembered, inside the transaction that writes what they stand for; nothing is written when all are known."""
    known = marks_of(subject)
    replace(subject, {**known, **marks})


def replace(subject: str, marks: Mapping[str, str]) -> None:
    """Let these be all marks of a subject, inside the transaction that writes what they stand for."""
    if marks_of(subject) != dict(marks):
        ImportedSettings.objects.update_or_create(subject=subject, defaults={"marks": dict(marks)})
