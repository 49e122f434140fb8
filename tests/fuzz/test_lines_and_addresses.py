"""Requirement lines lead to names of packages or to a warning; addresses lead to listed hosts or nowhere."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from plugins_app.exceptions import LedsiteError, Refused
from plugins_app.installer.requirements import read_requirements
from plugins_app.lifecycle.addresses import parse_address
from plugins_app.store.hosts import HostPolicy
from plugins_app.store.http import HttpClient
from tests.fakes.hub import Hub
from tests.fuzz.runner import run

pytestmark = pytest.mark.timeout(3600)

GITHUB = "https://github.com"
POLICY = HostPolicy.of(install_hosts=["github.com", "codeload.github.com"], archive=GITHUB)
WORDS = ("requests", "Pillow", "==", ">=", "1.0", "*", "[socks]", "[", ";", "python_version < '3'", "@", "-e", "-r", "--index-url", "git+")
PLACES = ("https://x.example/a.whl", ".", "./a", "/etc", "file:///x", "${HOME}", "--hash=sha256:0")
SIGNS = (" ", "\\", "\n", "\r", "\x00", "\ufeff", "\u2028", "#", "\t")
LOOPBACK = ("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "localhost", "localhost.", "LOCALHOST", "0.0.0.0")
INSIDE = ("10.0.0.1", "192.168.0.1", "172.16.9.9", "100.64.0.1", "169.254.169.254", "metadata.google.internal")
SIX = (
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:10.0.0.1]",
    "[64:ff9b::a00:1]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fc00::1]",
)
STRANGE = ("github.com.evil.example", "evil.example", "github.com@evil.example", "evil.example#@github.com", "xn--gthub-n4a.com")
PRIVATE = (*LOOPBACK, *INSIDE, *SIX, *STRANGE)
SCHEMES = ("https://", "http://", "HTTPS://", "ftp://", "file://", "//", "https:/", "https:\\\\", "javascript:", "")
FOLDERS = ("/a/b/tree/main/x", "/a/b/tree/../..", "/%2e%2e/b", "/../b.zip")
TAILS = ("", "/a/b", "/a/b.zip", "/a/b.git", "/a?b=.zip", "/a/b.zip?x", "\n/a.zip", *FOLDERS)
PORTS = ("", ":443", ":80", ":0", ":99999", ":x")


def test_requirement_lines(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"

    def case(dice: random.Random) -> str:
        path.write_bytes("".join(dice.choice(WORDS + PLACES + SIGNS) for _ in range(dice.randint(1, 12))).encode())
        if dice.random() < 0.1:
            path.write_bytes(bytes(dice.randrange(256) for _ in range(60)))
        found, warnings = read_requirements(path)
        assert all(requirement.url is None and requirement.name for requirement in found)
        return "packages" if found else "warnings" if warnings else "nothing"

    assert set(run("requirement files", case, few=1500, many=20_000)) == {"packages", "warnings", "nothing"}


def verdict(url: str) -> str:
    """Say what becomes of an address that a person asks to install from."""
    try:
        address = parse_address(url, plugin_path="", branch="", github_url=GITHUB)
        for archive_url in address.archive_urls(GITHUB):
            POLICY.check_url(archive_url, "archive")
            assert urlsplit(archive_url).hostname in ("github.com", "codeload.github.com"), archive_url
            assert urlsplit(archive_url).scheme == "https"
    except LedsiteError:
        return "refused"
    return "taken"


def test_addresses() -> None:
    def case(dice: random.Random) -> str:
        user = dice.choice(("", "", "", "a@", "github.com:x@"))
        host = dice.choice((*PRIVATE, "github.com", "github.com", "GitHub.com", "codeload.github.com"))
        return verdict(dice.choice(SCHEMES[:3] + SCHEMES) + user + host + dice.choice(("", "", *PORTS)) + dice.choice(TAILS))

    assert set(run("addresses", case, few=1500, many=20_000)) == {"taken", "refused"}


@pytest.mark.parametrize("host", PRIVATE)
@pytest.mark.parametrize("scheme", ["http://", "https://"])
def test_no_private_address_is_installed_from(host: str, scheme: str) -> None:
    assert verdict(f"{scheme}{host}/a/b.zip") == "refused"


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    made = Hub()
    yield made
    made.close()


@pytest.mark.parametrize("host", PRIVATE[1:])  # the first is the hub's own
def test_no_redirect_leads_to_a_private_address(host: str, hub: Hub) -> None:
    hub.redirect("/start", f"http://{host}:{hub.port + 1}/end")
    client = HttpClient(HostPolicy.of(install_hosts=["github.com"], archive=hub.url))
    with pytest.raises(Refused), client.stream(f"{hub.url}/start", kind="archive"):
        pass
    assert hub.total("/end") == 0
