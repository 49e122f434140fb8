"""Health in rows: what survives a restart of the panel, on another clock."""

from __future__ import annotations

import pytest

from display_app.health.record import Record
from display_app.health.records import forget, note_turn, read_records, write_record
from display_app.models import PluginHealth
from plugins_app.models import Issue, Probation

pytestmark = pytest.mark.django_db


def test_strikes_survive_a_restart_of_the_machine() -> None:
    record = Record("bad", "g1").struck(5000.0, "it crashed.")
    write_record(record, now=5000.0, wall_clock=1_700_000_000.0)
    found = read_records(now=10.0, wall_clock=1_700_000_060.0)["bad"]
    assert found.strikes[0].at == pytest.approx(-50.0)
    assert (found.generation, found.last_error, found.restarts) == ("g1", "it crashed.", 1)


def test_an_overdue_update_is_remembered_as_one() -> None:
    write_record(Record("waits", "g1").struck(5.0, "its update did not end.", is_overdue=True), now=5.0, wall_clock=5.0)
    assert read_records(now=5.0, wall_clock=5.0)["waits"].strikes[-1].is_overdue


def test_quarantine_is_an_issue_until_it_is_over() -> None:
    record = Record("bad", "g1")
    for at in range(5):
        record = record.struck(float(at), "it crashed.")
    write_record(record, now=5.0, wall_clock=1_700_000_000.0)
    row = PluginHealth.objects.get()
    assert row.quarantined_at is not None
    assert read_records(now=0.0, wall_clock=0.0)["bad"].quarantine_reason == row.quarantine_reason
    issue = Issue.objects.get(resolved_at=None)
    assert (issue.actions, issue.message) == (["release"], f"bad is stopped. {row.quarantine_reason}")
    write_record(record.released(), now=6.0, wall_clock=1_700_000_001.0)
    assert PluginHealth.objects.get().quarantined_at is None
    assert not Issue.objects.filter(resolved_at=None).exists()


def test_nothing_is_kept_of_a_plugin_that_is_gone() -> None:
    write_record(Record("bad").struck(0.0, "it crashed."), now=0.0, wall_clock=0.0)
    forget("bad")
    assert not PluginHealth.objects.exists()


def test_what_speaks_against_a_version_on_probation_is_kept_and_a_network_that_is_down_is_not() -> None:
    Probation.objects.create(plugin_id="new", generation="g2", version="2", from_version="1")
    offline = Record("new", "g2")
    for at in range(3):
        offline = offline.raised(float(at), "no route", "", network=True)
    write_record(offline, now=3.0, wall_clock=0.0)
    write_record(Record("new", "g1").struck(4.0, "the old one crashed."), now=4.0, wall_clock=0.0)
    assert Probation.objects.get().fault == ""
    write_record(Record("new", "g2").struck(5.0, "it crashed."), now=5.0, wall_clock=0.0)
    assert Probation.objects.get().failure() == "it crashed."


def test_turns_are_counted_for_versions_on_probation_only() -> None:
    Probation.objects.create(plugin_id="new", generation="g2", version="2", from_version="1")
    for plugin_id, generation, had_picture in (("new", "g2", True), ("new", "g2", False), ("new", "g1", True), ("other", "g", True)):
        note_turn(plugin_id, generation, had_picture=had_picture, seconds=15.0)
    probation = Probation.objects.get()
    assert (probation.turns, probation.turns_with_picture, probation.shown_seconds) == (2, 1, 30.0)
