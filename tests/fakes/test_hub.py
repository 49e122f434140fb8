"""The hub is what it says it is: other tests rely on it."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.hub import Hub

REGISTRY = {
    "plugins": [
        {"id": "weather", "repo": "https://github.com/someone/plugins", "branch": "main", "plugin_path": "plugins/ledmatrix-weather"},
        {"id": "clock", "repo": "https://github.com/someone/plugins", "branch": "main", "plugin_path": "plugins/clock"},
        {"id": "alone", "repo": "https://github.com/someone/ledmatrix-alone", "branch": "dev", "plugin_path": ""},
    ]
}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    for name in ("ledmatrix-weather", "clock", "alone"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text(json.dumps({"id": name}))
    server = Hub(registry=REGISTRY, plugins=tmp_path)
    yield server
    server.close()


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        body: bytes = answer.read()
    return body


def get_json(url: str) -> Any:
    return json.loads(get(url))


def test_an_archive_has_one_top_folder_and_the_commit_in_its_comment(hub: Hub) -> None:
    with zipfile.ZipFile(io.BytesIO(get(f"{hub.url}/someone/plugins/archive/refs/heads/main.zip"))) as archive:
        names, comment = archive.namelist(), archive.comment
    assert names == ["plugins-main/", "plugins-main/plugins/ledmatrix-weather/manifest.json", "plugins-main/plugins/clock/manifest.json"]
    assert comment.decode() == get_json(f"{hub.url}/api/repos/someone/plugins/commits/main")["sha"]


def test_a_standalone_repository_has_its_files_at_the_top(hub: Hub) -> None:
    with zipfile.ZipFile(io.BytesIO(get(f"{hub.url}/someone/ledmatrix-alone/archive/refs/heads/dev.zip"))) as archive:
        assert archive.namelist() == ["ledmatrix-alone-dev/", "ledmatrix-alone-dev/manifest.json"]


def test_a_standalone_repository_is_found_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "ledmatrix-weather").mkdir()
    (tmp_path / "ledmatrix-weather" / "manifest.json").write_text("{}")
    entry = {"id": "weather", "repo": "https://github.com/someone/ledmatrix-weather", "branch": "main", "plugin_path": ""}
    server = Hub(registry={"plugins": [entry]}, plugins=tmp_path)
    server.close()
    assert "someone/ledmatrix-weather" in server.repositories


def test_a_changed_file_changes_its_own_tree_and_the_commit_only(hub: Hub, tmp_path: Path) -> None:
    def trees() -> dict[str, str]:
        return {row["path"]: row["sha"] for row in get_json(f"{hub.url}/api/repos/someone/plugins/git/trees/main:plugins")["tree"]}

    before, commit = trees(), hub.repositories["someone/plugins"].commit()
    (tmp_path / "clock" / "new.py").write_text("x = 1\n")
    after = trees()
    assert before["ledmatrix-weather"] == after["ledmatrix-weather"]
    assert before["clock"] != after["clock"]
    assert hub.repositories["someone/plugins"].commit() != commit


def test_the_api_answers_until_its_budget_is_used_up(hub: Hub) -> None:
    hub.api_budget = 2
    assert get_json(f"{hub.url}/api/repos/someone/plugins")["default_branch"] == "main"
    assert len(get_json(f"{hub.url}/api/repos/someone/plugins/commits?path=plugins/clock")) == 1
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(f"{hub.url}/api/repos/someone/plugins")
    with caught.value as answer:
        assert (answer.code, answer.headers["X-RateLimit-Remaining"]) == (403, "0")


@pytest.mark.parametrize(
    "path", ["/someone/plugins/archive/refs/heads/other.zip", "/nobody/x/archive/refs/heads/main.zip", "/api/repos/a/b", "/x"]
)
def test_what_is_not_there_is_404(hub: Hub, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(f"{hub.url}{path}")
    with caught.value as answer:
        assert answer.code == 404


def test_rules_count_down_and_heal(hub: Hub) -> None:
    hub.fail("/registry", status=500, times=1)
    hub.answer("/raw", b"always")
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(hub.registry_url)
    caught.value.close()
    assert get_json(hub.registry_url) == REGISTRY
    assert get(f"{hub.url}/raw/anything") == b"always"
    hub.heal()
    assert get(f"{hub.url}/raw/someone/plugins/main/plugins/clock/manifest.json") == b'{"id": "clock"}'
    assert hub.total("/registry") == 2
