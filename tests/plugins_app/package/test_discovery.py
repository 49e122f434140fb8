"""Discovery: bad folders are listed with their reason and never hide good ones."""

from __future__ import annotations

import json

from plugins_app.package.discovery import scan, signature
from tests.fakes.archives import make_tree, manifest, plugin_files


def test_every_folder_with_a_manifest_is_found_and_nothing_else(tmp_path):
    for name in ("good", ".hidden", "good.standalone-backup-1"):
        make_tree(tmp_path / name, plugin_files("good"))
    make_tree(tmp_path / "bad", {"manifest.json": "{"})
    make_tree(tmp_path / "other", {"notes.txt": ""})
    make_tree(tmp_path, {"manifest.json": "{}"})
    (tmp_path / "link").symlink_to(tmp_path / "good")
    found = scan(tmp_path)
    assert [(folder.name, folder.manifest is not None, folder.problem is None) for folder in found] == [
        ("bad", False, False),
        ("good", True, True),
    ]
    assert scan(tmp_path / "nowhere") == []


def test_an_edited_manifest_changes_the_signature(tmp_path):
    make_tree(tmp_path, {"manifest.json": json.dumps(manifest())})
    before = signature(tmp_path)
    make_tree(tmp_path, {"manifest.json": json.dumps(manifest(version="1.0.10"))})
    assert before != signature(tmp_path) != ""
    assert signature(tmp_path / "nowhere") == ""
