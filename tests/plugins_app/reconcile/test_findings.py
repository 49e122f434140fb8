"""What counts as not in order (pure)."""

from __future__ import annotations

import pytest

from plugins_app.reconcile.facts import Facts, FolderFact, PluginFact, State, StuckFact
from plugins_app.reconcile.findings import ACTIONS, KINDS, actions_for, find


def kinds(facts: Facts) -> list[tuple[str, str]]:
    return [(finding.plugin_id, finding.kind) for finding in find(facts)]


def test_rows_are_judged_by_their_files_unless_an_operation_works_on_them() -> None:
    plugins = tuple(PluginFact(str(state), "registry", state) for state in State)
    assert kinds(Facts(plugins=plugins)) == [
        ("missing", "missing"),
        ("damaged", "damaged"),
        ("foreign", "foreign-folder"),
        ("no-receipt", "no-receipt"),
        ("other-version", "version-mismatch"),
    ]
    busy = tuple(PluginFact("x", "registry", state, is_busy=True) for state in State)
    assert kinds(Facts(plugins=busy)) == []


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        (FolderFact("new", "new"), "adoptable-folder"),
        (FolderFact("new", "", "not JSON"), "unknown-folder"),
        (FolderFact("new", "other"), "unknown-folder"),
        (FolderFact("gone", "gone"), "unknown-folder"),
        (FolderFact("GONE", "GONE"), "unknown-folder"),
        (FolderFact("twice", "twice"), "unknown-folder"),
        (FolderFact("installed-copy", "installed"), "unknown-folder"),
        (FolderFact("display", "display"), "unknown-folder"),
    ],
)
def test_a_folder_is_adopted_only_when_nothing_speaks_against_it(folder: FolderFact, expected: str) -> None:
    facts = Facts(
        plugins=(PluginFact("installed", "registry", State.FINE),),
        folders=(folder, FolderFact("Twice2", "Twice")),
        tombstones=frozenset({"gone"}),
    )
    assert kinds(facts)[0] == (folder.name, expected)


def test_settings_stuck_operations_and_leftover_packages_are_findings_of_their_own() -> None:
    facts = Facts(
        plugins=(PluginFact("one", "registry", State.FINE, refused_settings="/speed: too high"),),
        stuck=(StuckFact("two", "uninstall", "The disk refuses."),),
        leftovers=("three", "busy"),
        busy=frozenset({"busy", "two"}),
    )
    assert kinds(facts) == [("one", "invalid-settings"), ("two", "interrupted-operation"), ("three", "orphaned-dependencies")]


def test_every_kind_says_what_can_be_done() -> None:
    assert all(set(actions_for(kind)) <= set(ACTIONS) and actions_for(kind) for kind in KINDS)


def test_a_folder_that_an_operation_works_on_is_left_to_it() -> None:
    assert kinds(Facts(folders=(FolderFact("new", "new"),), busy=frozenset({"new"}))) == []
