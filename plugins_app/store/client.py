"""Makes the HTTP client that the settings describe."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from django.conf import settings

from ledsite import __version__
from ledsite.env import Environment
from plugins_app.models import RegistrySource
from plugins_app.store.hosts import HostPolicy
from plugins_app.store.http import HttpClient

USER_AGENT = f"ledsite/{__version__} (+https://github.com/topics/rgb-led-matrix)"


def client_from_settings() -> HttpClient:
    """Return a client for the listed hosts, the bases and the registries that the owner added."""
    environment: Environment = settings.LEDSITE
    policy = HostPolicy.of(
        install_hosts=environment.install_hosts,
        registry=[environment.registry_url, *RegistrySource.objects.values_list("url", flat=True)],
        api=environment.github_api_url,
        raw=environment.github_raw_url,
        archive=environment.github_url,
        token=environment.github_token,
    )
    return HttpClient(policy, user_agent=USER_AGENT, proxy_for=system_proxy)


def system_proxy(url: str) -> str | None:
    """Return the proxy that this machine is set up to use for an address, None for a direct connection."""
    parts = urlsplit(url)
    if not parts.hostname or proxy_bypass(parts.hostname):
        return None
    return getproxies().get(parts.scheme)
