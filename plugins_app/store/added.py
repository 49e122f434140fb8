"""Registries that the owner adds and removes; the official one is not touched here."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from plugins_app import audit
from plugins_app.exceptions import BadRequest, Conflict, NotFound, Refused
from plugins_app.models import RegistrySource, Revision, Trust
from plugins_app.store.hosts import HostPolicy, is_loopback, is_public
from plugins_app.store.sources import OFFICIAL_NAME, all_sources

MOST_SOURCES = 20


def add_source(name: str, url: str, *, requested_by: str) -> RegistrySource:
    """Add a registry; what it offers is marked as added, and an id of the official registry never comes from it."""
    name, url = name.strip(), url.strip()
    if not name or len(name) > 100 or not name.isprintable() or name.lower() == OFFICIAL_NAME:
        raise BadRequest(
            "That name cannot be given to a registry.", code="bad-name", hint=f"Up to 100 characters, and not {OFFICIAL_NAME!r}."
        )
    check_registry_url(url)
    sources = all_sources()
    if len(sources) >= MOST_SOURCES:
        raise Conflict(f"There are {len(sources)} registries already.", code="too-many-registries", hint="Remove one first.")
    try:
        with transaction.atomic():
            position = (RegistrySource.objects.aggregate(last=Max("position"))["last"] or 0) + 1
            source = RegistrySource.objects.create(name=name, url=url, trust=Trust.ADDED, position=position)
            audit.record(requested_by, "registry-add", name, url=url)
            Revision.bump("store", "plugins")
    except IntegrityError as error:
        raise Conflict(
            "There is a registry of that name or address.", code="registry-exists", hint="See the list of registries."
        ) from error
    return source


def remove_source(source_id: int, *, requested_by: str) -> None:
    """Remove an added registry; what was installed from it stays, and is updated from the official one if that has it."""
    with transaction.atomic():
        source = RegistrySource.objects.filter(pk=source_id).first()
        if source is None:
            raise NotFound(f"There is no registry {source_id}.", code="no-such-registry", hint="See the list of registries.")
        if source.trust == Trust.OFFICIAL:
            raise Conflict("The official registry stays.", code="official-registry", hint="Its address is LEDSITE_REGISTRY_URL.")
        source.delete()
        audit.record(requested_by, "registry-remove", source.name, url=source.url)
        Revision.bump("store", "plugins")


def check_registry_url(url: str) -> None:
    """Refuse an address that no registry may come from: unencrypted, hiding where it leads, or inside our own network.

    By adding it the owner says that its host may be asked; a name that leads into our own network is refused when it is asked.
    """
    if len(url) > 500 or "#" in url:
        raise BadRequest("That is not a web address.", code="bad-url", hint="Give the https address of a registry file.")
    host = HostPolicy.of(install_hosts=(), registry=[url]).check_url(url, "registry")
    environment = settings.LEDSITE
    listed = {*environment.install_hosts, urlsplit(environment.registry_url).hostname}
    if host not in listed and _is_inside(host):
        raise Refused(
            f"{host} is an address inside this network.",
            code="host-not-allowed",
            hint="The owner lists such hosts in LEDSITE_ALLOWED_HOSTS_INSTALL.",
        )


def _is_inside(host: str) -> bool:
    try:
        return not is_public(ipaddress.ip_address(host))
    except ValueError:
        return is_loopback(host)
