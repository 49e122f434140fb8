"""Manifests, registries and schemas that say anything are taken or refused in our words; nothing else happens."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from plugins_app.config.defaults import defaults_of
from plugins_app.config.form import build_form, parse_form
from plugins_app.config.secret_paths import secret_paths
from plugins_app.config.validation import validate
from plugins_app.exceptions import LedsiteError
from plugins_app.package.compatibility import incompatibility
from plugins_app.package.jsonfile import parse_json
from plugins_app.package.manifest import parse_manifest
from plugins_app.package.schema import normalise
from plugins_app.store.registry_file import parse_registry
from tests.fakes.samples import entry
from tests.fuzz.documents import anything, spoiled
from tests.fuzz.runner import run

pytestmark = pytest.mark.timeout(3600)

SAMPLE = Path(__file__).resolve().parents[1] / "plugins" / "needs_config"
MANIFEST = json.loads((SAMPLE / "manifest.json").read_text())
REGISTRY = {"version": "1.0.0", "plugins": [entry("alpha"), entry("beta", versions=[{"version": "1.0.0"}])]}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "default": "a", "maxLength": 9, "pattern": "^a"},
        "colour": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 255}, "default": [1, 2, 3]},
        "mode": {"enum": ["a", "b"], "required": True},
        "deep": {"type": "object", "properties": {"api_key": {"type": ["string", "null"]}}, "required": ["api_key"]},
        "rows": {"type": "array", "items": {"type": "object", "properties": {"password": {"type": "string"}}}},
    },
}


def document(good: Any, dice: random.Random) -> Any:
    return spoiled(good, dice) if dice.random() < 0.8 else anything(dice)


def as_read(document: Any) -> Any:
    """Return a document as it comes out of a file; raise PackageError for what JSON cannot say or nobody can store."""
    return parse_json(json.dumps(document).encode(), name="document.json", code="bad")


def of_manifest(dice: random.Random) -> str:
    try:
        manifest = parse_manifest(as_read(document(MANIFEST, dice)))
    except LedsiteError:
        return "refused"
    incompatibility(manifest.raw)
    return "taken"


def of_registry(dice: random.Random) -> str:
    body = json.dumps(document(REGISTRY, dice)).encode()
    if dice.random() < 0.1:
        body = body[: dice.randrange(len(body) + 1)] + bytes(dice.randrange(256) for _ in range(dice.randrange(9)))
    try:
        return "entries" if parse_registry(body).entries else "no entries"
    except LedsiteError:
        return "refused"


def of_schema(dice: random.Random) -> str:
    values = None if dice.random() < 0.5 else anything(dice)
    try:
        raw, values = as_read(document(SCHEMA, dice)), as_read(values)
        if not isinstance(raw, dict):
            return "refused"
        schema = normalise(raw)
        assert repr(normalise(schema)) == repr(schema)
        values = values if isinstance(values, dict) else defaults_of(schema)
        problems = validate(schema, values)
        secret_paths(schema, values)
        fields = build_form(schema, values, problems=problems)
        parse_form(schema, {field.name: ["x"] for field in fields if dice.random() < 0.5}, values)
    except LedsiteError:
        return "refused"
    return "valid" if not problems else "problems"


def test_manifests() -> None:
    assert set(run("manifests", of_manifest, few=1500, many=40_000)) == {"taken", "refused"}


def test_registries() -> None:
    assert set(run("registries", of_registry, few=1000, many=30_000)) == {"entries", "no entries", "refused"}


def test_schemas() -> None:
    assert {"valid", "problems"} <= set(run("schemas", of_schema, few=500, many=30_000))
