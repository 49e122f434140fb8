"""Takes over the plugins of a LEDMatrix folder one after the other: installed, set, switched, and at the end put in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from django.conf import settings
from django.db import transaction

from plugins_app.exceptions import LedsiteError
from plugins_app.failpoints import failpoint
from plugins_app.ledmatrix import record
from plugins_app.ledmatrix.bring import ENABLED, NetworkAway, Report, bring
from plugins_app.ledmatrix.choice import BEFORE, SINCE, mark
from plugins_app.ledmatrix.document import leaves
from plugins_app.ledmatrix.outcome import PluginOutcome
from plugins_app.ledmatrix.packing import plain_files
from plugins_app.ledmatrix.settings import Settling, look_at, take_over
from plugins_app.ledmatrix.survey import Candidate, Origin, in_words, was_removed
from plugins_app.lifecycle.enable import set_enabled, set_order
from plugins_app.models import Plugin, Source
from plugins_app.package.paths import PluginPaths

INSTALLED = "/installed"
MOST_FILES = 20
REMOVED = "It was removed here since the import."
LATER = "The network is away."


def plan_plugins(candidates: Sequence[Candidate], *, overwrite: bool) -> list[PluginOutcome]:
    """Say for every plugin what an import would do; without its schema at hand the settings count as taken."""
    return [_planned(candidate, overwrite=overwrite) for candidate in candidates]


def take_over_plugins(candidates: Sequence[Candidate], *, overwrite: bool, report: Report, requested_by: str) -> Iterator[PluginOutcome]:
    """Do it, and tell of each plugin when it is done; what fails with one keeps no other from it, but without network none is fetched."""
    is_network_away = False
    for candidate in candidates:
        left_out = _left_out(candidate, overwrite=overwrite)
        if left_out:
            yield _outcome(candidate, left_out=left_out)
            continue
        try:
            if candidate.plugin is None and is_network_away and candidate.origin == Origin.REGISTRY:
                raise NetworkAway(LATER, hint="Run this again when it is back.")
            yield _take_over_one(candidate, overwrite=overwrite, report=report, requested_by=requested_by)
        except LedsiteError as error:
            is_network_away = is_network_away or isinstance(error, NetworkAway)
            report(f"{candidate.plugin_id}: {error.message} {error.hint}".rstrip())
            yield replace(_outcome(candidate), problem=error.as_dict())


def order_is_to_change(plugin_ids: Sequence[str], *, overwrite: bool) -> bool:
    """Tell whether an import would put plugins into another order: not when a person has done so since the last one."""
    wanted, left = _installed_of(plugin_ids), record.marks_of(record.ORDER)
    present = list(Plugin.objects.in_order().values_list("pk", flat=True))
    if not left:
        return present[: len(wanted)] != wanted
    ours = [plugin_id for plugin_id in present if plugin_id in wanted]
    known = [plugin_id for plugin_id in ours if plugin_id in left]
    return ours != wanted and (overwrite or known == sorted(known, key=lambda plugin_id: int(left[plugin_id])))


def take_over_order(plugin_ids: Sequence[str], *, overwrite: bool, requested_by: str) -> bool:
    """Put plugins into the order that they have there, the others behind them; tell whether that changed anything."""
    with transaction.atomic():
        changes = order_is_to_change(plugin_ids, overwrite=overwrite)
        wanted = _installed_of(plugin_ids)
        if changes:
            set_order(wanted, requested_by=requested_by)
        if changes or not record.marks_of(record.ORDER):
            record.replace(record.ORDER, {plugin_id: str(place) for place, plugin_id in enumerate(wanted)})
    failpoint("import-ordered")
    return changes


def _planned(candidate: Candidate, *, overwrite: bool) -> PluginOutcome:
    left_out = _left_out(candidate, overwrite=overwrite)
    if left_out:
        return _outcome(candidate, left_out=left_out)
    plugin = candidate.plugin or _draft(candidate)
    settling = look_at(plugin, candidate.section, marks=_marks(candidate), overwrite=overwrite)
    switch = _switch(candidate, candidate.plugin, overwrite=overwrite)
    is_checked = candidate.plugin is not None or bool(candidate.schema)
    return replace(_outcome(candidate, settling), is_checked=is_checked, switch=switch, kept=_kept(candidate, plugin, settling, switch))


def _draft(candidate: Candidate) -> Plugin:
    """Return a row that is not saved, for settings of what is not installed yet."""
    return Plugin(plugin_id=candidate.plugin_id, name=candidate.plugin_id, source=Source.UPLOAD, schema=candidate.schema or {})


def _take_over_one(candidate: Candidate, *, overwrite: bool, report: Report, requested_by: str) -> PluginOutcome:
    plugin = candidate.plugin or bring(candidate, report=report, requested_by=requested_by)
    record.remember(record.subject_of(plugin.plugin_id), {INSTALLED: mark(True)})
    settling = look_at(plugin, candidate.section, marks=_marks(candidate, plugin), overwrite=overwrite)
    take_over(plugin, settling, requested_by=requested_by)
    failpoint("import-settings")
    switch = _switch(candidate, plugin, overwrite=overwrite)
    with transaction.atomic():
        if switch is not None:
            plugin = set_enabled(plugin.plugin_id, enabled=switch, requested_by=requested_by)
        if plugin.enabled == candidate.section.enabled:
            record.remember(record.subject_of(plugin.plugin_id), {ENABLED: mark(plugin.enabled)})
    failpoint("import-switched")
    kept = _kept(candidate, plugin, settling, switch)
    outcome = replace(_outcome(candidate, settling), plugin_id=plugin.plugin_id, enabled=plugin.enabled, switch=switch, kept=kept)
    return replace(outcome, own_files=_own_files(candidate, plugin))


def _own_files(candidate: Candidate, plugin: Plugin) -> tuple[str, ...]:
    """Name files of the plugin's folder there that it has not here: a login, for example, or pictures of the owner's."""
    if candidate.folder is None or plugin.source == Source.UPLOAD:
        return ()
    live = PluginPaths(settings.LEDSITE.plugin_dir).live(plugin.plugin_id)
    names = (path.relative_to(candidate.folder.path) for path in plain_files(candidate.folder.path))
    return tuple(islice((name.as_posix() for name in names if not (live / name).exists()), MOST_FILES))


def _switch(candidate: Candidate, plugin: Plugin | None, *, overwrite: bool) -> bool | None:
    """Return what the switch becomes; None when it is so already, or a person here has chosen otherwise."""
    wanted = candidate.section.enabled
    if plugin is None:
        return True if wanted else None
    if plugin.enabled == wanted:
        return None
    left = _marks(candidate, plugin).get(ENABLED)
    return wanted if overwrite or left == mark(plugin.enabled) else None


def _kept(candidate: Candidate, plugin: Plugin, settling: Settling, switch: bool | None) -> dict[str, str]:
    """Return what stays as a person has it here, the switch among it."""
    stays = candidate.plugin is not None and switch is None and plugin.enabled != candidate.section.enabled
    left = _marks(candidate, plugin)
    return {**settling.choice.kept, **({ENABLED: SINCE if ENABLED in left else BEFORE} if stays else {})}


def _left_out(candidate: Candidate, *, overwrite: bool) -> str:
    if candidate.left_out:
        return candidate.left_out
    if candidate.plugin is None and not overwrite and INSTALLED in _marks(candidate) and was_removed(candidate):
        return REMOVED
    return ""


def _marks(candidate: Candidate, plugin: Plugin | None = None) -> dict[str, str]:
    """Return what the last import left, also under the names that the plugin had before it was installed."""
    names = [*candidate.keys, candidate.plugin_id, plugin.plugin_id if plugin else candidate.plugin_id]
    return record.marks_of(*(record.subject_of(name) for name in names))


def _outcome(candidate: Candidate, settling: Settling | None = None, *, left_out: str = "") -> PluginOutcome:
    settling = settling or Settling(secrets=len(candidate.section.secrets))
    return PluginOutcome(
        plugin_id=candidate.plugin_id,
        keys=candidate.keys,
        found=in_words(candidate),
        action="leave" if left_out else "keep" if candidate.plugin else "install",
        enabled=candidate.section.enabled,
        settings=len(leaves(candidate.section.values)),
        taken=tuple(settling.choice.take),
        same=len(settling.choice.same),
        refused=settling.refused,
        secrets=settling.secrets,
        left_out=left_out,
    )


def _installed_of(plugin_ids: Sequence[str]) -> list[str]:
    here = set(Plugin.objects.values_list("pk", flat=True))
    return [plugin_id for plugin_id in dict.fromkeys(plugin_ids) if plugin_id in here]
