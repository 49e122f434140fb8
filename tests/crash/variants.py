"""The product with one protection taken away, to see that the crash tests would notice."""

from __future__ import annotations

import contextlib
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from plugins_app.failpoints import failpoint
from plugins_app.installer import collect, generations, place, receipts, unpack
from plugins_app.lifecycle import committing, install, placing, purge, rollback, staging, undo_uninstall, uninstall, update
from plugins_app.models import Operation, Phase, Plugin, PluginConfig, Probation, Tombstone
from plugins_app.operations import claim as claiming
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
    """What the plugin wrote is carried in the attempt that commits only."""
    original, was_committed = placing.place, Operation.objects.committed().exists()

    def places(*args: Any, carry: bool, **kwargs: Any) -> Any:
        failpoint("before-place")
        return original(*args, carry=carry and not was_committed, **kwargs)

    placing.place = places


def no_journal() -> None:
    """The commit does not say that it has happened."""
    original = Job._swap_uncancelled

    def swaps(self: Job, **values: Any) -> None:
        original(self, **{name: value for name, value in values.items() if name != "phase"})

    Job._swap_uncancelled = swaps  # type: ignore[method-assign]


def commit_before_store() -> None:
    """The commit names a generation that is not in the store yet."""
    late: dict[str, staging.Staged] = {}
    store = staging.store_generation

    def names(job: Job, staged: staging.Staged) -> str:
        late["staged"] = staged
        generation = generations.new_name(job.operation.pk, job.operation.attempts)
        job.advance(Phase.STORED, generation=generation)
        return generation

    def stores(job: Job) -> None:
        generation, advance = job.journal["generation"], job.advance
        staging.new_name = lambda *args: generation
        job.advance = job.check_cancelled = lambda *args, **kwargs: None  # type: ignore[method-assign]
        store(job, late["staged"])
        job.advance = advance  # type: ignore[method-assign]

    install.store_generation = update.store_generation = names
    _after_commit(install, stores)
    _after_commit(update, stores)


def receipt_after_commit() -> None:
    """A generation is in the store, and committed, before anything says what it is."""
    late: list[tuple[Any, ...]] = []
    original = generations.write_receipt
    generations.write_receipt = lambda *args: late.append(args)
    for module in (install, update):
        _after_commit(module, lambda job: [original(*args) for args in late])


def tombstone_after_commit() -> None:
    """The tombstone follows in a transaction of its own: a window in which the plugin is gone without one."""
    late: list[dict[str, Any]] = []
    original = Tombstone.objects.create
    Tombstone.objects.create = lambda **values: late.append(values)  # type: ignore[method-assign, assignment]
    _after_commit(uninstall, lambda job: [original(**values) for values in late])


def settings_before_commit() -> None:
    """The settings go in a transaction of their own, before the row."""
    original = uninstall._commit

    def commits(job: Job) -> None:
        if PluginConfig.objects.filter(plugin_id=job.plugin_id).delete():
            failpoint("settings-gone")
        original(job)

    uninstall._commit = commits


def probation_after_commit() -> None:
    """A version that came by itself is live before anything says that it has to prove itself."""
    late: list[dict[str, Any]] = []
    original = Probation.objects.create
    Probation.objects.create = lambda **values: late.append(values)  # type: ignore[method-assign, assignment]
    _after_commit(update, lambda job: [original(**values) for values in late])


def refusal_after_commit() -> None:
    """The earlier version is back before anything says that the failed one is not offered again."""
    late: list[tuple[Any, ...]] = []
    original = rollback.refuse
    rollback.refuse = lambda *args: late.append(args)
    _after_commit(rollback, lambda job: [original(*args) for args in late])


def secrets_after_commit() -> None:
    """A purge gives the files up in its commit, settings and secrets after it."""
    late: list[Tombstone] = []
    original = purge.forget

    def forgets(tombstone: Tombstone, *, keep_config: bool) -> None:
        late.append(tombstone)
        Tombstone.objects.filter(pk=tombstone.pk).update(generation="")

    purge.forget = forgets
    _after_commit(purge, lambda job: [original(tombstone, keep_config=False) for tombstone in late])


def grave_opened_before_commit() -> None:
    """An undo takes the tombstone away before its commit."""
    original = undo_uninstall._commit

    def commits(job: Job) -> None:
        tombstone = Tombstone.objects.get(plugin_id=job.plugin_id)
        tombstone.delete()
        failpoint("tombstone-gone")
        tombstone.save(force_insert=True)
        original(job)

    undo_uninstall._commit = commits


def no_operation_lock() -> None:
    """Whoever gets an operation delivered takes it, though another works at it."""
    claiming.hold = lambda path: contextlib.nullcontext(types.SimpleNamespace(fd=0))  # type: ignore[assignment]


def no_live_lock() -> None:
    """Files change under a host that runs."""
    place.take_live_lock = lambda path, wait: contextlib.nullcontext()  # type: ignore[assignment]


def no_tree_flush() -> None:
    """The files of a generation are not on the medium when it enters the store."""
    generations.sync_tree = unpack.sync_tree = lambda tree: None


def no_receipt_flush() -> None:
    """A receipt is written, but not flushed."""

    def writes(path: Path, body: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)

    receipts.write_durably = writes


def no_full_commit() -> None:
    """The commit is in the database's log, which nobody has flushed."""
    committing.flushed_to_medium = contextlib.nullcontext


def _after_commit(module: Any, action: Callable[[Job], Any]) -> None:
    original = module._commit

    def commits(job: Job, *args: Any, **kwargs: Any) -> None:
        original(job, *args, **kwargs)
        failpoint("after-the-commit")
        action(job)

    module._commit = commits


ALL = (
    *(no_transaction, no_settle, no_cleaning, no_second_mirror, no_journal),
    *(commit_before_store, receipt_after_commit, tombstone_after_commit, settings_before_commit),
    *(probation_after_commit, refusal_after_commit, secrets_after_commit, grave_opened_before_commit),
    *(no_operation_lock, no_live_lock),
    *(no_tree_flush, no_receipt_flush, no_full_commit),
)
VARIANTS: dict[str, Callable[[], None]] = {variant.__name__: variant for variant in ALL}
