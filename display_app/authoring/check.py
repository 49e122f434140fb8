"""Checks a plugin as its author would want it checked before anybody installs it: its files, then every mode at five sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from display_app.authoring.findings import Finding, Level, merged, of_load, of_mode
from display_app.authoring.rendering import Rendering
from display_app.authoring.stage import Scene, render
from plugins_app.config.defaults import defaults_of
from plugins_app.config.secret_paths import has_secret_name
from plugins_app.config.validation import validate
from plugins_app.exceptions import PackageError
from plugins_app.package.compatibility import incompatibility
from plugins_app.package.manifest import Manifest, read_manifest
from plugins_app.package.schema import normalise, read_schema

SIZES = ((64, 32), (128, 32), (192, 48), (128, 64), (256, 64))
AT = datetime(2025, 9, 24, 22, 58, 59, tzinfo=UTC).timestamp()  # a Wednesday, late: long names and wide digits
SECONDS = 3.0
EXPECTED = ("name", "version", "author", "description", "class_name")


def check_files(folder: Path, *, has_deps: bool = False) -> tuple[Manifest | None, list[Finding]]:
    """Read manifest, schema and requirements; the manifest is None when it cannot be used."""
    try:
        manifest = read_manifest(folder)
    except PackageError as error:
        return None, [Finding(Level.ERROR, "manifest.json", error.message, "Without it nothing can be installed.", error.hint)]
    found = [*_manifest_findings(manifest, folder), *_schema_findings(folder)]
    return manifest, found if has_deps else [*found, *_requirement_findings(folder)]


def check_screens(
    scene: Scene, *, sizes: tuple[tuple[int, int], ...] = SIZES, on_rendering: Callable[[Rendering], None] = lambda one: None
) -> list[Finding]:
    """Let the plugin perform at every size, at a fixed time and without network, and judge what is seen."""
    findings: list[Finding] = []
    at = AT if scene.at is None else scene.at
    for width, height in sizes:
        rendering = render(replace(scene, width=width, height=height, at=at, seconds=SECONDS, watch_texts=True))
        on_rendering(rendering)
        findings += of_load(rendering)
        for mode in rendering.modes.values():
            findings += of_mode(mode, rendering)
        if rendering.failed_at in ("import", "class"):
            break  # it would say the same at every size
    return merged(findings, len(sizes))


def _manifest_findings(manifest: Manifest, folder: Path) -> Iterator[Finding]:
    where, raw = "manifest.json", manifest.raw
    missing = [name for name in EXPECTED if not raw.get(name)]
    if missing:
        text = f"It does not say {', '.join(missing)}."
        yield Finding(Level.WARNING, where, text, "The store and the pages show it.", "Add it.")
    if not raw.get("display_modes"):
        text = f"It names no display_modes; the only mode is {manifest.id}."
        yield Finding(Level.WARNING, where, text, "Other software may show nothing.", f'Add "display_modes": ["{manifest.id}"].')
    if problem := incompatibility(raw):
        yield Finding(Level.ERROR, where, problem, "It is not offered for installation.", "Lower the version that it asks for.")
    if (name := folder.resolve().name) != manifest.id:
        text = f"The folder is called {name}, the plugin {manifest.id}."
        yield Finding(Level.NOTE, where, text, f"It is installed as {manifest.id}.", "Call both the same.")


def _schema_findings(folder: Path) -> Iterator[Finding]:
    where = "config_schema.json"
    try:
        raw = read_schema(folder)
    except PackageError as error:
        yield Finding(Level.ERROR, where, error.message, "The page of its settings cannot be built.", error.hint)
        return
    if not raw:
        yield Finding(Level.NOTE, where, "There is none.", "The plugin has no settings.", "Fine, if it needs none.")
        return
    schema = normalise(raw)
    for problem in validate(schema, defaults_of(schema))[:10]:
        text = f"Its own defaults do not fit at {problem.path or 'the top'}: {problem.message}"
        yield Finding(Level.WARNING, where, text, "Whoever saves the form is told of it.", "Change the default, or the rule.")
    if open_secrets := sorted(set(_unmarked_secrets(schema))):
        text = f'These look like secrets and are not marked "x-secret": true: {", ".join(open_secrets)}.'
        yield Finding(Level.WARNING, where, text, "Other software may store and show them openly.", "Mark them.")


def _requirement_findings(folder: Path) -> Iterator[Finding]:
    """Name what requirements.txt asks for and this installation does not have."""
    try:
        lines = (folder / "requirements.txt").read_text("utf-8", "replace").splitlines()
    except OSError:
        return
    missing = sorted({name for name in map(_required_name, lines) if name and not _is_here(name)})
    if missing:
        why = "What needs them fails here; an installation brings them."
        do = "pip install --target FOLDER -r requirements.txt, then --deps FOLDER."
        yield Finding(Level.NOTE, "requirements.txt", f"These packages are not here: {', '.join(missing)}.", why, do)


def _required_name(line: str) -> str:
    text = line.partition("#")[0].strip()
    try:
        wanted = Requirement(text)
    except InvalidRequirement:
        return ""
    return wanted.name if wanted.marker is None or wanted.marker.evaluate() else ""


def _is_here(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _unmarked_secrets(schema: Any) -> Iterator[str]:
    properties = schema.get("properties") if isinstance(schema, dict) else None
    for name, part in properties.items() if isinstance(properties, dict) else ():
        if isinstance(part, dict):
            if part.get("type") == "string" and has_secret_name(name) and not part.get("x-secret"):
                yield name
            yield from _unmarked_secrets(part)
