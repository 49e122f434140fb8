"""Keeps pictures that were asked for, in the data folder, for a day and not too many of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from plugins_app.models import Drawing, DrawingStatus

KEPT = 40
KEPT_HOURS = 24


def folder() -> Path:
    """Return where they lie."""
    return Path(settings.LEDSITE.data_dir) / "drawings"


def picture_of(drawing: Drawing) -> Path:
    """Return the file of a drawing, whether it is there or not."""
    return folder() / f"{drawing.key}.webp"


def forget(drawings: Iterable[Drawing]) -> None:
    """Delete rows with their files."""
    for drawing in drawings:
        picture_of(drawing).unlink(missing_ok=True)
        drawing.delete()


def drop_old() -> None:
    """Forget what is old, what is too many, and files without a row; also what a worker that was killed has left."""
    forget(Drawing.objects.abandoned())
    drawn = Drawing.objects.exclude(pk__in=Drawing.objects.open())
    forget(drawn.filter(created_at__lt=timezone.now() - timedelta(hours=KEPT_HOURS)))
    forget(drawn.order_by("-created_at")[KEPT:])
    known = {f"{key}.webp" for key in Drawing.objects.values_list("key", flat=True)}
    strangers = [path for path in folder().glob("*") if path.name not in known]
    is_drawing = Drawing.objects.open().filter(status=DrawingStatus.DRAWING).exists()
    for path in strangers:
        if not path.is_dir():
            path.unlink(missing_ok=True)
        elif not is_drawing:
            shutil.rmtree(path, ignore_errors=True)
