"""Where requests may go."""

from __future__ import annotations

import ipaddress

import pytest

from plugins_app.exceptions import Refused
from plugins_app.store.hosts import HostPolicy, Kind, is_public

POLICY = HostPolicy.of(
    install_hosts=["github.com", "codeload.github.com"],
    registry=["https://lists.example/plugins.json"],
    api="https://api.github.com",
    raw="http://127.0.0.1:9/raw",
    archive="https://github.com",
)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://github.com/a/b.zip", "archive"),
        ("https://GitHub.com/a/b.zip", "archive"),
        ("https://codeload.github.com/a", "registry"),
        ("https://lists.example/plugins.json", "registry"),
        ("https://api.github.com/repos/a/b", "api"),
        ("http://127.0.0.1:8000/raw/x", "raw"),
    ],
)
def test_listed_hosts_pass(url: str, kind: Kind) -> None:
    POLICY.check_url(url, kind)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://evil.example/a.zip", "archive"),
        ("https://lists.example/a.zip", "archive"),
        ("https://api.github.com/repos/a/b", "archive"),
        ("http://github.com/a.zip", "archive"),
        ("http://127.0.0.1:8000/a.zip", "archive"),
        ("https://127.0.0.1/a.zip", "archive"),
        ("http://localhost:8000/raw/x", "raw"),
        ("http://2130706433/raw", "raw"),
        ("http://0x7f.1/raw", "raw"),
        ("http://[::ffff:127.0.0.1]/raw", "raw"),
        ("http://127.0.0.1.evil.example/raw", "raw"),
        ("https://github.com.evil.example/a.zip", "archive"),
        ("https://github.com@evil.example/a.zip", "archive"),
        ("https://user:word@github.com/a.zip", "archive"),
        ("https://evil.example\\@github.com/a.zip", "archive"),
        ("https://github.com#@evil.example/a.zip\n", "archive"),
        ("https://gıthub.com/a.zip", "archive"),
        ("https://github.com:port/a.zip", "archive"),
        ("https://[::1/a.zip", "archive"),
        ("ftp://github.com/a.zip", "archive"),
        ("file:///etc/passwd", "archive"),
        ("//github.com/a.zip", "archive"),
        ("", "archive"),
    ],
)
def test_everything_else_is_refused(url: str, kind: Kind) -> None:
    with pytest.raises(Refused) as caught:
        POLICY.check_url(url, kind)
    assert caught.value.code == "host-not-allowed"


@pytest.mark.parametrize("address", ["140.82.121.4", "2606:50c0:8000::154", "64:ff9b::8c52:7904"])
def test_public_addresses_pass(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
    ],
)
def test_addresses_inside_a_network_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


def test_a_listed_name_that_leads_inside_is_refused() -> None:
    with pytest.raises(Refused):
        POLICY.check_address("github.com", "127.0.0.1")
    with pytest.raises(Refused):
        POLICY.check_address("github.com", "fe80::1%eth0")


def test_an_address_that_is_itself_listed_passes() -> None:
    POLICY.check_address("127.0.0.1", "127.0.0.1")
    POLICY.check_address("localhost", "::1")
    HostPolicy.of(install_hosts=["git.lan", "192.168.1.5"]).check_address("git.lan", "192.168.1.5")


@pytest.mark.parametrize(
    ("url", "is_api"),
    [
        ("https://api.example/v3/repos/a", True),
        ("https://api.example/v3", True),
        ("https://api.example/v33/repos", False),
        ("https://api.example/other", False),
        ("http://api.example/v3/repos", False),
        ("https://api.example:8443/v3/repos", False),
        ("https://api.example.evil/v3/repos", False),
    ],
)
def test_the_token_is_for_what_lies_below_the_api_base(url: str, is_api: bool) -> None:
    assert HostPolicy.of(install_hosts=[], api="https://api.example/v3").is_api(url) is is_api


def test_the_token_is_not_shown() -> None:
    assert "geheim" not in repr(HostPolicy.of(install_hosts=[], token="geheim"))
