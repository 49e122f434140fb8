"""Puts a JSON file that a person gave, the credentials of an account, into a plugin's own folder; its updates carry it along (pure)."""

from __future__ import annotations

import contextlib
import json
import os
import secrets

from plugins_app.config.form_files import WantedDocument
from plugins_app.exceptions import BadRequest, DiskProblem
from plugins_app.installer.receipts import read_receipt
from plugins_app.package.paths import PluginPaths

PART = ".ledsite-copy-"  # what is half written is never carried over
HINT = "Send the file as you got it."


def check_document(wanted: WantedDocument, body: bytes) -> None:
    """Refuse what is no JSON object, or too large: BadRequest `document-invalid`, `document-too-large`."""
    if len(body) > wanted.most_bytes:
        raise BadRequest("The file is too large.", code="document-too-large", hint=f"At most {wanted.most_bytes // 1024} KB.")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The file is not JSON.", code="document-invalid", hint=HINT) from error
    if not isinstance(found, dict):
        raise BadRequest("The file is JSON, but no object.", code="document-invalid", hint=HINT)


def put_document(paths: PluginPaths, plugin_id: str, generation: str, name: str, body: bytes) -> None:
    """Write it, whole or not at all, for the plugin's user alone; whoever calls holds the plugin's operation lock.

    BadRequest `document-invalid` when the plugin ships a file of this name.
    """
    receipt = read_receipt(paths, plugin_id, generation)
    if receipt is not None and receipt.source != "local" and name in receipt.files:
        raise BadRequest(f"{name} is a file of the plugin itself.", code="document-invalid", hint="Tell its author.")
    part = f"{PART}{secrets.token_hex(4)}"
    try:
        folder = os.open(paths.live(plugin_id), os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            _write(folder, part, body)
            os.rename(part, name, src_dir_fd=folder, dst_dir_fd=folder)
            os.fsync(folder)
        finally:
            with contextlib.suppress(OSError):
                os.unlink(part, dir_fd=folder)
            os.close(folder)
    except OSError as error:
        raise DiskProblem(f"{name} cannot be written: {error.strerror}.", hint="Check the disk and the plugin's folder.") from error


def is_there(paths: PluginPaths, plugin_id: str, name: str) -> bool:
    """Tell whether the plugin has the file."""
    return (paths.live(plugin_id) / name).is_file()


def _write(folder: int, name: str, body: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(name, flags, 0o600, dir_fd=folder), "wb") as file:
        file.write(body)
        file.flush()
        owner = os.fstat(folder)
        if os.geteuid() == 0:
            os.fchown(file.fileno(), owner.st_uid, owner.st_gid)  # the user that the plugin runs as
        os.fsync(file.fileno())
