"""Which pictures there are of a plugin: those of the installed version, else of our own, else those drawn before an installation."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings

from plugins_app.installer.previews import Preview, offered_pictures, read_previews, read_reason
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
    """Return the generation that pictures are of, or what those drawn before an installation lie under; empty when there is neither."""
    generation = Plugin.objects.filter(plugin_id__iexact=check_id(plugin_id)).values_list("active_generation", flat=True).first()
    if generation is not None:
        return generation
    own = find_bundled(plugin_id)
    return own.generation if own else offered_pictures(_paths()).get(plugin_id.lower(), "")


def previews_of(plugin_id: str, generation: str) -> list[Preview]:
    """Return the pictures of a generation."""
    return read_previews(_paths(), plugin_id, generation) if generation else []


def address_of(plugin_id: str, generation: str) -> str | None:
    """Return the address of a generation's first picture, None while there is none; whoever draws one raises a revision."""
    return f"/api/v3/plugins/{quote(plugin_id)}/preview?of={generation}" if previews_of(plugin_id, generation) else None


def offered() -> dict[str, str]:
    """Map the ids, in lower case, of plugins that were drawn before an installation to the name that `address_of` takes."""
    return offered_pictures(_paths())


def reason_of(plugin_id: str, generation: str) -> str:
    """Return why there is nothing to see, empty when there is."""
    return read_reason(_paths(), plugin_id, generation)


def _paths() -> PluginPaths:
    return PluginPaths(settings.LEDSITE.plugin_dir)
