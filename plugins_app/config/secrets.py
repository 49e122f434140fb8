"""Encrypts secret settings with the key file beside the database; which settings are secret says `secret_paths`."""

from __future__ import annotations

from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from ledsite.keys import ensure_keys
from plugins_app.config.secret_paths import MASK, secret_paths
from plugins_app.exceptions import DiskProblem

__all__ = ["MASK", "open_sealed", "seal", "secret_paths"]


def seal(text: str) -> str:
    """Encrypt a text."""
    ensure_keys(settings.LEDSITE.data_dir)
    return Fernet(_key_file().read_bytes().strip()).encrypt(text.encode()).decode("ascii")


def open_sealed(sealed: str) -> str:
    """Decrypt a text; raise DiskProblem `secret-unreadable` when the key is not the one that sealed it."""
    try:
        return Fernet(_key_file().read_bytes().strip()).decrypt(sealed.encode()).decode()
    except (OSError, ValueError, InvalidToken) as error:
        raise DiskProblem(
            "A stored secret cannot be read: the key file is missing or another one.",
            code="secret-unreadable",
            hint=f"Put the right {_key_file().name} back into the data folder, or enter the secret again.",
        ) from error


def _key_file() -> Path:
    return Path(settings.LEDSITE.data_dir) / "secrets.key"
