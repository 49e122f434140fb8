"""Where requests may go: hosts by kind of request, https, no private addresses unless listed (pure)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from plugins_app.exceptions import Refused

Kind = Literal["registry", "api", "raw", "archive"]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.ip_network("64:ff9b::/96")
HINT = "Downloads come from listed hosts over https only; the owner lists more in LEDSITE_ALLOWED_HOSTS_INSTALL."


@dataclass(frozen=True)
class HostPolicy:
    """Hosts for every kind of request, and hosts that are listed for one kind; the token goes to `api_base` only."""

    install_hosts: frozenset[str]
    hosts_by_kind: Mapping[str, frozenset[str]]
    api_base: str = ""
    token: str = field(default="", repr=False)

    @classmethod
    def of(
        cls,
        *,
        install_hosts: Iterable[str],
        registry: Iterable[str] = (),
        api: str = "",
        raw: str = "",
        archive: str = "",
        token: str = "",
    ) -> HostPolicy:
        """Build the policy from listed hosts and the bases whose hosts count as listed for their own kind."""
        bases = {"registry": tuple(registry), "api": (api,), "raw": (raw,), "archive": (archive,)}
        return cls(
            install_hosts=frozenset(host.strip("[]").lower() for host in install_hosts),
            hosts_by_kind={kind: frozenset(urlsplit(url).hostname or "" for url in urls if url) for kind, urls in bases.items()},
            api_base=api,
            token=token,
        )

    def check_url(self, url: str, kind: Kind) -> str:
        """Return the host of an address that may be requested; raise Refused `host-not-allowed` for any other."""
        scheme, host = _scheme_and_host(url)
        if host not in self.install_hosts and host not in self.hosts_by_kind.get(kind, frozenset()):
            raise _refused(f"{host or 'an address without a host'} is not a host that {_PURPOSE[kind]} may come from.")
        if scheme == "https" or (scheme == "http" and is_loopback(host)):
            return host
        raise _refused(f"{scheme}://{host} is not encrypted.")

    def check_address(self, host: str, address: str) -> None:
        """Refuse to connect a listed name to an address inside our own network, unless that address is itself listed."""
        ip = ipaddress.ip_address(address.split("%")[0])
        if is_public(ip) or host == str(ip) or (host == "localhost" and ip.is_loopback) or str(ip) in self.install_hosts:
            return
        raise _refused(f"{host} leads to {ip}, an address inside this network.")

    def is_api(self, url: str) -> bool:
        """Tell whether an address lies below the API base, the only place that gets the token."""
        base, parts = urlsplit(self.api_base), urlsplit(url)
        return (
            bool(self.api_base)
            and (base.scheme, base.netloc.lower()) == (parts.scheme, parts.netloc.lower())
            and f"{parts.path}/".startswith(f"{base.path.rstrip('/')}/")
        )


_PURPOSE: dict[str, str] = {
    "registry": "a registry",
    "api": "repository data",
    "raw": "plugin files",
    "archive": "downloads",
}


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine by its own spelling, without asking anyone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_public(ip: Address) -> bool:
    """Tell whether an address, and the one that may be wrapped in it, belongs to the public network."""
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in NAT64:
            wrapped.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        inner = [address for address in wrapped if address is not None]
        if ip.ipv4_mapped is not None:
            return is_public(ip.ipv4_mapped)
        if not all(is_public(address) for address in inner):
            return False
    return ip.is_global and not ip.is_multicast


def _scheme_and_host(url: str) -> tuple[str, str]:
    if not url.isascii() or not url.isprintable() or "\\" in url or " " in url:
        raise _refused("The address has characters that do not belong into one.")
    try:
        parts, other = urlsplit(url), parse_url(url)
        host, _ = parts.hostname or "", parts.port
    except (ValueError, LocationParseError) as error:
        raise _refused("That is not a web address.") from error
    if parts.username is not None or parts.password is not None or (other.host or "").strip("[]").lower() != host:
        raise _refused("The address hides where it leads.")
    return parts.scheme, host


def _refused(message: str) -> Refused:
    return Refused(message, code="host-not-allowed", hint=HINT)
