"""The GitHub token: set, checked, refused, removed; never readable again."""

from __future__ import annotations

import threading

import pytest
from django.db import connections
from django.utils import timezone

from plugins_app.exceptions import BadRequest, NetworkProblem
from plugins_app.models import ApiAccess, AuditEntry
from plugins_app.store import budget
from plugins_app.store.metadata import check_configured_token
from plugins_app.store.token import configured_token, digest_of, remove_token, request_check, set_token, token_in_force, token_state
from tests.fakes.product import wait_for
from tests.plugins_app.store.github_world import TOKEN, World

pytestmark = pytest.mark.django_db
OTHER = "github_pat_" + "b" * 40


def test_without_a_token_the_small_budget_counts(world: World) -> None:
    state = token_state()
    assert (state.state, state.origin, state.used_last_hour, state.may_ask_now) == ("none", "none", 0, 40)
    assert token_in_force() == ""


def test_one_of_the_environment_counts_until_an_administrator_sets_another(world: World) -> None:
    world.use_token(OTHER)
    assert (token_in_force(), token_state().origin, token_state().state) == (OTHER, "environment", "unknown")
    state = set_token(f" {TOKEN}\n", requested_by="ann")
    assert (token_in_force(), state.origin, state.state, state.may_ask_now) == (TOKEN, "stored", "unknown", 4000)
    assert remove_token(requested_by="ann").origin == "environment"
    assert token_in_force() == OTHER


def test_it_is_encrypted_and_audited_without_itself(world: World) -> None:
    set_token(TOKEN, requested_by="ann")
    assert not any(TOKEN in str(row) for row in ApiAccess.objects.values())
    assert not any(TOKEN in str(row) for row in AuditEntry.objects.values())
    assert [(row.who, row.what) for row in AuditEntry.objects.all()] == [("ann", "set-github-token")]
    assert TOKEN not in str(token_state().as_dict())


@pytest.mark.parametrize(
    "text", ["", "short", "two words of a token that is long", "ghp_" + "a" * 300, "ghp_äöü" + "a" * 30, "x\r\nHost: y" * 5]
)
def test_what_cannot_be_a_token_is_refused(world: World, text: str) -> None:
    with pytest.raises(BadRequest) as caught:
        set_token(text, requested_by="ann")
    assert caught.value.code == "bad-token-shape"


def test_a_check_tells_what_it_allows_and_costs_no_call(world: World) -> None:
    set_token(TOKEN, requested_by="ann")
    world.hub.tokens = {TOKEN}
    state = check_configured_token()
    assert (state.state, state.calls_limit, state.used_last_hour) == ("valid", 5000, 0)
    assert dict(world.hub.counts) == {"/api/rate_limit": 1}


def test_a_refused_one_is_shown_and_not_used_and_may_be_checked_again(world: World) -> None:
    set_token(TOKEN, requested_by="ann")
    world.hub.tokens = set()
    assert check_configured_token().state == "invalid"
    assert (token_in_force(), configured_token()) == ("", TOKEN)
    world.hub.tokens = {TOKEN}
    assert request_check().state == "unknown"
    assert check_configured_token().state == "valid"
    assert token_in_force() == TOKEN


def test_numbers_are_those_that_count_while_a_token_is_refused(world: World) -> None:
    budget.take("", 12, now=timezone.now())
    set_token(TOKEN, requested_by="ann")
    assert (token_state().used_last_hour, token_state().may_ask_now) == (0, 4000)
    world.hub.tokens = set()
    state = check_configured_token()
    assert (state.state, state.used_last_hour, state.may_ask_now) == ("invalid", 12, 28)


@pytest.mark.parametrize("how", ["checked", "set-again"])
def test_nothing_that_a_person_does_with_it_shortens_a_wait_that_github_asked_for(world: World, how: str) -> None:
    set_token(TOKEN, requested_by="ann")
    row = budget.access_for(digest_of(TOKEN))
    budget.note_failure(row, NetworkProblem("Wait.", code="rate-limited", retry_after=1800), now=timezone.now())
    row.save()
    state = check_configured_token() if how == "checked" else set_token(TOKEN, requested_by="ann")
    assert (state.may_ask_now, (state.problem or {})["code"]) == (0, "rate-limited")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["hold", "hang"])
@pytest.mark.parametrize("then", ["removed", "replaced", "used"])
def test_what_becomes_of_it_while_it_is_checked_stands(world: World, how: str, then: str) -> None:
    set_token(OTHER, requested_by="ann")
    getattr(world.hub, how)("/api/rate_limit")

    def work() -> None:
        try:
            check_configured_token()
        finally:
            connections["default"].connection.close()  # Django's own close() leaves databases in memory open

    worker = threading.Thread(target=work)
    worker.start()
    wait_for(lambda: world.hub.total("/api/rate_limit"), what="the question")
    if then == "removed":
        remove_token(requested_by="ann")
    elif then == "replaced":
        set_token(TOKEN, requested_by="ann")
    else:
        budget.take(digest_of(OTHER), 7, now=timezone.now())
    world.hub.heal()
    worker.join()
    expected = {"removed": ("", 0), "replaced": (TOKEN, 0), "used": (OTHER, 7)}[then]
    assert (configured_token(), token_state().used_last_hour) == expected


def test_a_check_that_gets_no_answer_says_so_and_changes_nothing(world: World) -> None:
    set_token(TOKEN, requested_by="ann")
    world.hub.refuse()
    state = check_configured_token()
    assert (state.state, (state.problem or {})["code"]) == ("unknown", "refused")
    world.hub.accept()


def test_one_sealed_with_another_key_is_none_but_stays_visible_as_a_problem(world: World) -> None:
    set_token(TOKEN, requested_by="ann")
    (world.folder / "var" / "secrets.key").unlink()
    assert (token_in_force(), token_state().origin) == ("", "unreadable")
