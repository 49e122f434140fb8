"""Reads requirements.toml, and tells of every test whether a promise of the product rests on it."""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
LEDGER = CHECKOUT / "tests" / "requirements.toml"


@cache
def rows() -> dict[str, dict[str, object]]:
    """Return the rows by number."""
    return tomllib.loads(LEDGER.read_text(encoding="utf-8"))


def tests_of(row: dict[str, object]) -> list[str]:
    """Return the ids of the tests that a row names."""
    named = row.get("tests", [])
    return [str(name) for name in named] if isinstance(named, list) else []


@cache
def tests_that_count() -> frozenset[str]:
    """Return every test id of the ledger, without parameters."""
    return frozenset(name for row in rows().values() for name in tests_of(row))


@cache
def definitions(path: str) -> dict[str, ast.AST]:
    """Return the tests of a file by their name within it; `Class::test` for methods, and the module itself as the empty name."""
    tree = ast.parse((CHECKOUT / path).read_text(encoding="utf-8"))
    found: dict[str, ast.AST] = {"": tree}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{item.name}": item for item in node.body if isinstance(item, ast.FunctionDef)}
    return found


def is_test(name: str) -> bool:
    """Tell whether a test id names a test that is there."""
    path, _, test = name.partition("::")
    is_named_so = test.rpartition("::")[2].startswith("test_")
    return is_named_so and (CHECKOUT / path).is_file() and test in definitions(path)


def excuses(name: str) -> list[str]:
    """Return how a test might get out of being run: marks and calls, its module's marks too."""
    path, _, test = name.partition("::")
    module, body = definitions(path)[""], definitions(path)[test]
    marks = [node for node in getattr(module, "body", []) if isinstance(node, ast.Assign) and "pytestmark" in ast.unparse(node.targets[0])]
    words = {"skip", "skipif", "skipTest", "xfail", "importorskip"}
    used = {node.attr for part in [*marks, body] for node in ast.walk(part) if isinstance(node, ast.Attribute)}
    return sorted(used & words)
