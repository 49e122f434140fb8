"""What may be a plugin id: the one rule that serializers, models and path functions share."""

from __future__ import annotations

import re

from plugins_app.exceptions import BadRequest

ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
RESERVED_IDS = frozenset(
    [
        "display",
        "schedule",
        "timezone",
        "plugin_system",
        "display_modes",
        "system",
        "hardware",
        "debug",
        "log_level",
        "emulator",
        "web_interface",
    ]
)


def is_valid_id(text: object) -> bool:
    """Tell whether `text` may be a plugin id: pattern, no `..`, no trailing dot, not reserved."""
    return (
        isinstance(text, str)
        and ID_PATTERN.fullmatch(text) is not None
        and ".." not in text
        and not text.endswith(".")
        and text.lower() not in RESERVED_IDS
    )


def check_id(text: object) -> str:
    """Return `text` when it may be a plugin id; raise BadRequest `bad-plugin-id` when not."""
    if is_valid_id(text):
        return str(text)
    raise BadRequest(
        f"{str(text)[:80]!r} cannot be a plugin id.",
        code="bad-plugin-id",
        hint="Ids have 1 to 63 letters, digits, dots, dashes or underscores, begin with a letter or digit, and are not reserved words.",
    )
