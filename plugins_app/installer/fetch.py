"""Downloads an archive to a file: limited, cancellable, with a digest, and durable before it counts as fetched."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from plugins_app.exceptions import Cancelled, DiskProblem, NetworkProblem, PackageError
from plugins_app.installer.files import removed_on_failure, sync_folder

MAX_BYTES = 200 * 1024 * 1024
ROOM_FACTOR = 3
RESERVE_BYTES = 16 * 1024 * 1024
CHUNK = 128 * 1024


class ArchiveResponse(Protocol):
    """The part of the HTTP client's answer that is used here."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Header fields of the answer."""

    @property
    def length(self) -> int | None:
        """Size as declared."""

    def chunks(self, size: int = ...) -> Iterator[bytes]:
        """Yield the body."""


class ArchiveSource(Protocol):
    """The part of the HTTP client that is used here."""

    def stream(self, url: str, *, kind: Literal["archive"]) -> AbstractContextManager[ArchiveResponse]:
        """Open an address."""


@dataclass(frozen=True)
class FetchedArchive:
    """A downloaded file, complete and on the medium."""

    path: Path
    size: int
    sha256: str


def fetch_archive(
    http: ArchiveSource,
    url: str,
    destination: Path,
    *,
    on_progress: Callable[[int, int | None], None],
    is_cancelled: Callable[[], bool],
) -> FetchedArchive:
    """Download `url` to the file `destination`; `on_progress(received, total or None)` is called with every chunk.

    Raises Cancelled, NetworkProblem (`cut-short` too), PackageError `too-large`, DiskProblem `disk-full`; then no file is left.
    """
    destination.parent.mkdir(parents=True, exist_ok=True)
    with removed_on_failure(destination):
        try:
            with http.stream(url, kind="archive") as response, open(destination, "wb") as file:
                require_room(destination.parent, response.length or 0)
                size, digest = _receive(response, file, on_progress, is_cancelled)
                _check_length(response, size)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise disk_problem(error) from error
    sync_folder(destination.parent)
    return FetchedArchive(destination, size, digest)


def require_room(folder: Path, size: int, *, factor: int = ROOM_FACTOR) -> None:
    """Raise DiskProblem `disk-full` unless `factor` times `size` and a reserve are free."""
    free, needed = shutil.disk_usage(folder).free, factor * size + RESERVE_BYTES
    if free < needed:
        raise DiskProblem(
            f"{needed // 2**20} MiB are needed, {free // 2**20} MiB are free.",
            code="disk-full",
            hint="Remove plugins or other files, then try again.",
        )


def disk_problem(error: OSError) -> DiskProblem:
    """Say in our words what the disk refused."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskProblem("The disk is full.", code="disk-full", hint="Remove plugins or other files, then try again.")
    reason = error.strerror or type(error).__name__
    return DiskProblem(f"A file cannot be written: {reason}.", hint="Check the disk and the rights on the plugin folder.")


def _receive(
    response: ArchiveResponse, file: BinaryIO, on_progress: Callable[[int, int | None], None], is_cancelled: Callable[[], bool]
) -> tuple[int, str]:
    digest, size, total = hashlib.sha256(), 0, response.length
    for chunk in response.chunks(CHUNK):
        if is_cancelled():
            raise Cancelled("Stopped before anything was changed.")
        size += len(chunk)
        if size > MAX_BYTES:
            raise PackageError(
                f"The archive is larger than {MAX_BYTES // 2**20} MiB.", code="too-large", hint="Ask its author for a smaller one."
            )
        file.write(chunk)
        digest.update(chunk)
        on_progress(size, total)
    return size, digest.hexdigest()


def _check_length(response: ArchiveResponse, size: int) -> None:
    """Refuse a body shorter than declared; one that was packed for the way has another length and its own end mark."""
    if response.length is not None and "Content-Encoding" not in response.headers and size != response.length:
        raise NetworkProblem(
            f"{size} of {response.length} bytes arrived.",
            code="cut-short",
            hint="The connection broke off. Try again when it stays like this.",
        )
