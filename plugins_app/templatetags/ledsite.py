"""Template filters: states in words and colours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils import timezone
from django.utils.timesince import timesince

from plugins_app.models import Operation
from plugins_app.panel import read_panel

register = template.Library()

STATE_WORDS = {
    "showing": "On the panel",
    "ready": "Ready",
    "starting": "Starting",
    "disabled": "Off",
    "needs-configuration": "Needs settings",
    "offline": "Offline",
    "backed-off": "Waiting after errors",
    "quarantined": "Stopped after crashes",
    "broken": "Broken",
    "missing": "Files missing",
    "incompatible": "Not compatible",
}
TONES = {
    "good": {"showing", "ready", "succeeded"},
    "busy": {"starting", "running", "queued"},
    "warn": {"needs-configuration", "offline", "backed-off", "cancelled"},
    "bad": {"quarantined", "broken", "missing", "incompatible", "failed"},
}
KIND_WORDS = {
    "install": "Install",
    "update": "Update",
    "uninstall": "Uninstall",
    "undo-uninstall": "Bring back",
    "rollback": "Go back to the earlier version",
    "refresh": "Refresh the store",
    "reconcile": "Check the plugins",
    "purge": "Delete for good",
    "preview": "Draw a preview",
}
TITLES = {
    "undo-uninstall": "Bring %s back",
    "rollback": "Take %s back to its earlier version",
    "purge": "Delete %s for good",
    "preview": "Draw a preview of %s",
}
FINDING_WORDS = {
    "missing": "Files missing",
    "damaged": "Files damaged",
    "foreign-folder": "Another folder in its place",
    "no-receipt": "Origin unknown",
    "version-mismatch": "Another version",
    "invalid-settings": "Settings do not fit",
    "interrupted-operation": "Not finished",
    "orphaned-dependencies": "Left over",
    "unknown-folder": "Unknown folder",
    "adoptable-folder": "New folder",
}
ACTION_WORDS = {"retry": "Install again", "adopt": "Keep as it is", "remove": "Remove", "ignore": "Ignore"}
RETRY_WORDS = {"invalid-settings": "Use defaults", "interrupted-operation": "Go on"}
PHASE_WORDS = {
    "queued": "waiting for its turn",
    "claimed": "downloading",
    "fetched": "unpacking and checking",
    "staged": "preparing",
    "stored": "switching over",
    "committed": "putting into place",
    "stopped": "putting into place",
    "done": "finished",
}
DRAWING_WORDS = PHASE_WORDS | {"staged": "drawing it"}
WORDS_OF_KIND = {
    "uninstall": "taking it off the panel",
    "undo-uninstall": "putting it back into place",
    "rollback": "putting it into place",
    "purge": "deleting",
    "refresh": "asking the registries",
    "reconcile": "comparing the disk with what should be there",
}


@register.inclusion_tag("plugins_app/safe_mode.html", takes_context=True)
def safe_mode_banner(context: Context) -> dict[str, Any]:
    """Say on every page that the panel is in safe mode, with the way out."""
    return {"safe_mode": read_panel(settings.LEDSITE.run_dir).safe_mode, "is_operator": context.get("is_operator")}


@register.filter
def state_words(state: str) -> str:
    """Say a plugin's state in words."""
    return STATE_WORDS.get(state, state)


@register.filter
def kind_words(kind: str) -> str:
    """Say what an operation does."""
    return KIND_WORDS.get(kind, kind)


@register.filter
def operation_words(operation: Operation) -> str:
    """Say what an operation does, to what."""
    if not operation.plugin_id:
        return kind_words(operation.kind)
    words = "Install %s again" if operation.arguments.get("repair") else TITLES.get(operation.kind, f"{kind_words(operation.kind)} %s")
    chosen = operation.arguments.get("version")
    return words % operation.plugin_id + (f" to version {chosen}" if chosen and operation.kind == "update" else "")


@register.filter
def version_words(operation: Operation) -> str:
    """Say which version an operation brought, in place of which."""
    before, after = (operation.journal.get("versions") or ["", ""])[:2]
    if operation.kind == "update" and "generation" not in operation.journal:
        return "nothing newer"
    return f"{before} → {after}" if before and after and before != after else after


@register.filter
def finding_words(kind: str) -> str:
    """Say what was found."""
    return FINDING_WORDS.get(kind, kind)


@register.filter
def action_words(action: str, kind: str) -> str:
    """Say what a button does about a kind of finding."""
    return RETRY_WORDS[kind] if action == "retry" and kind in RETRY_WORDS else ACTION_WORDS.get(action, action)


@register.filter
def phase_words(operation: Operation) -> str:
    """Say what an operation is doing."""
    if operation.phase != "queued" and (words := WORDS_OF_KIND.get(operation.kind)):
        return words
    words_of_phase = DRAWING_WORDS if operation.kind == "preview" else PHASE_WORDS
    return words_of_phase.get(operation.phase, operation.phase)


@register.filter
def tone(state: str) -> str:
    """Return the colour of a state: good, busy, warn, bad or calm."""
    return next((name for name, states in TONES.items() if state in states), "calm")


@register.filter
def ago(moment: Any) -> str:
    """Say how long ago a moment was; the moment may be ISO text. Coarse, so that pages do not change every second."""
    when = _moment(moment)
    if when is None:
        return ""
    seconds = (timezone.now() - when).total_seconds()
    if seconds < 60:
        return "just now"
    return f"{timesince(when, depth=1)} ago"


@register.filter
def age(moment: Any) -> str:
    """Say how long ago something was of which the day is known; the day itself while the clock is behind it."""
    when = _moment(moment)
    if when is None:
        return str(moment or "")
    days = (timezone.now() - when).days
    if days < -1:
        return when.date().isoformat()
    return f"{timesince(when, depth=1)} ago" if days > 0 else "today"


@register.filter
def thousands(number: Any) -> str:
    """Write a number with commas, as 4,000."""
    return f"{number:,}" if isinstance(number, int) else str(number or "")


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
