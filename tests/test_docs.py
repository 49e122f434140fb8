"""The documents against the code: rooms, settings, commands and links that they name exist, and the other way round."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*BASE_DIR.glob("*.md"), *(BASE_DIR / "docs").glob("*.md")])
UNNAMED = {"models", "migrations", "management", "templates", "static", "templatetags", "__pycache__"}  # Django's own words


def rooms() -> dict[str, str]:
    """Read the table of rooms: every path that it names, with its line."""
    section = (BASE_DIR / "docs" / "architecture.md").read_text().split("## Rooms")[1].split("\n## ")[0]
    found: dict[str, str] = {}
    for cell, text in re.findall(r"^\| (`[^|]+`) \| (.+) \|$", section, flags=re.M):
        app = ""
        for path in re.findall(r"`([^`]+)`", cell):
            app = path.split("/")[0] if path.startswith(("ledsite/", "plugins_app/", "display_app/")) else app
            found[path if path.startswith(app) else f"{app}/{path}"] = text.strip()
    return found


def names_in(text: str) -> set[str]:
    """Find the names of settings."""
    return set(re.findall(r"\b(?:LEDSITE_[A-Z_]+|DATABASE_URL|REDIS_URL)\b", text))


def test_every_room_on_the_page_is_there():
    missing = [path for path in rooms() if not (BASE_DIR / path.replace("<id>/", "")).exists()]
    assert missing == []


def test_every_package_is_on_the_page():
    named = {path.rstrip("/") for path in rooms()}
    packages = {
        f"{app}/{folder.name}"
        for app in ("plugins_app", "display_app")
        for folder in (BASE_DIR / app).iterdir()
        if folder.is_dir() and folder.name not in UNNAMED and any(folder.rglob("*.py"))
    }
    covered = {path.replace("/<id>", "").replace("compat/src", "compat") for path in named} | named
    assert packages - covered == set()


def test_every_setting_is_documented():
    code = names_in((BASE_DIR / "ledsite" / "env.py").read_text())
    documented = names_in((BASE_DIR / "docs" / "configuration.md").read_text())
    assert code == documented


def test_the_example_environment_uses_names_that_exist():
    example = names_in((BASE_DIR / "deploy" / "environment.example").read_text())
    assert example - names_in((BASE_DIR / "ledsite" / "env.py").read_text()) == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_make_and_manage_commands_that_are_named_exist(document):
    text = document.read_text()
    targets = set(re.findall(r"^([a-z-]+):", (BASE_DIR / "Makefile").read_text(), flags=re.M))
    named = set(re.findall(r"^    make ([a-z-]+)", text, flags=re.M)) | set(re.findall(r"`make ([a-z-]+)`", text))
    commands = {path.stem for path in BASE_DIR.glob("*/management/commands/*.py")} | {"check", "changepassword", "migrate"}
    manage = set(re.findall(r"manage\.py ([a-z]+)", text))
    assert (named - targets, manage - commands) == (set(), set())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text())
    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert missing == []
