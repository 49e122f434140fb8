"""A registry may say anything: it is stored as far as it makes sense, and no page, list or other registry falls over it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from plugins_app.access import Role
from plugins_app.models import RegistryEntry
from tests.fakes.people import client_of, make_user
from tests.plugins_app.store.github_world import World

pytestmark = pytest.mark.django_db

DEEP: Any = 1
for _ in range(400):
    DEEP = [DEEP]
VALUES: tuple[Any, ...] = (
    *(None, True, -1, 2**63, -(2**70), 1.5, float("inf"), float("nan"), DEEP, [], {}, [[1]], {"a": {"b": []}}),
    *("", " ", "a\x00b", "\ud800", "\u202e\u2028\ufffe", "<script>alert(1)</script>", "{{x}} %s", "x" * 5000, "\U0001f600", "İ"),
    *("9999-99-99", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "http://[", "javascript:x", "../.."),
)
FIELDS = (
    *("name", "description", "author", "category", "tags", "stars", "downloads", "last_updated", "verified", "screenshot", "icon"),
    *("versions", "download_url_template", "latest_version", "requires", "compatible_versions", "min_ledmatrix_version"),
)
VERSION_FIELDS = ("version", "released", "notes", "download_url", "ledmatrix_min")
READERS = (
    *(f"/api/v3/plugins/store/list?sort={sort}" for sort in ("", "name", "stars", "newest", "updated")),
    *("/api/v3/plugins/store/facets", "/api/v3/plugins/store/changes", "/admin/store/", "/admin/store/list?sort=updated"),
)


def hostile_entries() -> list[dict[str, Any]]:
    """Return an entry for every value, which stands in all of its fields, and in lists and objects of them."""
    entries = []
    for number, value in enumerate(VALUES):
        entry = dict.fromkeys(FIELDS, value)
        in_parts = {"tags": [value], "compatible_versions": [value], "requires": {"min_ledmatrix_version": value}}
        in_versions = {"versions": [dict.fromkeys(VERSION_FIELDS, value), {"version": "1.0", "released": value}, value]}
        for name, more in (("a", {}), ("b", in_parts), ("c", in_versions)):
            entries.append({**entry, **more, "id": f"{name}{number}", "repo": f"https://github.com/someone/{name}{number}"})
    return entries


def test_whatever_stands_in_its_fields_everything_can_be_read(world: World) -> None:
    entries = hostile_entries()
    world.hub.set_registry(json.dumps({"plugins": entries}).encode())
    (source,) = world.refresh_registry().sources
    assert (source.outcome, source.entries, source.dropped) == ("updated", len(entries), 0)
    browser, program = Client(), client_of(Role.VIEWER)
    browser.force_login(make_user(Role.ADMIN))
    pages = [
        f"{place}{entry['id']}{end}" for entry in entries for place, end in (("/api/v3/plugins/store/", ""), ("/admin/store/plugins/", "/"))
    ]
    answers = {address: (program if "/api/" in address else browser).get(address) for address in (*READERS, *pages)}
    assert {address: answer.status_code for address, answer in answers.items() if answer.status_code != 200} == {}
    assert not any(b"<script>alert(1)" in answer.content for address, answer in answers.items() if "/admin/" in address)
    assert RegistryEntry.objects.count() == len(entries)
