"""Addresses that a person installs from (pure)."""

from __future__ import annotations

import pytest

from plugins_app.exceptions import BadRequest
from plugins_app.lifecycle.addresses import InstallAddress, parse_address

GITHUB = "https://github.com"


def parse(url: str, *, plugin_path: str = "", branch: str = "") -> InstallAddress:
    return parse_address(url, plugin_path=plugin_path, branch=branch, github_url=GITHUB)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/me/repo", InstallAddress(repo="me/repo")),
        ("https://github.com/me/repo.git", InstallAddress(repo="me/repo")),
        ("https://github.com/me/repo/", InstallAddress(repo="me/repo")),
        ("https://github.com/me/repo/tree/dev/plugins/x", InstallAddress(repo="me/repo", branch="dev", plugin_path="plugins/x")),
        ("https://example.org/a/plugin.zip", InstallAddress(url="https://example.org/a/plugin.zip")),
    ],
)
def test_what_an_address_means(url: str, expected: InstallAddress) -> None:
    assert parse(url) == expected


def test_without_a_branch_the_usual_ones_are_tried() -> None:
    assert parse("https://github.com/me/repo").archive_urls("http://127.0.0.1:1") == [
        "http://127.0.0.1:1/me/repo/archive/refs/heads/main.zip",
        "http://127.0.0.1:1/me/repo/archive/refs/heads/master.zip",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "me/repo",
        "ftp://github.com/me/repo",
        "file:///etc/passwd",
        "https://github.com/me",
        "https://github.com/me/repo/blob/main/x.py",
        "https://github.com/../repo",
        "https://user@github.com/me/repo",
        "https://example.org/no-zip",
        "https://[::1",
        "https://github.com/me/repo\n",
        "https://github.com/" + "a" * 600,
    ],
)
def test_what_is_no_address_of_a_plugin(url: str) -> None:
    if url.endswith("\n"):
        assert parse(url).repo == "me/repo"
        return
    with pytest.raises(BadRequest):
        parse(url)


@pytest.mark.parametrize(
    ("name", "value"), [("plugin_path", "../x"), ("plugin_path", "a//b"), ("branch", "a..b"), ("branch", "-x"), ("branch", "a b")]
)
def test_paths_and_branches_are_checked(name: str, value: str) -> None:
    with pytest.raises(BadRequest):
        parse("https://github.com/me/repo", **{name: value})
