"""Notifications on their page: said, listed with what became of them, put away, refused in words."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from display_app.models import Notification
from plugins_app.access import Role
from tests.fakes.people import make_user

pytestmark = pytest.mark.django_db
PAGE = "/admin/panel/notifications/"
FORM = {"text": "Dinner", "priority": "high", "hold": "20", "ttl": "60", "colour": "#00ff00"}


def test_a_text_is_said_listed_and_put_away(operator: Client) -> None:
    assert operator.post(PAGE, FORM).status_code == 302
    row = Notification.objects.get()
    assert (row.text, row.is_urgent, row.hold, row.colour) == ("Dinner", True, 20.0, "#00ff00")
    text = operator.get(PAGE).content.decode()
    assert "Dinner" in text and "Waiting" in text and "high priority, 20 seconds" in text
    operator.post(f"{PAGE}{row.pk}/dismiss")
    assert "Dismissed" in operator.get(f"{PAGE}list").content.decode()


def test_a_picture_is_said(operator: Client) -> None:
    out = io.BytesIO()
    Image.new("RGB", (400, 20), (255, 0, 0)).save(out, "PNG")
    operator.post(PAGE, {**FORM, "text": "", "image": SimpleUploadedFile("a.png", out.getvalue(), "image/png")})
    assert Notification.objects.get().image
    assert "A picture" in operator.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": ""}, "A notification has a text or an image, and not both."),
        ({"hold": "long"}, "Seconds are a number."),
        ({"hold": "0"}, "hold is a number of seconds from 1 to 3600."),
    ],
)
def test_what_cannot_be_said_is_refused_in_words_and_stays_in_the_form(operator: Client, fields: dict[str, str], words: str) -> None:
    text = operator.post(PAGE, {**FORM, "colour": "#123456", **fields}).content.decode()
    assert words in text and 'value="#123456"' in text
    assert not Notification.objects.exists()


def test_a_viewer_sees_the_list_alone() -> None:
    client = Client()
    client.force_login(make_user(Role.VIEWER))
    assert "Show it" not in client.get(PAGE).content.decode()
    assert client.post(PAGE, FORM).status_code == 403


def test_it_says_what_normal_ones_wait_for(operator: Client, say: Callable[..., None]) -> None:
    say(on_demand={"plugin_id": "clock", "mode": "clock", "pinned": False, "until": None, "waiting": False})
    waits = "clock was asked for, so what has normal priority waits."
    operator.post(PAGE, FORM)
    assert waits not in operator.get(f"{PAGE}list").content.decode()
    operator.post(PAGE, {**FORM, "priority": "normal"})
    text = operator.get(f"{PAGE}list").content.decode()
    assert waits in text and "because clock stays until then" in text
