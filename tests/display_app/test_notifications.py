"""Notifications: what is taken, what is refused, and what the API says of them."""

from __future__ import annotations

import base64
import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image

from display_app import notifications
from display_app.models import Notification, NotificationState
from plugins_app.access import Role
from plugins_app.exceptions import BadRequest, Conflict
from plugins_app.models import AuditEntry
from tests.fakes.people import client_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v3/display/notifications"


def png(width: int, height: int, *, kind: str = "PNG") -> str:
    out = io.BytesIO()
    Image.new("RGBA", (width, height), (255, 0, 0, 255)).convert("RGB").save(out, kind)
    return base64.b64encode(out.getvalue()).decode()


def test_a_text_is_taken_listed_and_put_away() -> None:
    client = client_of(Role.OPERATOR)
    answer = client.post(ADDRESS, {"text": " the  bell\nrang ", "priority": "high", "hold": 5, "colour": "#00ff00"}, format="json")
    assert answer.status_code == 202
    assert answer.json() | {"created_at": "", "expires_at": "", "id": 0} == {
        "id": 0, "text": "the bell rang", "has_image": False, "colour": "#00ff00", "priority": "high", "hold": 5.0, "state": "waiting",
        "requested_by": "operator", "created_at": "", "expires_at": "", "ended_at": None,
    }  # fmt: skip
    assert client.get(answer.headers["Location"]).json()["id"] == answer.json()["id"]
    assert client.get(ADDRESS).json()["count"] == 1
    assert client.delete(answer.headers["Location"]).status_code == 204
    assert client.get(answer.headers["Location"]).json()["state"] == "dismissed"
    assert list(AuditEntry.objects.order_by("pk").values_list("what", flat=True)) == ["display-notify", "display-dismiss"]


def test_all_are_put_away_at_once_and_an_unknown_one_is_not_found() -> None:
    client = client_of(Role.OPERATOR)
    for text in ("a", "b"):
        client.post(ADDRESS, {"text": text}, format="json")
    assert client.delete(ADDRESS).status_code == 204
    assert not Notification.objects.filter(state=NotificationState.WAITING).exists()
    assert client.delete(f"{ADDRESS}/999").json()["code"] == "no-such-notification"


def test_a_picture_is_made_to_fit_the_panel() -> None:
    panel = settings.LEDSITE.panel
    row = notifications.notify(image="data:image/png;base64," + png(panel.width * 2, panel.height), requested_by="ann")
    with Image.open(io.BytesIO(row.image)) as kept:
        assert kept.size == (panel.width, panel.height // 2)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "bad-notification"),
        ({"text": " \n"}, "bad-notification"),
        ({"text": "a", "image": "b"}, "bad-notification"),
        ({"image": "no base64!"}, "bad-image"),
        ({"image": base64.b64encode(b"no picture").decode()}, "bad-image"),
        ({"image": png(8, 8, kind="GIF")}, "bad-image"),
        ({"image": png(2049, 1)}, "bad-image"),
        ({"image": base64.b64encode(base64.b64decode(png(9, 9))[:50]).decode()}, "bad-image"),
        ({"text": "a", "hold": float("nan")}, "bad-hold"),
        ({"text": "a", "ttl": 0}, "bad-ttl"),
        ({"text": "a", "priority": "loud"}, "bad-priority"),
        ({"text": "a", "colour": "red"}, "bad-colour"),
    ],
)
def test_what_cannot_be_shown_is_refused(fields: dict[str, object], code: str) -> None:
    with pytest.raises(BadRequest) as raised:
        notifications.notify(**fields, requested_by="ann")  # type: ignore[arg-type]
    assert (raised.value.code, bool(raised.value.hint)) == (code, True)


def test_only_so_many_may_wait_and_old_ones_are_forgotten() -> None:
    old = timezone.now() - timedelta(days=8)
    Notification.objects.create(text="old", state="shown", ended_at=old, expires_at=old)
    for number in range(notifications.MOST_WAITING):
        notifications.notify(text=str(number), requested_by="ann")
    with pytest.raises(Conflict):
        notifications.notify(text="one more", requested_by="ann")
    assert not Notification.objects.filter(text="old").exists()
