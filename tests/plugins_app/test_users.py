"""People and tokens, by the commands that owners type."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from rest_framework.authtoken.models import Token

from plugins_app.access import Role, role_of
from plugins_app.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_a_person_is_added_with_a_password_shown_once(capsys):
    call_command("adduser", "eva", role="operator")
    words = capsys.readouterr().out.split()
    assert words[:4] == ["eva", "added", "as", "operator."]
    assert role_of(authenticate(username="eva", password=words[-1])) == Role.OPERATOR
    assert list(AuditEntry.objects.values_list("what", "subject")) == [("add-user", "eva")]


def test_a_role_is_changed_and_the_password_stays(capsys):
    call_command("adduser", "eva", role="admin")
    password = capsys.readouterr().out.split()[-1]
    call_command("adduser", "eva", role="viewer")
    assert capsys.readouterr().out == "eva is viewer now; the password is as before.\n"
    user = authenticate(username="eva", password=password)
    assert role_of(user) == Role.VIEWER
    assert user.is_superuser is False


def test_a_name_that_cannot_be_is_refused():
    with pytest.raises(CommandError, match="valid username"):
        call_command("adduser", "eva & adam", role="viewer")
    assert User.objects.count() == 0


def test_the_token_stands_alone_and_stays_the_same(capsys):
    call_command("adduser", "eva", role="viewer")
    capsys.readouterr()
    call_command("apitoken", "eva")
    call_command("apitoken", "eva")
    token = Token.objects.get(user__username="eva").key
    assert capsys.readouterr().out == f"{token}\n{token}\n"


def test_a_stranger_has_no_token():
    with pytest.raises(CommandError, match="There is no user eva"):
        call_command("apitoken", "eva")
