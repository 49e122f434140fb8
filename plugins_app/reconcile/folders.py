"""Notices what people do to plugin folders by hand (ruling G): cheap signatures in a worker, and a look at folders when they differ."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.db import transaction

from plugins_app.exceptions import LedsiteError
from plugins_app.lifecycle.rows import describe
from plugins_app.models import Operation, Plugin, Revision
from plugins_app.operations.context import Context
from plugins_app.package import git
from plugins_app.package.git_changes import watch_mark
from plugins_app.package.manifest import FILE_NAME, read_manifest
from plugins_app.package.schema import read_schema
from plugins_app.reconcile.adopt import adopt_folder
from plugins_app.reconcile.findings import ADOPTABLE, find
from plugins_app.reconcile.gather import gather
from plugins_app.wakeup import wake_director

Signature = dict[str, tuple[object, ...]]


def signature(plugin_dir: Path) -> Signature:
    """Return time and size of every manifest, and what moves when a git working copy or a tracked file does: no more for those without."""
    return {
        folder.name: (*_manifest_stat(folder), *_git_mark(folder))
        for folder in plugin_dir.iterdir()
        if folder.name != ".ledsite" and folder.is_dir()
    }


def check_folders(context: Context) -> None:
    """Adopt what was put there by hand, note what has gone or come back, read again what describes the plugins."""
    for finding in find(gather(context)):
        if finding.kind == ADOPTABLE:
            _adopt(context, finding.plugin_id)
    read_again(context)


def read_again(context: Context) -> None:
    """Read the folders and change nothing but what describes them (`?refresh=1`)."""
    names = Plugin.objects.values_list("plugin_id", flat=True)
    copies = {name: git.describe_git(context.paths.live(name)) for name in names}  # not in the transaction: it may read many files
    busy = set(Operation.objects.open().exclude(plugin_id="").values_list("plugin_id", flat=True))
    with transaction.atomic():
        changed = [_renew(context, plugin, copies) for plugin in Plugin.objects.filter(pk__in=copies).exclude(pk__in=busy)]
        if any(changed):
            Revision.bump("generation", "plugins")
            wake_director()


def _manifest_stat(folder: Path) -> tuple[int, int]:
    try:
        found = (folder / FILE_NAME).stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _git_mark(folder: Path) -> tuple[object, ...]:
    seen = git.signature(folder)
    return (seen, watch_mark(folder)) if seen is not None else (None,)


def _adopt(context: Context, plugin_id: str) -> None:
    try:
        adopt_folder(context, plugin_id, requested_by="system")
    except LedsiteError:
        return  # somebody works on it, or it changed meanwhile: the next look decides anew


def _renew(context: Context, plugin: Plugin, copies: Mapping[str, git.Described | None]) -> bool:
    folder = context.paths.live(plugin.plugin_id)
    is_missing = not folder.is_dir()
    changed = plugin.missing != is_missing and (is_missing or bool(plugin.active_generation))
    if changed:
        plugin.missing = is_missing
    if not is_missing:
        changed = _renew_description(plugin, folder) or changed
        changed = _renew_git(plugin, folder, copies[plugin.plugin_id]) or changed
    if changed:
        plugin.save()
    return changed


def _renew_description(plugin: Plugin, folder: Path) -> bool:
    """Take over an edited manifest or schema; one that cannot be used changes nothing."""
    try:
        manifest, schema = read_manifest(folder), read_schema(folder)
    except LedsiteError:
        return False
    if manifest.id != plugin.plugin_id or (manifest.raw == plugin.manifest and schema == plugin.schema):
        return False
    describe(plugin, manifest, schema)
    return True


def _renew_git(plugin: Plugin, folder: Path, facts: git.Described | None) -> bool:
    """Take over what was read a moment ago, unless something else lies there by now: the next look decides anew."""
    if (git.read_git(folder) is None) != (facts is None):
        return False
    before, plugin.git = plugin.git, facts
    return bool(before != facts)
