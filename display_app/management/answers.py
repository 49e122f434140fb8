"""Recorded answers on the command line: `--answers FILE` reads them, `--record FILE` writes them."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from display_app.authoring.answer_file import Example, parse_example, to_example
from display_app.authoring.rendering import Rendering
from display_app.authoring.stage import Scene
from display_app.management.authoring import json_object
from plugins_app.config.pointers import value_at
from plugins_app.config.secret_paths import secret_paths
from plugins_app.exceptions import PackageError
from plugins_app.package.schema import normalise, read_schema


def add_answer_arguments(parser: CommandParser) -> None:
    """Name the two; together they make no sense."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--answers", type=example, default=Example(), help="recorded HTTP answers: a file; everything else is refused")
    group.add_argument("--record", type=Path, metavar="FILE", help="let the plugin into the web once, and keep what it answers in FILE")


def example(text: str) -> Example:
    """Read recorded answers, given as JSON or as the name of a file."""
    try:
        return parse_example(json_object(text))
    except ValueError as error:
        raise ArgumentTypeError(f"the recorded answers cannot be used: {error}") from error


def write_recording(target: Path, rendering: Rendering, *, scene: Scene, config: dict[str, Any], at: float) -> str:
    """Write what the web answered, without secrets, and say so; CommandError when it cannot be written."""
    body = to_example(rendering.exchanges, secrets=_secrets(scene), config=config, at=at)
    try:
        target.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise CommandError(f"The recording cannot be written: {error}") from error
    count = len(rendering.exchanges)
    return f"{target}: {count} request{'' if count == 1 else 's'} recorded. Look through it before you publish it."


def _secrets(scene: Scene) -> Iterator[str]:
    try:
        schema = normalise(read_schema(scene.folder))
    except PackageError:
        schema = {}
    for pointer in secret_paths(schema, scene.settings):
        value = value_at(scene.settings, pointer)
        if isinstance(value, str):
            yield value
