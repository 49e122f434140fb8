"""Takes over the GitHub token: one that is set here stays, and the environment's needs no other."""

from __future__ import annotations

from django.db import transaction

from plugins_app.exceptions import BadRequest
from plugins_app.ledmatrix import record
from plugins_app.store.token import configured_token, digest_of, set_token, token_state

POINTER = "/github/api_token"
TAKEN, SAME, KEPT, REFUSED = "taken", "same", "kept", "refused"


def plan_token(token: str, *, overwrite: bool) -> str:
    """Say what becomes of a token that was found: taken, same or kept; empty when none was."""
    present = configured_token()
    if not token:
        return ""
    if present == token:
        return SAME
    left = record.marks_of(record.PANEL).get(POINTER, "")
    may_be_replaced = not present or (token_state().origin == "stored" and (overwrite or left == digest_of(present)))
    return TAKEN if may_be_replaced else KEPT


def take_over_token(token: str, *, overwrite: bool, requested_by: str) -> str:
    """Do it, and say the same; `refused` when it cannot be a token."""
    planned = plan_token(token, overwrite=overwrite)
    try:
        with transaction.atomic():
            if planned == TAKEN:
                set_token(token, requested_by=requested_by)
            if planned in (TAKEN, SAME):
                record.remember(record.PANEL, {POINTER: digest_of(token)})
    except BadRequest:
        return REFUSED
    return planned


def stored_token() -> str:
    """Return the token that an administrator has set here, empty when there is none or it is the environment's."""
    return configured_token() if token_state().origin == "stored" else ""
