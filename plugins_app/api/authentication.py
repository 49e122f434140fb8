"""Token login that costs one small query: known tokens are kept per process for as long as the `auth` revision stands."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.auth.models import Group, User
from django.db.models.signals import m2m_changed, post_delete, post_save
from rest_framework.authentication import TokenAuthentication
from rest_framework.authtoken.models import Token
from rest_framework.request import Request

from plugins_app.access import role_of
from plugins_app.models import Revision

KEPT = 200
_known: dict[str, tuple[int, User, Token]] = {}


class CachedTokenAuthentication(TokenAuthentication):
    """`Authorization: Token <token>`, looked up once per change to users, groups or tokens.

    There is one for each request; it keeps the counters that it read for this, for views that go by them too.
    """

    revisions: dict[str, int] | None = None

    def authenticate_credentials(self, key: str) -> tuple[User, Token]:
        """Return the user of a token; raise AuthenticationFailed when there is none."""
        self.revisions = Revision.all_values()
        revision = self.revisions["auth"]
        digest = hashlib.sha256(key.encode()).hexdigest()
        kept = _known.get(digest)
        if kept is not None and kept[0] == revision:
            return kept[1], kept[2]
        user, token = super().authenticate_credentials(key)
        role_of(user)
        if len(_known) >= KEPT:
            _known.clear()
        _known[digest] = (revision, user, token)
        return user, token


def revisions_of(request: Request) -> dict[str, int] | None:
    """Return the counters as they were when this request was authenticated, None when they were not needed for that."""
    return getattr(request.successful_authenticator, "revisions", None)


def auth_changed(sender: Any = None, *, update_fields: Any = None, **kwargs: Any) -> None:
    """Make every process look tokens up again; a mere login changes nothing."""
    if update_fields is None or set(update_fields) != {"last_login"}:
        Revision.bump("auth")


def watch_auth_models() -> None:
    """Connect `auth_changed` to Django's own models, which other people's code saves too."""
    for model in (User, Group, Token):
        post_save.connect(auth_changed, sender=model, dispatch_uid=f"auth-saved-{model.__name__}")
        post_delete.connect(auth_changed, sender=model, dispatch_uid=f"auth-deleted-{model.__name__}")
    for through in (User.groups.through, User.user_permissions.through, Group.permissions.through):
        m2m_changed.connect(auth_changed, sender=through, dispatch_uid=f"auth-related-{through.__name__}")
