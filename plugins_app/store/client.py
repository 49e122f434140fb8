"""Makes the HTTP client that the settings describe."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from django.conf import settings

from ledsite import __version__
from ledsite.env import Environment
from plugins_app.models import RegistrySource
from plugins_app.store.hosts import HostPolicy
from plugins_app.store.http import READ_SECONDS, HttpClient
from plugins_app.store.token import token_in_force

SCHEDULE_READ_SECONDS = 6.0
SCHEDULE_TOTAL_SECONDS = 20.0
DOCUMENT_READ_SECONDS = 4.0
DOCUMENT_TOTAL_SECONDS = 8.0
USER_AGENT = f"ledsite/{__version__} (+https://github.com/topics/rgb-led-matrix)"


def client_from_settings(*, token: str | None = None, read_seconds: float = READ_SECONDS, total_seconds: float | None = None) -> HttpClient:
    """Return a client for the listed hosts, the bases and the registries that the owner added; `token`: another than the one in force."""
    environment: Environment = settings.LEDSITE
    policy = HostPolicy.of(
        install_hosts=environment.install_hosts,
        registry=[environment.registry_url, *RegistrySource.objects.values_list("url", flat=True)],
        api=environment.github_api_url,
        raw=environment.github_raw_url,
        archive=environment.github_url,
        token=token_in_force() if token is None else token,
    )
    return HttpClient(policy, user_agent=USER_AGENT, proxy_for=system_proxy, read_seconds=read_seconds, total_seconds=total_seconds)


def schedule_client() -> HttpClient:
    """Return a client that is less patient: what the schedule asks for, by the dozen, is asked for again soon."""
    return client_from_settings(read_seconds=SCHEDULE_READ_SECONDS, total_seconds=SCHEDULE_TOTAL_SECONDS)


def document_client() -> HttpClient:
    """Return a client for the files of one plugin that somebody looks at: it gives up soon, and is called again."""
    return client_from_settings(read_seconds=DOCUMENT_READ_SECONDS, total_seconds=DOCUMENT_TOTAL_SECONDS)


def system_proxy(url: str) -> str | None:
    """Return the proxy that this machine is set up to use for an address, None for a direct connection."""
    parts = urlsplit(url)
    if not parts.hostname or proxy_bypass(parts.hostname):
        return None
    return getproxies().get(parts.scheme)
