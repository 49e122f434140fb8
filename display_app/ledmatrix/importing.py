"""Imports what was found in a LEDMatrix folder: says what would happen, or does it, the panel first and the plugins one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from display_app.ledmatrix.looking import Found, Say, is_duration, panel_settings
from display_app.ledmatrix.panel import PanelOutcome, plan_panel, take_over_panel
from display_app.ledmatrix.reading import DURATIONS_PATH, NO_SUCH_MODE
from plugins_app.ledmatrix import token
from plugins_app.ledmatrix.document import Refused
from plugins_app.ledmatrix.files import what_stays
from plugins_app.ledmatrix.outcome import PluginOutcome
from plugins_app.ledmatrix.plugins import order_is_to_change, plan_plugins, take_over_order, take_over_plugins


@dataclass(frozen=True)
class Setting:
    """A setting that belongs into the environment: what it is there, and here."""

    name: str
    wanted: str
    here: str


@dataclass(frozen=True)
class ImportReport:
    """What an import would do, or did."""

    path: str
    is_done: bool
    panel: PanelOutcome
    environment: tuple[Setting, ...] = ()
    plugins: tuple[PluginOutcome, ...] = ()
    order_changes: bool = False
    github_token: str = ""
    refused: tuple[Refused, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    registry_problem: str = ""

    @property
    def is_change(self) -> bool:
        """Tell whether anything is, or would be, different afterwards."""
        plugins = any(outcome.is_change and not outcome.problem for outcome in self.plugins)
        return bool(self.panel.taken) or plugins or self.order_changes or self.github_token == token.TAKEN

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is left that another run might do."""
        return not self.registry_problem and not any(outcome.problem for outcome in self.plugins)


def plan(found: Found, *, overwrite: bool) -> ImportReport:
    """Say what would be done; nothing is changed."""
    theirs = panel_settings(found)
    refused = tuple(each for each in theirs.refused if not _is_known_later(found, each))
    outcomes = tuple(plan_plugins(found.candidates, overwrite=overwrite))
    has_news = any(outcome.action == "install" for outcome in outcomes)
    return _report(
        found,
        panel=plan_panel(theirs.settings, theirs.origins, overwrite=overwrite),
        plugins=outcomes,
        order_changes=bool(found.order) and (has_news or order_is_to_change(found.order, overwrite=overwrite)),
        github_token=token.plan_token(found.document.github_token, overwrite=overwrite),
        refused=refused,
    )


def carry_out(found: Found, *, overwrite: bool, say: Say, requested_by: str) -> ImportReport:
    """Do it. What is done stays when this is interrupted, and the next run does the rest."""
    options: dict[str, Any] = {"overwrite": overwrite, "requested_by": requested_by}
    panel = _panel(found, durations=False, **options)
    github_token = token.take_over_token(found.document.github_token, **options)
    outcomes = tuple(take_over_plugins(found.candidates, report=say, **options))
    ids = {candidate.plugin_id: outcome.plugin_id for candidate, outcome in zip(found.candidates, outcomes, strict=True)}
    order_changes = bool(found.order) and take_over_order([ids.get(name, name) for name in found.order], **options)
    # Whose modes they are is known only now.
    durations = _panel(found, durations=True, **options)
    together = PanelOutcome(
        taken=(*panel.taken, *durations.taken),
        same=(*panel.same, *durations.same),
        kept={**panel.kept, **durations.kept},
        refused=(*panel.refused, *durations.refused),
    )
    return _report(
        found,
        is_done=True,
        panel=together,
        plugins=outcomes,
        order_changes=order_changes,
        github_token=github_token,
        refused=panel_settings(found).refused,
    )


def _is_known_later(found: Found, refused: Refused) -> bool:
    """Tell whether a mode may be one of a plugin whose manifest is read only when it is installed."""
    is_open = any(each.plugin is None and each.folder is None and not each.left_out for each in found.candidates)
    return is_open and refused.path.startswith(f"{DURATIONS_PATH}/") and refused.reason == NO_SUCH_MODE


def _panel(found: Found, *, durations: bool, overwrite: bool, requested_by: str) -> PanelOutcome:
    theirs = panel_settings(found)
    part = {pointer: value for pointer, value in theirs.settings.items() if is_duration(pointer) == durations}
    return take_over_panel(part, theirs.origins, overwrite=overwrite, requested_by=requested_by)


def _report(found: Found, *, refused: tuple[Refused, ...], is_done: bool = False, **parts: Any) -> ImportReport:
    broken = {f"{each.path.parent.name}/{each.name}": each.problem for each in found.files.folders if each.problem}
    stays = what_stays(found.files.path) if found.files.is_whole else {}
    return ImportReport(
        path=str(found.files.path),
        is_done=is_done,
        environment=_environment(found),
        refused=(*found.document.refused, *found.words.refused, *refused),
        left_out={**found.words.left_out, **broken, **stays},
        registry_problem=found.registry_problem,
        **parts,
    )


def _environment(found: Found) -> tuple[Setting, ...]:
    here = settings.LEDSITE
    panel = f"{here.panel.cols}x{here.panel.rows}x{here.panel.chain}x{here.panel.parallel}"
    wanted = (("LEDSITE_PANEL", found.words.panel, panel), ("LEDSITE_TIME_ZONE", found.words.time_zone, here.time_zone))
    return tuple(Setting(name, value, present) for name, value, present in wanted if value)
