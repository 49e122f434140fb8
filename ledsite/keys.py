"""The two keys beside the database: Django's signing key and the key that encrypts secrets; files of mode 0600."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet


def read_secret_key(data_dir: Path) -> str:
    """Return Django's signing key, empty when none was made yet."""
    try:
        return (data_dir / "secret.key").read_text("ascii").strip()
    except FileNotFoundError:
        return ""


def ensure_keys(data_dir: Path) -> None:
    """Create the keys that are missing; existing ones are never touched."""
    create_once(data_dir / "secret.key", secrets.token_urlsafe(50).encode())
    create_once(data_dir / "secrets.key", Fernet.generate_key())


def create_once(path: Path, content: bytes) -> None:
    """Write a new private file completely or not at all; leave one that is there."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
