"""The front door: what can be known now is refused now, the rest becomes an operation that a worker runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from plugins_app.exceptions import BadRequest, Conflict, NotFound
from plugins_app.lifecycle import bundled
from plugins_app.lifecycle.addresses import parse_address
from plugins_app.lifecycle.uploads import drop_upload, id_in_archive, keep_upload
from plugins_app.models import Operation, OperationKind, Plugin, RegistryEntry, RegistrySource, Release, Source, Tombstone
from plugins_app.operations.create import create, open_operation
from plugins_app.package.compatibility import incompatibility
from plugins_app.package.ids import check_id
from plugins_app.store.catalogue import find_entry
from plugins_app.store.client import client_from_settings
from plugins_app.store.offers import id_before_installation
from plugins_app.store.releases import find_version, version_urls
from plugins_app.store.sources import OFFICIAL_NAME

FORCED = "forced"
_ADMIN_KINDS = frozenset({OperationKind.INSTALL, OperationKind.UNINSTALL, OperationKind.PURGE, OperationKind.PREVIEW})
MOST_PREVIEWS = 2


def request_install(plugin_id: str, *, version: str | None = None, enable: bool = True, requested_by: str) -> Operation:
    """Install from the registry, or one of our own; a plugin whose files are gone is put back with its settings."""
    own = bundled.find_bundled(check_id(plugin_id))
    if own is not None:
        _refuse_installed(own.id)
        return bundled.install(own, enable=enable, requested_by=requested_by)
    entry = find_entry(check_id(plugin_id))
    folder_id = folder_id_of(entry)
    _refuse_installed(folder_id, entry.registry_id)
    wanted = _checked_version(entry, version)
    if not wanted and (problem := incompatibility(entry.raw)):
        raise Conflict(problem, code="incompatible", hint="Look for another version of the plugin, or update this product.")
    arguments = {
        "source": Source.REGISTRY,
        "registry_id": entry.registry_id,
        "registry": entry.source.name,
        "version": wanted,
        "enable": enable,
    }
    return create(OperationKind.INSTALL, plugin_id=folder_id, arguments=arguments, requested_by=requested_by)


def request_preview(plugin_id: str, *, requested_by: str) -> Operation:
    """Draw what a plugin of the registry shows, without installing it."""
    entry = find_entry(check_id(plugin_id))
    folder_id = folder_id_of(entry)
    _refuse_installed(folder_id, entry.registry_id)
    if problem := incompatibility(entry.raw):
        raise Conflict(problem, code="incompatible", hint="What does not fit this product is not drawn either.")
    arguments = {"source": Source.REGISTRY, "registry_id": entry.registry_id, "registry": entry.source.name}
    others = Operation.objects.open().filter(kind=OperationKind.PREVIEW).exclude(plugin_id=folder_id)
    if others.count() >= MOST_PREVIEWS:
        raise Conflict("Other plugins are being drawn.", code="too-many-previews", hint="Try again in a minute.")
    return create(OperationKind.PREVIEW, plugin_id=folder_id, arguments=arguments, requested_by=requested_by)


def request_install_from_url(url: str, *, plugin_path: str = "", branch: str = "", requested_by: str) -> Operation:
    """Install from a repository's address or a zip file's; it starts disabled."""
    github_url = settings.LEDSITE.github_url
    address = parse_address(url, plugin_path=plugin_path, branch=branch, github_url=github_url)
    policy = client_from_settings().policy
    for archive_url in address.archive_urls(github_url):
        policy.check_url(archive_url, "archive")
    arguments = {"source": Source.URL, "url": url.strip(), "plugin_path": plugin_path.strip(), "branch": branch, "enable": False}
    return create(OperationKind.INSTALL, plugin_id=address.suggested_id(), arguments=arguments, requested_by=requested_by)


def request_install_upload(file: BinaryIO, *, filename: str, requested_by: str) -> Operation:
    """Install an uploaded zip file; it starts disabled. A plugin that came from one is updated, with its settings and files."""
    archive = keep_upload(file, folder=upload_folder())
    operation = None
    try:
        plugin_id = id_in_archive(archive)
        arguments: dict[str, Any] = {"source": Source.UPLOAD, "path": str(archive), "filename": filename[:200]}
        if Plugin.objects.filter(pk=plugin_id, source=Source.UPLOAD, missing=False).exists():
            operation = create(OperationKind.UPDATE, plugin_id=plugin_id, arguments=arguments, requested_by=requested_by)
        else:
            _refuse_installed(plugin_id)
            arguments["enable"] = False
            operation = create(OperationKind.INSTALL, plugin_id=plugin_id, arguments=arguments, requested_by=requested_by)
    finally:
        if operation is None:
            drop_upload(str(archive), folder=upload_folder())
    return operation


def request_update(plugin_id: str, *, version: str | None = None, requested_by: str) -> Operation:
    """Fetch the newest version, or the one that a person chooses; the operation itself finds out when there is nothing to do."""
    plugin = get_installed(plugin_id)
    if plugin.git or plugin.source not in (Source.REGISTRY, Source.URL):
        raise _no_update_source(plugin)
    arguments: dict[str, str] = {}
    if plugin.source == Source.REGISTRY:
        entry = find_entry(registry_id_of(plugin), registry=registry_of(plugin))
        if chosen := _checked_version(entry, version):
            arguments["version"] = chosen
        elif not version and (plugin.plugin_id, entry.latest_version) in Release.refused():
            raise Conflict(
                f"{plugin.name} {entry.latest_version} failed on the panel before and is not offered again.",
                code="version-refused",
                hint="Wait for the next version, or name this one to have it all the same.",
            )
    elif version:
        raise BadRequest("An address offers one version only.", code="version-unknown", hint="Leave the version out.")
    return create(OperationKind.UPDATE, plugin_id=plugin.plugin_id, arguments=arguments, requested_by=requested_by)


def request_uninstall(plugin_id: str, *, preserve_config: bool = False, requested_by: str) -> Operation:
    """Remove a plugin; files, settings and secrets can be brought back for seven days."""
    plugin = get_installed(plugin_id)
    arguments = {"preserve_config": preserve_config}
    return create(OperationKind.UNINSTALL, plugin_id=plugin.plugin_id, arguments=arguments, requested_by=requested_by)


def request_undo_uninstall(plugin_id: str, *, requested_by: str) -> Operation:
    """Bring back what an uninstall removed."""
    tombstone = Tombstone.objects.filter(plugin_id__iexact=check_id(plugin_id)).first()
    if tombstone is None:
        raise NotFound(f"{plugin_id} was not removed.", code="nothing-to-undo", hint="Only an uninstall can be undone.")
    if not tombstone.can_be_undone():
        raise Conflict(
            f"It is too late to undo the removal of {tombstone.plugin_id}.", code="nothing-to-undo", hint="Install it again from the store."
        )
    return create(OperationKind.UNDO_UNINSTALL, plugin_id=tombstone.plugin_id, requested_by=requested_by)


def request_purge(plugin_id: str, *, requested_by: str) -> Operation:
    """Delete for good what an uninstall kept; afterwards it cannot be undone."""
    tombstone = Tombstone.objects.filter(plugin_id__iexact=check_id(plugin_id)).first()
    if tombstone is None:
        raise NotFound(f"{plugin_id} was not removed.", code="nothing-to-purge", hint="Only what was uninstalled can be deleted for good.")
    return create(OperationKind.PURGE, plugin_id=tombstone.plugin_id, requested_by=requested_by)


def request_rollback(plugin_id: str, *, requested_by: str) -> Operation:
    """Return to the generation before the last update."""
    plugin = get_installed(plugin_id)
    if not plugin.previous_generation:
        raise Conflict(
            f"{plugin.plugin_id} has no earlier version here.", code="nothing-to-roll-back", hint="Only an update can be rolled back."
        )
    return create(OperationKind.ROLLBACK, plugin_id=plugin.plugin_id, requested_by=requested_by)


def request_refresh(*, force: bool = False, requested_by: str) -> Operation:
    """Ask the registries for what is new; who asks by force never gets one without force, which may ask nobody."""
    return _request_pass(OperationKind.REFRESH, force=force, requested_by=requested_by)


def request_reconcile(*, force: bool = False, requested_by: str) -> Operation:
    """Look for plugins that are not in order and repair what can be; a forced pass waits for one without force."""
    return _request_pass(OperationKind.RECONCILE, force=force, requested_by=requested_by)


def request_again(operation_id: int, *, requested_by: str) -> Operation:
    """Repeat a failed or cancelled operation with the same arguments."""
    operation = Operation.objects.filter(pk=operation_id).first()
    if operation is None:
        raise NotFound(f"There is no operation {operation_id}.", code="operation-not-found")
    if operation.is_open() or not operation.has_failed():
        raise Conflict("Only what failed or was cancelled can be repeated.", code="nothing-to-repeat", hint="Ask for it anew.")
    if operation.arguments.get("source") == Source.UPLOAD and not Path(operation.arguments["path"]).is_file():
        raise Conflict("The uploaded file is no longer here.", code="upload-gone", hint="Upload it again.")
    return create(
        operation.kind, plugin_id=operation.plugin_id, arguments=operation.arguments, lane=operation.lane, requested_by=requested_by
    )


def is_for_administrators(operation: Operation) -> bool:
    """Tell whether only administrators may ask for such an operation: what installs or removes, also what takes an uploaded file."""
    return operation.kind in _ADMIN_KINDS or operation.arguments.get("source") == Source.UPLOAD


def get_installed(plugin_id: str) -> Plugin:
    """Return the row of an installed plugin; raise NotFound `not-installed`."""
    plugin = Plugin.objects.filter(plugin_id__iexact=check_id(plugin_id)).first()
    if plugin is None:
        raise NotFound(f"{plugin_id} is not installed.", code="not-installed", hint="See the list of installed plugins.")
    return plugin


def folder_id_of(entry: RegistryEntry) -> str:
    """Return the id that the manifest will carry, as far as the registry tells: the folder in a monorepo, else the registry's id."""
    return check_id(id_before_installation(entry.plugin_path, entry.registry_id))


def registry_id_of(plugin: Plugin) -> str:
    """Return the id under which a plugin stands in its registry."""
    return str(plugin.source_ref.get("registry_id") or plugin.plugin_id)


def registry_of(plugin: Plugin) -> str:
    """Return the name of the registry that a plugin came from; the official one answers for what came from one that is gone."""
    name = str(plugin.source_ref.get("registry") or "")
    return name if not name or RegistrySource.objects.filter(name=name).exists() else OFFICIAL_NAME


def upload_folder() -> Path:
    """Return where uploads wait for their operation."""
    return Path(settings.LEDSITE.data_dir) / "uploads"


def _request_pass(kind: OperationKind, *, force: bool, requested_by: str) -> Operation:
    if force:
        return create(kind, arguments={"force": True}, lane=FORCED, requested_by=requested_by)
    return open_operation(kind=kind, lane=FORCED) or create(kind, arguments={"force": False}, requested_by=requested_by)


def _no_update_source(plugin: Plugin) -> Conflict:
    """Say why there is no update; nobody but its owner changes a git working copy."""
    if plugin.git:
        return Conflict(
            f"{plugin.plugin_id} is a git working copy, which is never changed from here.",
            code="no-update-source",
            hint="Pull in its folder; it is read again by itself. Or uninstall it, keep its settings, and install it from the store.",
        )
    ways = {
        Source.UPLOAD: "Upload the zip of its new version: settings and files are kept.",
        Source.LOCAL: "Change its folder; it is read again by itself.",
        Source.BUNDLED: "It comes with this product and is updated with it.",
    }
    return Conflict(
        f"{plugin.plugin_id} has no place to fetch an update from: its source is {plugin.get_source_display().lower()}.",
        code="no-update-source",
        hint=ways.get(Source(plugin.source), "Uninstall it and install the new version; keep its settings when asked."),
    )


def _refuse_installed(plugin_id: str, registry_id: str = "") -> None:
    plugin = Plugin.objects.filter(plugin_id__iexact=plugin_id).first()
    if plugin is None and registry_id:
        plugin = Plugin.objects.filter(source=Source.REGISTRY, source_ref__registry_id=registry_id).first()
    if plugin is not None and not plugin.missing:
        is_own = plugin.source == Source.LOCAL
        hint = "It is a folder of your own: change it there, or uninstall it first." if is_own else "Use update to renew it."
        raise Conflict(f"{plugin.plugin_id} is installed already, version {plugin.version}.", code="already-installed", hint=hint)


def _checked_version(entry: RegistryEntry, version: str | None) -> str:
    """Return the wanted version as the registry spells it, empty for the newest; refuse what is not on offer or does not fit."""
    if not version:
        return ""
    chosen = find_version(entry, version)
    if chosen.incompatible:
        raise Conflict(chosen.incompatible, code="incompatible", hint="Choose another version.")
    for url in version_urls(entry, chosen):
        client_from_settings().policy.check_url(url, "archive")
    return chosen.version
