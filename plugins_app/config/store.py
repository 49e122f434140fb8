"""Reads and saves the settings of installed plugins; secrets lie encrypted in rows of their own, never among the values."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from plugins_app import audit
from plugins_app.config.change import Change, changed_pointers, compose, plan, refused
from plugins_app.config.location import located
from plugins_app.config.pointers import ABSENT, remove, runs_through_list, value_at
from plugins_app.config.secret_paths import mask_of, secret_paths
from plugins_app.config.secrets import open_sealed, seal
from plugins_app.config.validation import Problem
from plugins_app.exceptions import BadRequest, Conflict, DiskProblem, NotFound
from plugins_app.models import Plugin, PluginConfig, PluginSecret, Revision
from plugins_app.package.ids import check_id
from plugins_app.package.jsonfile import check_storable
from plugins_app.wakeup import wake_director

logger = logging.getLogger(__name__)


def masked_settings(plugin: Plugin) -> dict[str, Any]:
    """Return settings for people: with defaults and `enabled`, a secret that is set as a mask, one that is not as it is by default."""
    values = _values(plugin)
    plain = [pointer for pointer in secret_paths(plugin.schema, values) if value_at(values, pointer) not in (ABSENT, "", None)]
    masks = {pointer: mask_of(pointer, is_in_list=runs_through_list(values, pointer)) for pointer in [*plain, *set_secrets(plugin)]}
    return {**compose(located(plugin.schema), values, masks), "enabled": plugin.enabled}


def effective_settings(plugin: Plugin) -> dict[str, Any]:
    """Return settings for the plugin's host: with defaults, secrets and `enabled`."""
    return settings_from(plugin.schema, snapshot(plugin), enabled=plugin.enabled)


def settings_from(schema: dict[str, Any], snapshot: dict[str, Any], *, enabled: bool) -> dict[str, Any]:
    """Return what `effective_settings` would from a schema and a snapshot, for a plugin without a row or with another schema."""
    secrets = _opened(snapshot.get("secrets", {}))
    return {**compose(located(schema), snapshot.get("values", {}), secrets), "enabled": enabled}


def set_secrets(plugin: Plugin) -> list[str]:
    """Return the pointers of the secrets that are set."""
    return list(plugin.secrets.order_by("path").values_list("path", flat=True))


def settings_revision(plugin: Plugin) -> int:
    """Return the number of the last save, 0 before the first; give it back as `if_revision` to notice another person's save."""
    return PluginConfig.objects.filter(plugin=plugin).values_list("revision", flat=True).first() or 0


def save_settings(
    plugin_id: str, values: Any, *, partial: bool, requested_by: str, if_revision: int | None = None, secrets: Collection[str] = ()
) -> Plugin:
    """Save settings as a person submits them; a secret that is empty or masked is kept, a null one removed, `enabled` is a toggle.

    `secrets` are pointers that the person calls secret though neither schema nor name does; once kept as secrets they stay such.

    Raises BadRequest `settings-invalid` with details `[{path, message}]`, Conflict `settings-changed` when the revision has moved.
    """
    checked = _storable(values)
    with transaction.atomic():
        plugin = _get(plugin_id)
        config, _ = PluginConfig.objects.get_or_create(plugin=plugin, defaults={"revision": 0})
        if if_revision is not None and if_revision != config.revision:
            raise Conflict("Someone else saved these settings meanwhile.", code="settings-changed", hint="Load them again, then repeat.")
        _save(plugin, config, checked, is_partial=partial, requested_by=requested_by, secrets=secrets)
        return _toggled(plugin, checked, requested_by=requested_by)


def tried_settings(plugin: Plugin, values: Any, *, partial: bool) -> dict[str, Any]:
    """Return what the host would get if these settings were saved, as `save_settings` reads them; nothing is saved.

    Raises BadRequest `settings-invalid` with details `[{path, message}]`.
    """
    checked = _storable(values)
    return {**_planned(plugin, checked, is_partial=partial).after, "enabled": True}


def reset_settings(plugin_id: str, *, requested_by: str, keep_secrets: bool = True) -> Plugin:
    """Return to the defaults; secrets stay unless they are to go too."""
    with transaction.atomic():
        plugin = _get(plugin_id)
        config, _ = PluginConfig.objects.get_or_create(plugin=plugin, defaults={"revision": 0})
        config.values = {}
        if not keep_secrets:
            plugin.secrets.all().delete()
        _publish(plugin, config)
        audit.record(requested_by, "settings-reset", plugin.plugin_id, secrets="kept" if keep_secrets else "removed")
    return plugin


def snapshot(plugin: Plugin) -> dict[str, Any]:
    """Return `{"values", "secrets": {pointer: ciphertext}}`: everything that `restore` needs, secrets still encrypted."""
    return {"values": _values(plugin), "secrets": dict(plugin.secrets.order_by("path").values_list("path", "ciphertext"))}


def restore(plugin: Plugin, snapshot: Mapping[str, Any]) -> None:
    """Make settings and secrets exactly what a snapshot says, inside the caller's transaction; an empty one makes fresh settings."""
    config, _ = PluginConfig.objects.get_or_create(plugin=plugin, defaults={"revision": 0})
    config.values = snapshot.get("values", {})
    config.revision += 1
    config.save()
    _write_secrets(plugin, snapshot.get("secrets", {}))


def hide_secrets(schema: dict[str, Any], snapshot: dict[str, Any]) -> dict[str, Any]:
    """Return a snapshot in which values that a (new) schema calls secret have moved from the values to the secrets."""
    values, secrets = json.loads(json.dumps(snapshot.get("values", {}))), dict(snapshot.get("secrets", {}))
    for pointer in secret_paths(schema, values):
        value = value_at(values, pointer)
        if value not in (ABSENT, "", None):
            secrets[pointer] = seal(json.dumps(value))
    for pointer in secrets:
        remove(values, pointer)
    return {**snapshot, "values": values, "secrets": secrets}


@dataclass(frozen=True)
class _Planned:
    """What a submission would make of the settings: before and after as a host gets them, and what there is to write."""

    change: Change
    sealed: dict[str, str]
    before: dict[str, Any]
    after: dict[str, Any]


def _planned(plugin: Plugin, submitted: dict[str, Any], *, is_partial: bool, secrets: Collection[str] = ()) -> _Planned:
    """Work it out; BadRequest `settings-invalid` when it may not be."""
    schema = located(plugin.schema)
    present = hide_secrets(schema, snapshot(plugin))
    sealed = present["secrets"]
    opened = _opened(sealed)
    plain = {key: value for key, value in submitted.items() if key != "enabled"}
    change = plan(schema, stored=present["values"], stored_secrets=set(sealed), submitted=plain, is_partial=is_partial, secrets=secrets)
    before, after = compose(schema, present["values"], opened), compose(schema, change.values, _known_secrets(change, opened))
    problems = refused(
        schema, before={**before, "enabled": True}, after={**after, "enabled": submitted.get("enabled", True)}, is_partial=is_partial
    )
    if problems:
        raise _invalid(problems)
    return _Planned(change, sealed, before, after)


def _save(
    plugin: Plugin, config: PluginConfig, submitted: dict[str, Any], *, is_partial: bool, requested_by: str, secrets: Collection[str]
) -> None:
    planned = _planned(plugin, submitted, is_partial=is_partial, secrets=secrets)
    change = planned.change
    sealed = {pointer: planned.sealed[origin] for pointer, origin in change.kept_secrets.items()}
    sealed |= {pointer: seal(json.dumps(value)) for pointer, value in change.new_secrets.items()}
    if {"values": change.values, "secrets": sealed} == snapshot(plugin):
        return
    config.values = change.values
    _write_secrets(plugin, sealed)
    _publish(plugin, config)
    audit.record(requested_by, "settings", plugin.plugin_id, changed=changed_pointers(planned.before, planned.after)[:50])


def _toggled(plugin: Plugin, values: dict[str, Any], *, requested_by: str) -> Plugin:
    if values.get("enabled", plugin.enabled) == plugin.enabled:
        return plugin
    # Imported here: the door to enabling stands in a room that itself saves settings through this one.
    from plugins_app.lifecycle.enable import set_enabled

    return set_enabled(plugin.plugin_id, enabled=values["enabled"], requested_by=requested_by)


def _publish(plugin: Plugin, config: PluginConfig) -> None:
    config.revision += 1
    config.save()
    if plugin.setup_problem:
        # It was found with other settings; the host finds out anew.
        plugin.setup_problem = ""
        plugin.save(update_fields=["setup_problem"])
    Revision.bump("plugins", "settings")
    wake_director()


def _known_secrets(change: Change, opened: Mapping[str, Any]) -> dict[str, Any]:
    kept = {pointer: opened[origin] for pointer, origin in change.kept_secrets.items() if origin in opened}
    return {**kept, **change.new_secrets}


def _write_secrets(plugin: Plugin, sealed: Mapping[str, str]) -> None:
    plugin.secrets.exclude(path__in=sealed).delete()
    known = dict(plugin.secrets.values_list("path", "ciphertext"))
    for pointer, ciphertext in sealed.items():
        if known.get(pointer) != ciphertext:
            PluginSecret.objects.update_or_create(plugin=plugin, path=pointer, defaults={"ciphertext": ciphertext})


def _opened(sealed: Mapping[str, str]) -> dict[str, Any]:
    opened: dict[str, Any] = {}
    for pointer, ciphertext in sealed.items():
        try:
            opened[pointer] = json.loads(open_sealed(ciphertext))
        except DiskProblem as problem:
            logger.warning("Secret %s: %s", pointer, problem.message)
    return opened


def _values(plugin: Plugin) -> dict[str, Any]:
    values = PluginConfig.objects.filter(plugin=plugin).values_list("values", flat=True).first()
    return values if isinstance(values, dict) else {}


def _get(plugin_id: str) -> Plugin:
    plugin = Plugin.objects.filter(plugin_id__iexact=check_id(plugin_id)).first()
    if plugin is None:
        raise NotFound(f"{plugin_id} is not installed.", code="not-installed", hint="See the list of installed plugins.")
    return plugin


def _storable(values: Any) -> dict[str, Any]:
    if not isinstance(values, dict):
        raise _invalid([Problem("", "Settings are an object with a key for each of them.")])
    try:
        check_storable(values)
    except ValueError as error:
        raise _invalid([Problem("", f"The settings cannot be stored: {error}.", "json")]) from error
    return values


def _invalid(problems: list[Problem]) -> BadRequest:
    return BadRequest(
        f"{len(problems)} setting{'s are' if len(problems) > 1 else ' is'} not as the plugin expects.",
        code="settings-invalid",
        hint="Nothing was saved; `errors` says what is wrong where.",
        details=[problem.as_dict() for problem in problems],
    )
