"""The import rules of docs/architecture.md, read from the source of every module."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.test_docs import BASE_DIR, rooms

PACKAGES = ("ledsite", "plugins_app", "display_app")
PURE_MODULES = (
    "plugins_app/config/defaults.py",
    "plugins_app/config/validation.py",
    "plugins_app/reconcile/findings.py",
    "plugins_app/store/http.py",
    *(f"plugins_app/ledmatrix/{name}.py" for name in ("choice", "document", "files", "outcome", "packing")),
    "display_app/health/breaker.py",
    *(f"display_app/ledmatrix/{name}.py" for name in ("extension", "flat", "hardware", "reading", "report", "weekly", "writing")),
    "ledsite/env.py",
    "ledsite/keys.py",
    "ledsite/process.py",
    "ledsite/supervisor",
)
OPEN_TO_DISPLAY = {"models", "package", "config", "exceptions", "wakeup", "panel", "access", "audit", "ledmatrix"}
LONGEST_MODULE = 300


def modules(*folders: str) -> list[Path]:
    """List the Python files below folders, or the files themselves, without migrations."""
    found: list[Path] = []
    for folder in folders:
        path = BASE_DIR / folder
        found += [path] if path.is_file() else [each for each in sorted(path.rglob("*.py")) if "migrations" not in each.parts]
    return found


def pure_modules() -> list[Path]:
    """List every module that the architecture page calls pure."""
    pure_rooms = [path for path, text in rooms().items() if text.endswith("(pure)")]
    assert len(pure_rooms) >= 8, pure_rooms
    return modules(*pure_rooms, *PURE_MODULES)


def is_type_checking(node: ast.AST) -> bool:
    """Recognise `if TYPE_CHECKING:`."""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the dotted names that a module imports anywhere, except for type checkers only."""
    found: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(path.read_text())]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif is_type_checking(node):
            waiting += node.orelse  # type: ignore[attr-defined]
            continue
        waiting += ast.iter_child_nodes(node)
    return frozenset(found)


def file_of(name: str) -> Path | None:
    """Return the file of a module of ours."""
    path = BASE_DIR.joinpath(*name.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if name.split(".")[0] in PACKAGES and candidate.is_file():
            return candidate
    return None


@cache
def closure(path: Path) -> frozenset[str]:
    """Return everything that importing a module brings in, through modules of ours."""
    found: set[str] = set()
    waiting = [path]
    seen = {path}
    while waiting:
        names = imports(waiting.pop())
        found |= names
        parents = {".".join(name.split(".")[:depth]) for name in names for depth in range(1, name.count(".") + 2)}
        for file in filter(None, map(file_of, parents)):
            if file not in seen:
                seen.add(file)
                waiting.append(file)
    return frozenset(found)


def name_of(path: Path) -> str:
    """Name a file in a test's output."""
    return str(path.relative_to(BASE_DIR))


@pytest.mark.parametrize("path", pure_modules(), ids=name_of)
def test_pure_rooms_bring_in_neither_django_nor_models(path):
    impure = {
        name
        for name in closure(path)
        if name.split(".")[0] in ("django", "django_q", "rest_framework") or name.startswith(("plugins_app.models", "display_app.models"))
    }
    assert impure == set()


def test_plugins_app_never_imports_display_app():
    offenders = {name_of(path): name for path in modules("plugins_app") for name in imports(path) if name.split(".")[0] == "display_app"}
    assert offenders == {}


def test_display_app_imports_only_the_open_rooms_of_plugins_app():
    own_ways_in = ("api", "admin", "management")
    ways_in = [BASE_DIR / "display_app" / room for room in own_ways_in]
    offenders = {
        (name_of(path), name)
        for path in modules("display_app")
        for name in imports(path)
        if name.startswith("plugins_app.")
        and name.split(".")[1] not in OPEN_TO_DISPLAY
        and not (name.split(".")[1] in own_ways_in and any(room in path.parents for room in ways_in))
    }
    assert offenders == set()


def test_rooms_do_not_import_the_wiring():
    allowed = {"ledsite.env", "ledsite.keys", "ledsite.__version__"}
    offenders = {
        (name_of(path), name)
        for path in modules("plugins_app", "display_app")
        for name in imports(path)
        if name.startswith("ledsite.") and not any(name == each or name.startswith(f"{each}.") for each in allowed)
    }
    assert offenders == set()


def test_no_module_is_too_long():
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in modules(*PACKAGES)}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_every_module_says_what_it_is():
    silent = [
        name_of(path) for path in modules(*PACKAGES) if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []
