"""What is read out of registry files, good and bad."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from plugins_app.exceptions import NetworkProblem
from plugins_app.store.registry_file import FileEntry, parse_registry

GOOD: dict[str, Any] = {"id": "clock", "repo": "https://github.com/someone/clock"}


def parse(*entries: Any) -> Any:
    return parse_registry(json.dumps({"plugins": entries}).encode())


def test_a_monorepo_entry() -> None:
    item = {
        "id": "weather",
        "name": "Weather",
        "description": "Rain or shine",
        "author": "Someone",
        "category": "weather",
        "tags": ["rain", "sun"],
        "repo": "https://github.com/Someone/plugins.git",
        "branch": "main",
        "plugin_path": "plugins/ledmatrix-weather",
        "latest_version": "2.1.0",
        "stars": 3,
        "downloads": 4,
        "last_updated": "2026-06-02",
        "verified": True,
        "screenshot": "https://example.com/a.png",
        "icon": "fa-cloud",
    }
    file = parse(item)
    assert file.entries == (
        FileEntry(
            registry_id="weather",
            name="Weather",
            description="Rain or shine",
            author="Someone",
            category="weather",
            tags=("rain", "sun"),
            repo="https://github.com/Someone/plugins",
            branch="main",
            plugin_path="plugins/ledmatrix-weather",
            latest_version="2.1.0",
            stars=3,
            downloads=4,
            last_updated="2026-06-02",
            verified=True,
            screenshot="https://example.com/a.png",
            raw=item,
        ),
    )
    assert file.digest == hashlib.sha256(json.dumps({"plugins": [item]}).encode()).hexdigest()


def test_a_standalone_entry_takes_its_version_from_the_newest() -> None:
    entry = parse({**GOOD, "plugin_path": "", "versions": [{"version": "1.2.0", "ledmatrix_min": "2.0.0"}, {"version": "1.1.0"}]}).entries[
        0
    ]
    assert (entry.plugin_path, entry.latest_version, len(entry.versions)) == ("", "1.2.0", 2)


def test_fields_of_other_types_are_left_out_not_the_entry() -> None:
    entry = parse(
        {
            **GOOD,
            "name": 7,
            "tags": "many",
            "stars": "many",
            "verified": "yes",
            "latest_version": 2.5,
            "versions": {},
            "screenshot": "javascript:x",
        }
    ).entries[0]
    assert (entry.name, entry.tags, entry.stars, entry.verified, entry.latest_version) == ("7", (), 0, False, "2.5")
    assert (entry.versions, entry.screenshot) == ((), "")


def test_texts_are_cleaned_and_limited() -> None:
    body = (
        b'{"plugins": [{"id": "clock", "repo": "https://github.com/a/b", "name": "a\\u0000b\\ud800", "stars": 1e400, "description": "%s"}]}'
    )
    entry = parse_registry(body.replace(b"%s", b"x" * 9000)).entries[0]
    assert (entry.name, len(entry.description), entry.stars) == ("a b", 4000, 0)


@pytest.mark.parametrize("value", [b"1e999", b"-1e999", b"9" * 4000, b"[" * 900 + b"]" * 900, b'{"a":' * 300 + b"1" + b"}" * 300])
def test_what_no_database_takes_is_left_out_not_the_entry(value: bytes) -> None:
    body = b'{"plugins": [{"id": "clock", "repo": "https://github.com/a/b", "versions": [{"version": "1.0", "x": %s}]}]}'
    (entry,) = parse_registry(body.replace(b"%s", value)).entries
    assert (entry.registry_id, entry.latest_version, entry.versions, entry.raw) == ("clock", "1.0", (), {})


def test_halves_of_characters_are_marked_wherever_they_stand() -> None:
    told = {"compatible_versions": [">=9\ud800"], "versions": [{"version": "1", "notes": "\udfff"}]}
    (entry,) = parse({**GOOD, **told}).entries
    assert (entry.raw["compatible_versions"], entry.versions) == ([">=9?"], ({"version": "1", "notes": "?"},))


@pytest.mark.parametrize(
    "repo", ["https://github.com/a/b", "https://github.com/a/b/", "https://github.com/a/b.git", "http://www.github.com/a/b"]
)
def test_every_spelling_of_a_repository_is_one_name(repo: str) -> None:
    assert parse({**GOOD, "repo": repo}).entries[0].repo == "https://github.com/a/b"


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"id": 7},
        {"id": "../up"},
        {"id": "display"},
        {"id": "a" * 64},
        {"repo": None},
        {"repo": "https://gitlab.com/a/b"},
        {"repo": "https://github.com.evil.example/a/b"},
        {"repo": "https://github.com/a"},
        {"repo": "https://github.com/a/.."},
        {"repo": "https://github.com/a/b/../../c/d"},
        {"repo": "https://github.com/a/b?x=1"},
        {"branch": "../main"},
        {"branch": ["main"]},
        {"plugin_path": "../../etc"},
        {"plugin_path": "plugins/../../etc"},
        {"plugin_path": "plugins\\x"},
        {"plugin_path": "C:/x"},
        {"plugin_path": 7},
    ],
)
def test_a_bad_entry_is_dropped_with_its_reason_and_hides_nothing(change: dict[str, Any]) -> None:
    file = parse({**GOOD, **change}, {**GOOD, "id": "other"})
    assert [entry.registry_id for entry in file.entries] == ["other"]
    assert file.dropped[0]["index"] == 0
    assert file.dropped[0]["reason"]


def test_the_first_of_two_with_one_id_counts() -> None:
    file = parse({**GOOD, "name": "First"}, {**GOOD, "id": "CLOCK", "name": "Second"})
    assert [entry.name for entry in file.entries] == ["First"]
    assert file.dropped == ({"index": 1, "id": "CLOCK", "reason": "an entry with this id came before"},)


def test_what_is_no_plugin_is_skipped_silently() -> None:
    file = parse({"id": "dark", "type": "skin"}, GOOD)
    assert (len(file.entries), file.dropped) == (1, ())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html><html></html>",
        b"\n  <HTML>",
        b"[]",
        b"7",
        b"null",
        b'{"plugins": {}}',
        b'{"other": []}',
        b'{"plugins": [{"id": "clo',
        b"\xff\xfe\x00",
        b"[" * 200_000,
        b'{"plugins": [' + b"9" * 5000 + b"]}",
        b" " * (20 * 1024 * 1024 + 1),
    ],
)
def test_what_is_no_registry_is_worth_another_try(body: bytes) -> None:
    with pytest.raises(NetworkProblem) as caught:
        parse_registry(body)
    assert caught.value.code == "registry-invalid"


def test_a_byte_order_mark_is_forgiven() -> None:
    assert parse_registry(b"\xef\xbb\xbf" + json.dumps({"plugins": [GOOD]}).encode()).entries


@pytest.mark.parametrize(("name", "count"), [("monorepo-2026-06.json", 34), ("standalone-2025-10.json", 18)])
def test_the_registries_of_others_are_read_whole(registry_data: Path, name: str, count: int) -> None:
    file = parse_registry((registry_data / name).read_bytes())
    assert (len(file.entries), file.dropped) == (count, ())
