"""Which pictures there are of a plugin: those of the installed version, or of one of our own that is not installed."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings

from plugins_app.installer.previews import Preview, read_previews
from plugins_app.lifecycle.bundled import find_bundled
from plugins_app.models import Plugin
from plugins_app.package.ids import check_id
from plugins_app.package.paths import PluginPaths


def preview_address(plugin_id: str) -> str | None:
    """Return the address of the picture of a plugin's first mode, None while there is none."""
    return address_of(plugin_id, version_shown(plugin_id))


def preview_modes(plugin_id: str) -> list[str]:
    """Return the modes of which there is a picture; `&mode=` asks for one of them."""
    return [one.mode for one in previews_of(plugin_id, version_shown(plugin_id))]


def version_shown(plugin_id: str) -> str:
    """Return the generation that pictures are of, empty when the plugin is neither here nor one of our own."""
    generation = Plugin.objects.filter(plugin_id__iexact=check_id(plugin_id)).values_list("active_generation", flat=True).first()
    if generation is not None:
        return generation
    own = find_bundled(plugin_id)
    return own.generation if own else ""


def previews_of(plugin_id: str, generation: str) -> list[Preview]:
    """Return the pictures of a generation."""
    return read_previews(PluginPaths(settings.LEDSITE.plugin_dir), plugin_id, generation) if generation else []


def address_of(plugin_id: str, generation: str) -> str | None:
    """Return the address of a generation's first picture, None while there is none; whoever draws one raises a revision."""
    return f"/api/v3/plugins/{quote(plugin_id)}/preview?of={generation}" if previews_of(plugin_id, generation) else None
