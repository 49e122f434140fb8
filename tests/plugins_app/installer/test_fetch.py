"""Downloading: complete, counted and durable, or an error in words and no file."""

from __future__ import annotations

import hashlib
import os
import shutil

import pytest

from plugins_app.exceptions import Cancelled, DiskProblem, NetworkProblem, NotFound, PackageError
from plugins_app.installer import fetch as fetch_module
from plugins_app.installer.fetch import fetch_archive
from plugins_app.store.hosts import HostPolicy
from plugins_app.store.http import HttpClient
from tests.fakes.archives import PLUGINS
from tests.fakes.hub import hub  # noqa: F401 - a fixture

BODY = os.urandom(300_000)


@pytest.fixture
def http():
    client = HttpClient(HostPolicy.of(install_hosts=["127.0.0.1"]))
    yield client
    client.close()


@pytest.fixture
def fetch(http, hub, tmp_path):  # noqa: F811 - the fixture
    hub.answer("/a.zip", BODY, content_type="application/zip")

    def run(*, path: str = "/a.zip", on_progress=lambda done, total: None, is_cancelled=lambda: False):
        return fetch_archive(http, hub.url + path, tmp_path / "new" / "a.zip", on_progress=on_progress, is_cancelled=is_cancelled)

    return run


def test_it_writes_the_whole_body_and_says_how_far_it_is(fetch, tmp_path):
    seen = []
    fetched = fetch(on_progress=lambda done, total: seen.append((done, total)))
    assert (fetched.size, fetched.sha256) == (len(BODY), hashlib.sha256(BODY).hexdigest())
    assert fetched.path.read_bytes() == BODY
    assert seen[-1] == (len(BODY), len(BODY)) and seen == sorted(seen)


def test_a_cut_off_body_is_a_network_problem_and_leaves_nothing(fetch, hub, tmp_path):  # noqa: F811
    hub.add_repository("o/r", {"": PLUGINS / "hello"})
    hub.cut_short("/o/r/archive", keep=100)
    with pytest.raises(NetworkProblem) as caught:
        fetch(path="/o/r/archive/refs/heads/main.zip")
    assert (caught.value.code, caught.value.retryable) == ("cut-short", True)
    assert list((tmp_path / "new").iterdir()) == []


def test_a_missing_archive_leaves_nothing(fetch, tmp_path):
    with pytest.raises(NotFound):
        fetch(path="/other.zip")
    assert list((tmp_path / "new").iterdir()) == []


def test_it_stops_when_asked(fetch, tmp_path):
    with pytest.raises(Cancelled):
        fetch(is_cancelled=lambda: True)
    assert list((tmp_path / "new").iterdir()) == []


def test_it_counts_what_arrives(fetch, monkeypatch):
    monkeypatch.setattr(fetch_module, "MAX_BYTES", 1000)
    with pytest.raises(PackageError) as caught:
        fetch()
    assert caught.value.code == "too-large"


def test_it_wants_three_times_the_room(fetch, monkeypatch):
    free = fetch_module.RESERVE_BYTES + 3 * len(BODY) - 1
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(free, 0, free))
    with pytest.raises(DiskProblem) as caught:
        fetch()
    assert caught.value.code == "disk-full"


def test_a_disk_that_fills_up_is_said_so(http, hub, monkeypatch, tmp_path):  # noqa: F811
    hub.answer("/a.zip", BODY)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskProblem) as caught:
        fetch_archive(http, f"{hub.url}/a.zip", tmp_path / "a.zip", on_progress=lambda *_: None, is_cancelled=lambda: False)
    assert caught.value.code == "disk-full"
    assert not (tmp_path / "a.zip").exists()
