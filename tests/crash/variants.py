"""The product with one protection taken away, to see that the crash tests would notice."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from plugins_app.failpoints import failpoint
from plugins_app.installer import collect, generations, place
from plugins_app.lifecycle import committing, install, placing, staging, update
from plugins_app.models import Plugin
from plugins_app.operations import recovery as of_operations
from plugins_app.operations.job import Job
from plugins_app.reconcile import recovery


def no_transaction() -> None:
    """The commit is several transactions, with a kill possible before the row goes."""
    committing.transaction = type("Loose", (), {"atomic": staticmethod(contextlib.nullcontext)})  # type: ignore[assignment]
    delete = Plugin.delete

    def deletes(self: Plugin, *args: Any, **kwargs: Any) -> Any:
        failpoint("before-the-row-goes")
        return delete(self, *args, **kwargs)

    Plugin.delete = deletes  # type: ignore[method-assign]


def no_settle() -> None:
    """Stored trees keep the name under which an exchange left them."""
    for module in (collect, generations, place, recovery):
        module.settle = lambda paths, plugin_id: None  # type: ignore[attr-defined]


def no_cleaning() -> None:
    """Nobody removes what a killed attempt left in staging."""
    staging.discard_attempts = install.discard_attempts = update.discard_attempts = lambda job: None
    of_operations.drop_foreign_staging = recovery.drop_foreign_staging = lambda context: None


def no_second_mirror() -> None:
    """What the plugin wrote is carried in the first attempt only."""
    original = placing.place

    def places(*args: Any, carry: bool, **kwargs: Any) -> Any:
        failpoint("before-place")
        return original(*args, carry=carry and not _is_recovering(), **kwargs)

    placing.place = places


def no_journal() -> None:
    """The commit does not say that it has happened."""
    original = Job._swap_uncancelled

    def swaps(self: Job, **values: Any) -> None:
        original(self, **{name: value for name, value in values.items() if name != "phase"})

    Job._swap_uncancelled = swaps  # type: ignore[method-assign]


def _is_recovering() -> bool:
    from plugins_app.models import ProductStart

    return ProductStart.objects.filter(start_id="start-after-crash").exists()


VARIANTS: dict[str, Callable[[], None]] = {
    variant.__name__: variant for variant in (no_transaction, no_settle, no_cleaning, no_second_mirror, no_journal)
}
