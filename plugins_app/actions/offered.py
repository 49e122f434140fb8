"""The actions of a manifest: what people read on their buttons, and a script that stays inside the plugin's folder (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from plugins_app.exceptions import NotFound
from plugins_app.package.ids import ID_PATTERN
from plugins_app.package.jsonfile import clean_text

MOST = 50


@dataclass(frozen=True, kw_only=True)
class Action:
    """One script that a manifest offers; `is_hidden` ones have no button, `is_oauth` ones are asked for a link before they run."""

    id: str
    script: str
    title: str
    description: str = ""
    button: str = "Run"
    section: str = ""
    success: str = ""
    error: str = ""
    link_words: str = ""
    code_prompt: str = ""
    code_button: str = ""
    is_hidden: bool = False
    is_oauth: bool = False


def actions_of(manifest: Mapping[str, Any]) -> tuple[Action, ...]:
    """Return the actions that a manifest offers and that can be run; others are left out."""
    listed = manifest.get("web_ui_actions")
    found: dict[str, Action] = {}
    for entry in listed[:MOST] if isinstance(listed, list) else []:
        if isinstance(entry, dict) and (action := _action(entry)) is not None:
            found.setdefault(action.id, action)
    return tuple(found.values())


def find_action(manifest: Mapping[str, Any], action_id: str) -> Action:
    """Return one of them; NotFound `no-such-action`."""
    found = next((action for action in actions_of(manifest) if action.id == action_id), None)
    if found is None:
        raise NotFound(f"The plugin offers no action {action_id[:60]!r}.", code="no-such-action", hint="See the list of its actions.")
    return found


def _action(entry: dict[str, Any]) -> Action | None:
    action_id, script = entry.get("id"), entry.get("script")
    is_id = isinstance(action_id, str) and ID_PATTERN.fullmatch(action_id) is not None
    if not is_id or entry.get("type", "script") != "script" or not _is_inside(script):
        return None

    def text(name: str, *, limit: int = 300) -> str:
        return clean_text(entry.get(name), limit=limit)

    return Action(
        id=str(action_id),
        script=str(script),
        title=text("title") or str(action_id).replace("-", " ").replace("_", " ").capitalize(),
        description=text("description", limit=1000),
        button=text("button_text", limit=60) or "Run",
        section=text("section_description", limit=1000),
        success=text("success_message"),
        error=text("error_message"),
        link_words=text("step1_message"),
        code_prompt=text("step2_prompt"),
        code_button=text("step2_button_text", limit=60),
        is_hidden=entry.get("ui_hidden") is True,
        is_oauth=entry.get("oauth_flow") is True,
    )


def _is_inside(script: object) -> bool:
    """Tell whether a text names a Python file below the plugin's folder; whether it is there, and no link, is looked at when it runs."""
    if not isinstance(script, str) or not script.endswith(".py") or len(script) > 200 or not script.isprintable() or "\\" in script:
        return False
    path = PurePosixPath(script)
    return not path.is_absolute() and not any(part.startswith(".") for part in path.parts)
