"""docs/api.md names every route, and no other."""

from __future__ import annotations

import re

from django.conf import settings

from tests.plugins_app.api.routes import routes


def test_the_document_names_every_route_and_no_other():
    text = (settings.PROJECT_DIR / "docs" / "api.md").read_text()
    named = re.findall(r"^\| `[A-Z]+ /api/v3/([^`?]*)`", text, flags=re.MULTILINE)
    assert {re.sub(r"<[^>]*>", "*", path) for path in named} == routes()
