"""Git working copies: facts by reading files, and a signature that moves with them (R70 to R75)."""

from __future__ import annotations

import subprocess

import pytest

from plugins_app.package.git import GitFacts, read_git, signature
from tests.fakes.archives import make_tree

A, B = "a" * 40, "b" * 40
CONFIG = '[core]\n\tbare = false\n[remote "origin"]\n\turl = https://me:secret@example.org/o/r.git\n\tfetch = +refs/heads/*:x\n'


@pytest.fixture
def copy(tmp_path):
    return make_tree(tmp_path / "copy", {".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": A + "\n", ".git/config": CONFIG})


@pytest.fixture(autouse=True)
def no_processes(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)


def test_a_branch_its_commit_and_its_remote_without_credentials(copy):
    assert read_git(copy) == GitFacts("main", A, "https://example.org/o/r.git")


def test_packed_refs_are_read(copy):
    (copy / ".git/refs/heads/main").unlink()
    make_tree(copy, {".git/packed-refs": f"# pack-refs\n{B} refs/heads/other\n{A} refs/heads/main\n"})
    assert read_git(copy) == GitFacts("main", A, "https://example.org/o/r.git")


def test_a_detached_head_has_no_branch(copy):
    make_tree(copy, {".git/HEAD": B + "\n"})
    assert read_git(copy) == GitFacts("", B, "https://example.org/o/r.git")


def test_no_git_folder_means_no_facts(tmp_path):
    assert read_git(tmp_path) is None
    assert signature(tmp_path) is None


@pytest.mark.parametrize("head", ["ref: refs/../../../etc/passwd", "ref: /etc/passwd", "\0", ""])
def test_a_head_that_leads_elsewhere_is_not_followed(copy, head):
    make_tree(copy, {".git/HEAD": head})
    assert read_git(copy) == GitFacts("", "", "https://example.org/o/r.git")


@pytest.mark.parametrize("change", [{".git/refs/heads/main": B}, {".git/config": CONFIG.replace("/r.git", "/s.git")}, {".git/HEAD": B}])
def test_fast_forward_remote_and_checkout_move_the_signature(copy, change):
    before = signature(copy)
    make_tree(copy, change)
    assert signature(copy) != before
    assert signature(copy) == signature(copy)


def test_parts_that_cannot_be_read_are_none(copy):
    (copy / ".git/config").unlink()
    assert signature(copy)[-2:] == (None, None)
    assert read_git(copy) == GitFacts("main", A, "")
