"""Where the device stands: plugins that ask for a place by the names of contract 3.4 start with it instead of their author's town."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F

from plugins_app import audit
from plugins_app.models import DeviceLocation, Plugin, PluginConfig, Revision
from plugins_app.wakeup import wake_director

FIELDS = ("city", "state", "country")
LONGEST = 100


def device_location() -> dict[str, str]:
    """Return `{city, state, country}`, each empty when nobody said it."""
    found = DeviceLocation.objects.filter(pk=1).values(*FIELDS).first()
    return {field: str(found[field]) if found else "" for field in FIELDS}


def problem_of(value: object) -> str | None:
    """Return what is wrong with a location; None when nothing is."""
    if not isinstance(value, dict) or not value or set(value) - set(FIELDS):
        return "must be an object with city, state, country or some of them"
    for field, text in value.items():
        if not isinstance(text, str) or len(text) > LONGEST or not (text.isprintable() or not text):
            return f"{field} must be text of at most {LONGEST} characters in one line"
    return None


def change_location(value: dict[str, str], *, requested_by: str) -> bool:
    """Keep the named parts, tell the plugins that ask for them, and return whether anything is new; checked by `problem_of` before."""
    with transaction.atomic():
        before = device_location()
        after = before | {field: text.strip() for field, text in value.items()}
        if after == before:
            return False
        DeviceLocation.objects.update_or_create(pk=1, defaults=after)
        told = [plugin.pk for plugin in Plugin.objects.only("schema") if _asks(plugin.schema)]
        PluginConfig.objects.filter(plugin__in=told).update(revision=F("revision") + 1)
        Revision.bump("plugins", "settings")
        audit.record(requested_by, "location", **after)
        wake_director()
    return True


def with_location(schema: dict[str, Any], location: dict[str, str]) -> dict[str, Any]:
    """Return a schema whose `location_city`, `location_state` and `location_country` default to the place, as far as it is known."""
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return schema
    known = {f"location_{field}": text for field, text in location.items() if text}
    placed = {name: {**properties[name], "default": text} for name, text in known.items() if isinstance(properties.get(name), dict)}
    return {**schema, "properties": {**properties, **placed}} if placed else schema


def located(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with the device's place as it is now."""
    return with_location(schema, device_location()) if _asks(schema) else schema


def _asks(schema: dict[str, Any]) -> bool:
    properties = schema.get("properties")
    return isinstance(properties, dict) and any(f"location_{field}" in properties for field in FIELDS)
