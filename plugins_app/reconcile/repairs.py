"""Does something about findings; the order of the questions is fixed: known as unrecoverable? removed? in a fresh registry? install."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from plugins_app.exceptions import Conflict, LedsiteError, NetworkProblem, NotFound, OperationOpen
from plugins_app.lifecycle.requests import registry_id_of, registry_of
from plugins_app.models import IgnoredFinding, Operation, OperationKind, OperationStatus, Plugin, Source, Tombstone
from plugins_app.operations.context import Context
from plugins_app.operations.create import create
from plugins_app.reconcile import verdicts
from plugins_app.reconcile.adopt import adopt_folder
from plugins_app.reconcile.findings import ADOPTABLE, DAMAGED, MISSING, Finding
from plugins_app.store.catalogue import find_entry
from plugins_app.store.refresh import refresh_registries


@dataclass(frozen=True)
class Outcome:
    """What became of a finding: put right, or left to a person, with the reason."""

    is_fixed: bool
    reason: str
    is_ignored: bool = False

    @property
    def verdict(self) -> str:
        """Say it in the words of log and report."""
        return "fixed" if self.is_fixed else "ignored" if self.is_ignored else "manual fix required"


def reinstall_arguments(plugin: Plugin) -> dict[str, Any]:
    """Return what an installation in the place of a plugin's files needs; raise Conflict `no-source` or NotFound `not-in-registry`."""
    repair = {"enable": False, "repair": plugin.plugin_id}
    if plugin.source == Source.BUNDLED:
        path = str(plugin.source_ref.get("path", ""))
        if not Path(path).is_dir():
            raise NotFound("It is no longer part of this product.", code="not-in-product", hint="Remove it.")
        return {"source": Source.BUNDLED, "path": path, **repair}
    if plugin.source == Source.REGISTRY:
        entry = find_entry(registry_id_of(plugin), registry=registry_of(plugin))
        return {"source": Source.REGISTRY, "registry_id": entry.registry_id, "registry": entry.source.name, "version": "", **repair}
    if plugin.source == Source.URL:
        return {"source": Source.URL, **{name: plugin.source_ref.get(name, "") for name in ("url", "plugin_path", "branch")}, **repair}
    raise Conflict(
        f"{plugin.plugin_id} came from {plugin.get_source_display().lower()}: nobody has its files.",
        code="no-source",
        hint="Put its folder back, or remove it and install it again.",
    )


class Repairs:
    """The repairs of one pass; a registry is asked at most once in it."""

    def __init__(self, context: Context, *, run: Callable[[int], bool], start_id: str) -> None:
        self._context, self._run, self._start_id = context, run, start_id
        self._asked: dict[str, NetworkProblem | None] = {}

    def repair(self, finding: Finding) -> Outcome:
        """Put a finding right if the rules allow it."""
        if (finding.kind, finding.plugin_id) in self._ignored:
            return Outcome(False, finding.reason, is_ignored=True)
        if finding.kind == ADOPTABLE:
            return self._adopt(finding)
        if finding.kind not in (MISSING, DAMAGED):
            return Outcome(False, finding.reason)
        return self._bring_back(finding)

    def _adopt(self, finding: Finding) -> Outcome:
        try:
            adopt_folder(self._context, finding.plugin_id, requested_by="system")
        except LedsiteError as error:
            return Outcome(False, error.message)
        return Outcome(True, "The folder was adopted as a local plugin, disabled.")

    def _bring_back(self, finding: Finding) -> Outcome:
        plugin = Plugin.objects.filter(pk=finding.plugin_id).first()
        if plugin is None:
            return Outcome(True, "It was removed meanwhile.")
        verdict = verdicts.standing(plugin.plugin_id, start_id=self._start_id)
        if verdict is not None:
            return Outcome(False, verdict.reason)
        tombstone = Tombstone.objects.filter(plugin_id__iexact=plugin.plugin_id).first()
        if tombstone is not None and tombstone.is_active():
            return Outcome(False, "It was removed on purpose a moment ago.")
        if plugin.source in (Source.UPLOAD, Source.LOCAL, Source.URL):
            return Outcome(False, f"{finding.reason} It came from {plugin.get_source_display().lower()}: install it again, or remove it.")
        return self._reinstall(plugin)

    def _reinstall(self, plugin: Plugin) -> Outcome:
        problem = self._problem_of(registry_of(plugin)) if plugin.source == Source.REGISTRY else None
        if problem is not None:
            return self._transient(plugin, f"The registry cannot be asked: {problem.message}")
        try:
            arguments = reinstall_arguments(plugin)
        except NotFound as error:
            return self._definitive(plugin, "It is not in the registry." if error.code == "not-in-registry" else error.message)
        return self._install(plugin, arguments)

    @cached_property
    def _ignored(self) -> set[tuple[str, str]]:
        return set(IgnoredFinding.objects.values_list("kind", "plugin_id"))

    def _problem_of(self, registry: str) -> NetworkProblem | None:
        """Ask a plugin's registry (empty: all of them) once in this pass: absent counts only when it was asked (ruling E)."""
        if registry not in self._asked:
            try:
                refresh_registries(force=True, only=registry, http=self._context.http)
            except NetworkProblem as problem:
                self._asked[registry] = problem
            else:
                self._asked[registry] = None
        return self._asked[registry]

    def _install(self, plugin: Plugin, arguments: dict[str, Any]) -> Outcome:
        try:
            operation = create(OperationKind.INSTALL, plugin_id=plugin.plugin_id, arguments=arguments, requested_by="system")
        except OperationOpen as error:
            return Outcome(False, error.message)
        self._run(operation.pk)
        return self._judge(plugin, Operation.objects.get(pk=operation.pk))

    def _judge(self, plugin: Plugin, operation: Operation) -> Outcome:
        if operation.status == OperationStatus.SUCCEEDED:
            verdicts.forget(plugin.plugin_id)
            return Outcome(True, "It was installed again.")
        if operation.is_open() or operation.status == OperationStatus.CANCELLED:
            return Outcome(False, "Its repair has not ended.")
        if operation.journal.get("transient"):
            return self._transient(plugin, operation.error_message)
        return self._definitive(plugin, operation.error_message)

    def _definitive(self, plugin: Plugin, reason: str) -> Outcome:
        verdicts.judge_definitive(plugin.plugin_id, reason, start_id=self._start_id)
        return Outcome(False, reason)

    def _transient(self, plugin: Plugin, reason: str) -> Outcome:
        verdicts.judge_transient(plugin.plugin_id, reason, start_id=self._start_id)
        return Outcome(False, reason)
