"""A host spec's way through JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from display_app.runtime.spec import HostSpec
from plugins_app.exceptions import BadRequest


def test_it_comes_back_from_json_as_it_was(make_spec: Callable[..., HostSpec]) -> None:
    spec = make_spec(config={"a": [1, {"b": None}]}, generation="op1-1", global_config={"timezone": "UTC"})
    assert HostSpec.from_dict(json.loads(json.dumps(spec.to_dict()))) == spec


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("root/plugin-repos/sample", "root/plugin-repos"),
        ("root/plugin-repos/.ledsite/staging/op1-1/tree", "root/plugin-repos"),
        ("root/sample", "root"),
        ("elsewhere/sample", "elsewhere"),
    ],
)
def test_the_folder_of_installed_plugins(make_spec: Callable[..., HostSpec], folder: str, expected: str) -> None:
    spec = make_spec(root=Path("/x/root"), folder=Path("/x") / folder)
    assert spec.plugin_dir == Path("/x") / expected


@pytest.mark.parametrize(
    "change", [{"width": "64"}, {"width": True}, {"height": 0}, {"folder": 3}, {"config": []}, {"manifest": None}, {"plugin_id": None}]
)
def test_wrong_types_are_refused(make_spec: Callable[..., HostSpec], change: dict[str, Any]) -> None:
    with pytest.raises(BadRequest, match=f"{next(iter(change))}|pixels"):
        HostSpec.from_dict(make_spec().to_dict() | change)


@pytest.mark.parametrize("name", ["plugin_id", "folder", "root", "entry_point", "class_name", "manifest", "config", "width", "cache_dir"])
def test_missing_facts_are_named(make_spec: Callable[..., HostSpec], name: str) -> None:
    data = make_spec().to_dict()
    del data[name]
    with pytest.raises(BadRequest, match=f"lacks '{name}'"):
        HostSpec.from_dict(data)


def test_optional_facts_may_be_missing_and_unknown_ones_are_ignored(make_spec: Callable[..., HostSpec]) -> None:
    data = make_spec().to_dict() | {"from-the-future": 1}
    del data["global_config"], data["generation"]
    spec = HostSpec.from_dict(data)
    assert (spec.global_config, spec.generation) == ({}, "")


def test_a_list_is_no_spec() -> None:
    with pytest.raises(BadRequest, match="JSON object"):
        HostSpec.from_dict([])
