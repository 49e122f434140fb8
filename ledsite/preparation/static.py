"""The files that browsers get: collected again only when one of them changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_static_files(static_root: Path) -> bool:
    """Fill the folder that web serves from; tell whether there was anything to do."""
    marker = static_root.with_name("static.digest")
    digest = _digest_of_sources()
    if static_root.is_dir() and marker.is_file() and marker.read_text() == digest:
        return False
    marker.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    marker.write_text(digest)
    return True


def _digest_of_sources() -> str:
    """Digest names, sizes and times of every file that the apps ship."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{storage.location}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
