"""Every list of the pages: cut into pages, and as many questions to the database for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.authtoken.models import Token

from display_app.models import DisplayCommand
from plugins_app import audit
from plugins_app.access import Role, set_role
from plugins_app.models import Issue, Operation, OperationKind, OperationStatus, RegistrySource, RepairVerdict, Tombstone
from tests.fakes.people import make_user
from tests.fakes.rows import make_offers, make_plugin

pytestmark = pytest.mark.django_db
OURS = [
    "/admin/store/",
    "/admin/plugins/",
    "/admin/operations/",
    "/admin/tokens/",
    "/admin/store/sources/",
    "/admin/upkeep/",
    "/admin/",
    "/admin/github/",
]


def changelists() -> list[str]:
    return [f"{model._meta.app_label}_{model._meta.model_name}_changelist" for model in admin.site._registry]


def furnish(numbers: range) -> None:
    """Make rows of everything that a list shows."""
    for number in numbers:
        name = f"plugin-{number}"
        make_plugin(name)
        operation = Operation.objects.create(kind=OperationKind.UPDATE, plugin_id=name, status=OperationStatus.RUNNING)
        operation.log.create(text="Fetching")
        user = User.objects.create(username=f"person-{number}")
        set_role(user, Role.VIEWER)
        Token.objects.create(user=user)
        Issue.report("left-over", name, "Something is left over.")
        RepairVerdict.objects.create(plugin_id=name, reason="Gone")
        Tombstone.objects.create(plugin_id=f"removed-{number}", generation="g", snapshot={"plugin": {"name": name}})
        RegistrySource.objects.create(name=name, url=f"https://lists.example/{number}.json")
        DisplayCommand.objects.create(kind="next")
        audit.record("somebody", "toggle", name)
    make_offers(*(f"plugin-{number}" for number in numbers))


def count_queries(look: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        look()
    return len(queries)


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user(Role.ADMIN))
    return client


def test_no_list_asks_more_for_more_rows(client: Client) -> None:
    addresses = [*OURS, *(reverse(f"admin:{name}") for name in changelists())]
    furnish(range(3))
    for address in addresses:
        client.get(address)
    few = {address: count_queries(lambda address=address: client.get(address)) for address in addresses}  # type: ignore[misc]
    furnish(range(3, 20))
    for address in addresses:
        client.get(address)
    many = {address: count_queries(lambda address=address: client.get(address)) for address in addresses}  # type: ignore[misc]
    assert many == few
    assert max(many.values()) <= 25


@pytest.mark.parametrize("name", changelists())
def test_every_model_page_is_cut_into_pages(name: str) -> None:
    model_admin = next(
        one for model, one in admin.site._registry.items() if name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_")
    )
    assert model_admin.list_per_page <= 100
    assert model_admin.show_full_result_count is False or model_admin.model._meta.app_label in ("auth", "authtoken")


@pytest.mark.parametrize(
    ("address", "mark", "per_page"), [("/admin/plugins/", 'class="ls-order"', 50), ("/admin/tokens/", ">No token<", 50)]
)
def test_a_long_list_has_pages(client: Client, address: str, mark: str, per_page: int) -> None:
    for number in range(per_page + 1):
        make_plugin(f"plugin-{number}")
        User.objects.create(username=f"person-{number}")
    first, last = (client.get(address, {"page": page}).content.decode() for page in ("1", "99"))
    assert (first.count(mark), 'href="?page=2"' in first) == (per_page, True)
    assert 1 <= last.count(mark) <= 2
    assert client.get(address, {"page": "nonsense"}).status_code == 200
