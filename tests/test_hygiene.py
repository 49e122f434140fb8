"""What holds for all code and all tests, read from their source."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGES = ("ledsite", "plugins_app", "display_app")
CLOCKS = {"time", "monotonic", "perf_counter", "process_time", "perf_counter_ns", "monotonic_ns"}
DURATIONS = {"elapsed", "took", "duration_seconds", "seconds_taken"}
IN_CHILDREN = {"tests/crash/variants.py", "tests/crash/actions.py", "tests/crash/recorder.py", "tests/crash/warm.py"}  # gone with them


def product() -> list[Path]:
    """Return the product's own modules."""
    paths = [path for package in PACKAGES for path in (CHECKOUT / package).rglob("*.py")]
    return [path for path in paths if not {"migrations", "bundled", "compat"} & set(path.parts)]


def suite() -> list[Path]:
    """Return the modules of the suite but benchmarks and sample plugins."""
    return [
        path for path in (CHECKOUT / "tests").rglob("*.py") if not {"benchmarks", "plugins"} & set(path.relative_to(CHECKOUT).parts[1:-1])
    ]


@cache
def tree_of(path: Path) -> ast.Module:
    """Parse a module once."""
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, node: ast.AST) -> str:
    """Name a line."""
    return f"{path.relative_to(CHECKOUT)}:{getattr(node, 'lineno', 0)}"


def test_no_test_asserts_how_long_something_took() -> None:
    found = []
    for path in suite():
        for node in ast.walk(tree_of(path)):
            is_limit = isinstance(node, ast.Assert) and "deadline" in ast.unparse(node.test)  # of polling: not how long, but that it ends
            if isinstance(node, ast.Assert) and not is_limit and any(_is_clock(part) for part in ast.walk(node.test)):
                found.append(place(path, node))
    assert found == []


def _is_clock(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return ast.unparse(node.func).startswith("time.") and node.func.attr in CLOCKS
    return isinstance(node, ast.Name) and node.id in DURATIONS


def test_no_test_swallows_what_goes_wrong() -> None:
    found = []
    for path in suite():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ExceptHandler) and _is_wide(node.type) and not any(map(_says_something, node.body)):
                found.append(place(path, node))
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress") and any(map(_is_wide, node.args)):
                found.append(place(path, node))
    assert found == []


def _is_wide(kind: ast.expr | None) -> bool:
    return kind is None or ast.unparse(kind) in ("Exception", "BaseException", "AssertionError")


def _says_something(statement: ast.stmt) -> bool:
    return not isinstance(statement, ast.Pass | ast.Continue)


def test_what_a_test_changes_in_the_product_is_put_back_by_its_fixture() -> None:
    """An attribute of a module of the product is set by `monkeypatch` or `settings`, which know absent from None, never by assignment."""
    found = []
    for path in suite():
        if str(path.relative_to(CHECKOUT)) in IN_CHILDREN:
            continue
        modules = set(_modules_of_the_product(tree_of(path)))
        for node in ast.walk(tree_of(path)):
            targets = node.targets if isinstance(node, ast.Assign) else []
            found += [place(path, node) for target in targets if isinstance(target, ast.Attribute) and ast.unparse(target.value) in modules]
    assert found == []


def _modules_of_the_product(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PACKAGES:
            folder = CHECKOUT / (node.module or "").replace(".", "/")
            for alias in node.names:
                if (folder / f"{alias.name}.py").exists() or (folder / alias.name / "__init__.py").exists():
                    yield alias.asname or alias.name


def test_four_of_five_public_names_are_explained() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "interrogate", "--fail-under", "80", *PACKAGES], cwd=CHECKOUT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_mixed_conditions_have_parentheses_and_no_variable_is_dead() -> None:
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "--no-cache",
        "--select",
        "RUF021,F841,F811",
        *PACKAGES,
        "--exclude",
        "migrations",
    ]
    done = subprocess.run([*command, "--preview"], cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_comments_are_plain_ascii() -> None:
    found = []
    for path in product():
        tokens = tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
        found += [
            f"{path.relative_to(CHECKOUT)}:{token.start[0]}"
            for token in tokens
            if token.type == tokenize.COMMENT and not token.string.isascii()
        ]
    assert found == []


def test_types_say_what_a_collection_holds() -> None:
    """Every function says what it takes and gives, and no cache or set is just a `dict` or a `set`."""
    found = []
    for path in product():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                given = [argument for argument in (*node.args.args, *node.args.kwonlyargs) if argument.arg not in ("self", "cls")]
                if node.returns is None or any(argument.annotation is None for argument in given):
                    found.append(place(path, node))
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) in ("dict", "set", "list", "frozenset"):
                found.append(place(path, node))
    assert found == []
