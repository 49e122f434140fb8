"""The pages as the test client sees them."""

from __future__ import annotations

import re

from django.test import Client

from plugins_app.access import Role
from tests.fakes.people import make_user


def browser_of(role: Role) -> Client:
    """Log somebody of a role in."""
    client = Client()
    client.force_login(make_user(role))
    return client


def text_of(html: str) -> str:
    """Return the words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
