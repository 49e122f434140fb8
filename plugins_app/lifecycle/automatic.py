"""Automatic updates: one plugin at a time, to a release that is a day old, on probation until the panel has shown it, else back.

The counts of the probation come from the panel (`Probation`, written by display_app/health); everything here reads rows and receipts only.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from plugins_app import audit
from plugins_app.exceptions import LedsiteError, OperationOpen
from plugins_app.failpoints import failpoint
from plugins_app.lifecycle.updating import Offer, offers
from plugins_app.lifecycle.versions import previous_version
from plugins_app.models import Issue, Operation, OperationKind, Plugin, Probation, Release, Tombstone, UpdatePolicy
from plugins_app.models.states import CLOSED_STATUSES
from plugins_app.operations.create import create

WHO = "automatic"
FAILED_WAIT = timedelta(hours=24)
CAN_BE_SHOWN = frozenset({"showing", "ready", "starting"})

logger = logging.getLogger(__name__)


def set_automatic(automatic: bool, *, requested_by: str) -> None:
    """Turn automatic updates on or off."""
    with transaction.atomic():
        UpdatePolicy.objects.update_or_create(pk=1, defaults={"automatic": automatic})
        audit.record(requested_by, "update-policy", automatic=automatic)


def describe() -> dict[str, Any]:
    """Return whether it is on, what is on probation, and what is not offered again."""
    probations = Probation.objects.order_by("plugin_id")
    fields = ("plugin_id", "version", "from_version", "begun_at", "turns", "turns_with_picture", "shown_seconds")
    refused = Release.objects.exclude(refused_at=None).order_by("plugin_id", "version")
    return {
        "automatic": UpdatePolicy.is_automatic(),
        "probation": list(probations.values(*fields)),
        "refused": [{"plugin_id": one.plugin_id, "version": one.version, "reason": one.refused_reason} for one in refused],
    }


def look() -> None:
    """Do what is due: remember what is on offer, end probations, begin the next update when that is wanted."""
    on_offer = offers()
    note_releases(on_offer)
    failpoint("releases-noted")
    for probation in Probation.objects.all():
        settle(probation)
        failpoint("probation-settled")
    if UpdatePolicy.is_automatic():
        begin_next(on_offer)


def note_releases(on_offer: list[Offer]) -> None:
    """Remember since when a version is known; forget those that are no longer the newest.

    A refusal lasts as long as its plugin is installed or can be brought back.
    """
    known = set(Release.objects.values_list("plugin_id", "version"))
    wanted = {(offer.plugin_id, offer.latest_version) for offer in on_offer}
    for plugin_id, version in wanted - known:
        Release.objects.get_or_create(plugin_id=plugin_id, version=version)
    Release.objects.filter(seen_at__gt=timezone.now() + timedelta(minutes=5)).update(seen_at=timezone.now())  # the clock was not set then
    known_here = set(Plugin.objects.values_list("plugin_id", flat=True))
    known_here |= {tombstone.plugin_id for tombstone in Tombstone.objects.all() if tombstone.can_be_undone()}
    for release in Release.objects.all():
        is_over = release.refused_at is None and (release.plugin_id, release.version) not in wanted
        if is_over or release.plugin_id not in known_here:
            release.delete()


def settle(probation: Probation) -> None:
    """End a probation that is passed or pointless; send a version back that has failed."""
    plugin = Plugin.objects.filter(pk=probation.plugin_id, active_generation=probation.generation).first()
    if plugin is None:
        probation.delete()
    elif reason := probation.failure():
        _send_back(probation, plugin, reason)
    elif probation.is_passed():
        logger.info("%s %s has passed its probation", plugin.plugin_id, plugin.version)
        probation.delete()


def refuse(probation: Probation, reason: str) -> None:
    """Never offer a version again, inside the caller's transaction."""
    Release.objects.update_or_create(
        plugin_id=probation.plugin_id, version=probation.version, defaults={"refused_at": timezone.now(), "refused_reason": reason}
    )
    probation.delete()


def begin_next(on_offer: list[Offer]) -> None:
    """Queue one update, unless one is under way or on probation."""
    is_busy = Operation.objects.open().filter(arguments__automatic=True).exists() or Probation.objects.exists()
    ripe = [] if is_busy else [offer for offer in on_offer if _may_update(offer)]
    for offer in ripe[:1]:
        arguments = {"automatic": True, "to": offer.latest_version}
        try:
            create(OperationKind.UPDATE, plugin_id=offer.plugin_id, arguments=arguments, requested_by=WHO)
        except OperationOpen:
            return
        failpoint("update-asked-for")


def _may_update(offer: Offer) -> bool:
    """Only what the panel can show can prove itself; a version whose update failed is tried again after a day."""
    if offer.is_busy or not offer.enabled or offer.status not in CAN_BE_SHOWN:
        return False
    now = timezone.now()
    release = Release.objects.filter(plugin_id=offer.plugin_id, version=offer.latest_version).first()
    if release is None or not release.is_ripe(now) or _was_left(offer):
        return False
    tried = Operation.objects.filter(plugin_id=offer.plugin_id, arguments__automatic=True, status__in=CLOSED_STATUSES)
    return not tried.filter(kind=OperationKind.UPDATE, arguments__to=offer.latest_version, created_at__gt=now - FAILED_WAIT).exists()


def _was_left(offer: Offer) -> bool:
    """Tell whether a person went back from this very version: it stands where a rollback would lead."""
    plugin = Plugin.objects.filter(pk=offer.plugin_id).first()
    return plugin is not None and previous_version(plugin) == offer.latest_version


def _send_back(probation: Probation, plugin: Plugin, reason: str) -> None:
    arguments = {"automatic": True, "generation": probation.generation, "reason": reason}
    if not plugin.previous_generation:
        with transaction.atomic():
            refuse(probation, reason)
            Issue.report(
                "update-failed", plugin.plugin_id, f"{plugin.name} {plugin.version} fails, and there is no earlier version: {reason}"
            )
        return
    try:
        create(OperationKind.ROLLBACK, plugin_id=plugin.plugin_id, arguments=arguments, requested_by=WHO)
    except LedsiteError as error:
        logger.info("%s is not sent back yet: %s", plugin.plugin_id, error.message)
