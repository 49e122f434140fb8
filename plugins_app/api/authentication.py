"""Token login that costs one small query: known tokens are kept per process for as long as the `auth` revision stands."""

from __future__ import annotations

import hashlib

from django.contrib.auth.models import User
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
