"""Where registries are: the official one out of the settings, and those that the owner added."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from plugins_app.models import RegistrySource, Revision, Trust

OFFICIAL_NAME = "official"


def ensure_official_source() -> RegistrySource:
    """Return the official registry's row; made when there is none, emptied when the settings name another address."""
    url: str = settings.LEDSITE.registry_url
    source = RegistrySource.objects.filter(trust=Trust.OFFICIAL).first()
    if source is not None and source.url == url:
        return source
    with transaction.atomic():
        RegistrySource.objects.filter(url=url).exclude(trust=Trust.OFFICIAL).delete()
        RegistrySource.objects.filter(trust=Trust.OFFICIAL).exclude(url=url).delete()
        source, _ = RegistrySource.objects.get_or_create(url=url, defaults={"name": OFFICIAL_NAME, "trust": Trust.OFFICIAL, "position": 0})
        Revision.bump("store", "freshness")
    return source


def all_sources() -> list[RegistrySource]:
    """Return every registry, the official one first; one query when it is there already."""
    sources = sorted(RegistrySource.objects.all(), key=lambda source: source.trust != Trust.OFFICIAL)
    if sources and sources[0].trust == Trust.OFFICIAL and sources[0].url == settings.LEDSITE.registry_url:
        return sources
    official = ensure_official_source()
    return [official, *RegistrySource.objects.exclude(pk=official.pk)]
