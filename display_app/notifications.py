"""Notifications: a text or a picture that interrupts the panel for a moment; made, listed and put away here, shown by the director."""

from __future__ import annotations

import base64
import binascii
import io
import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from PIL import Image, UnidentifiedImageError

from display_app import status
from display_app.models import Notification, NotificationState
from display_app.setting_rules import is_number
from plugins_app import audit, wakeup
from plugins_app.exceptions import BadRequest, Conflict, NotFound
from plugins_app.package.jsonfile import clean_text

MOST_WAITING = 20
MOST_TEXT = 300
MOST_IMAGE_BYTES, MOST_IMAGE_SIDE = 512 * 1024, 2048
KEPT_DAYS = 7
PRIORITIES = {"normal": False, "high": True}
PNG_HINT = "Send a PNG in base64, at most 512 KiB and 2048 pixels a side."
DEFAULT_HOLD, DEFAULT_TTL, DEFAULT_COLOUR = 10.0, 300.0, "#ffb000"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def notify(
    *,
    text: str = "",
    image: str = "",
    priority: str = "normal",
    hold: float = DEFAULT_HOLD,
    ttl: float = DEFAULT_TTL,
    colour: str = DEFAULT_COLOUR,
    requested_by: str,
) -> Notification:
    """Show a text, or a picture (a PNG in base64), for `hold` seconds unless its turn comes later than in `ttl` seconds."""
    text = clean_text(" ".join(text.split()), limit=MOST_TEXT)
    if bool(text) == bool(image):
        raise BadRequest("A notification has a text or an image, and not both.", code="bad-notification", hint="Send text, or image.")
    if priority not in PRIORITIES:
        raise BadRequest("The priority is normal or high.", code="bad-priority", hint="Leave it out for normal.")
    if not _COLOUR.fullmatch(colour):
        raise BadRequest("A colour is written like #ffb000.", code="bad-colour", hint="Leave it out for amber.")
    now = timezone.now()
    row = Notification(
        text=text,
        image=_fitted_png(image) if image else b"",
        colour=colour,
        is_urgent=PRIORITIES[priority],
        hold=_seconds("hold", hold, most=3600),
        expires_at=now + timedelta(seconds=_seconds("ttl", ttl, most=86400)),
        requested_by=requested_by,
        created_at=now,
    )
    with transaction.atomic():
        if Notification.objects.filter(state=NotificationState.WAITING).count() >= MOST_WAITING:
            hint = "DELETE /api/v3/display/notifications puts all of them away."
            raise Conflict(f"{MOST_WAITING} notifications are waiting already.", code="too-many-notifications", hint=hint)
        Notification.objects.filter(ended_at__lt=now - timedelta(days=KEPT_DAYS)).delete()
        row.save()
        audit.record(requested_by, "display-notify", text=text)
        wakeup.wake_director()
    return row


def dismiss(number: int | None = None, *, requested_by: str) -> None:
    """Put away one notification, or all that wait or are shown. Raise NotFound `no-such-notification`."""
    with transaction.atomic():
        rows = Notification.objects.filter(state=NotificationState.WAITING)
        if number is not None:
            rows = rows.filter(pk=find(number).pk)
        if rows.update(state=NotificationState.DISMISSED, ended_at=timezone.now()):
            audit.record(requested_by, "display-dismiss", "" if number is None else str(number))
            wakeup.wake_director()


def find(number: int) -> Notification:
    """Return one notification. Raise NotFound `no-such-notification`."""
    row = Notification.objects.filter(pk=number).first()
    if row is None:
        raise NotFound(f"There is no notification {number}.", code="no-such-notification", hint="Ended ones are kept for a week.")
    return row


def describe(rows: list[Notification]) -> list[dict[str, Any]]:
    """Return what the API says of notifications."""
    now = status.read_status()["now"] or {}
    return [_described(row, is_showing=row.state == NotificationState.WAITING and now.get("notification") == row.pk) for row in rows]


def _described(row: Notification, *, is_showing: bool) -> dict[str, Any]:
    return {
        "id": row.pk,
        "text": row.text,
        "has_image": bool(row.image),
        "colour": row.colour,
        "priority": "high" if row.is_urgent else "normal",
        "hold": row.hold,
        "state": "showing" if is_showing else row.state,
        "requested_by": row.requested_by,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "ended_at": row.ended_at,
    }


def _seconds(name: str, value: object, *, most: int) -> float:
    if not is_number(value) or not 1 <= value <= most:  # type: ignore[operator]
        raise BadRequest(f"{name} is a number of seconds from 1 to {most}.", code=f"bad-{name}", hint="Leave it out for the usual time.")
    return float(value)  # type: ignore[arg-type]


def _fitted_png(text: str) -> bytes:
    """Return a picture as a PNG that fits the panel."""
    try:
        data = base64.b64decode(text.partition(",")[2] if text.startswith("data:") else text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadRequest("The image is not base64.", code="bad-image", hint=PNG_HINT) from error
    if len(data) > MOST_IMAGE_BYTES:
        raise BadRequest(f"The image is larger than {MOST_IMAGE_BYTES // 1024} KiB.", code="bad-image", hint=PNG_HINT)
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
            if max(picture.size) > MOST_IMAGE_SIDE:
                raise BadRequest(f"The image is larger than {MOST_IMAGE_SIDE} pixels.", code="bad-image", hint=PNG_HINT)
            return _fit(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BadRequest("The image is no PNG that can be read.", code="bad-image", hint=PNG_HINT) from error


def _fit(picture: Image.Image) -> bytes:
    flat = Image.new("RGBA", picture.size, (0, 0, 0, 255))
    flat.alpha_composite(picture.convert("RGBA"))
    panel = settings.LEDSITE.panel
    flat.thumbnail((panel.width, panel.height))
    out = io.BytesIO()
    flat.convert("RGB").save(out, "PNG")
    return out.getvalue()
