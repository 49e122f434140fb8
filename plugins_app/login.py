"""The login form: throttled, and every login stands in the audit trail."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from unfold.forms import AuthenticationForm

from plugins_app import audit, throttle


class LoginForm(AuthenticationForm):
    """Checks name and password; too many wrong ones from one address have to wait."""

    def clean(self) -> dict[str, Any]:
        """Log in, or say what is wrong."""
        name = str(self.cleaned_data.get("username") or "")
        address = str(self.request.META.get("REMOTE_ADDR", "")) if self.request else ""
        if wait := throttle.take_attempt(address, name):
            raise ValidationError(f"Too many attempts. Try again in {wait} seconds.", code="throttled")
        cleaned: dict[str, Any] = super().clean()
        throttle.forgive_attempt(address, name)
        audit.record(name, "login", address=address)
        return cleaned
