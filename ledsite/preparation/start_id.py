"""The id of this start of the product (ruling B): every worker reads it, one of them runs the start-up pass for it."""

from __future__ import annotations

import uuid
from pathlib import Path

FILE_NAME = "start.id"


def new_start_id(run_dir: Path) -> str:
    """Begin a new start."""
    start_id = uuid.uuid4().hex
    temporary = run_dir / f".{FILE_NAME}"
    temporary.write_text(start_id)
    temporary.replace(run_dir / FILE_NAME)
    return start_id


def current_start_id(run_dir: Path) -> str:
    """Return the id of the present start; a queue that runs without `up` begins one."""
    try:
        return (run_dir / FILE_NAME).read_text().strip() or new_start_id(run_dir)
    except FileNotFoundError:
        return new_start_id(run_dir)
