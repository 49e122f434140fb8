"""An import that is killed again and again leaves what an undisturbed one leaves, once it is let to its end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.hub import Hub
from tests.fakes.ledmatrix import as_it_is, make_ledmatrix
from tests.fakes.product import BASE_DIR, Product
from tests.fakes.samples import sample_registry

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]

KILLED = -9
STEPS = (
    "import-announced",  # nothing but our note that it will be installed
    "phase-stored",  # in the middle of its installation
    "committed",  # it is installed, and its files are not in their place yet
    "import-settings",
    "import-switched",
    "phase-fetched",  # of the next one
    "import-ordered",
)


def run(product: Product, *words: object, kill_at: str = "") -> subprocess.CompletedProcess[str]:
    armed = {"LEDSITE_FAILPOINT_AT": "1", "LEDSITE_FAILPOINT_ONLY": kill_at} if kill_at else {}
    command = [sys.executable, "manage.py", *map(str, words)]
    return subprocess.run(command, cwd=BASE_DIR, env=product.environment | armed, capture_output=True, text=True, timeout=120, check=False)


def what_is_there(product: Product) -> Any:
    target = product.folder / "export"
    assert run(product, "exportledmatrix", target, "--with-secrets").returncode == 0
    documents = [json.loads((target / "config" / name).read_text()) for name in ("config.json", "config_secrets.json")]
    rows = json.loads(run(product, "listplugins", "--json").stdout)
    return documents, [(row["id"], row["version"], row["enabled"], row["source"], row["status"]) for row in rows]


def test_it_is_killed_at_every_kind_of_step(tmp_path: Path) -> None:
    registry, plugins = sample_registry(tmp_path / "hub", ids=("alpha",))
    hub = Hub(registry=registry, plugins=plugins)
    try:
        led = make_ledmatrix(
            tmp_path / "led",
            sections={"mine": {"enabled": True, "text": "own"}, "alpha": {"enabled": True, "text": "there"}},
            secrets={"alpha": {"text": "hush"}},
            display={"plugin_rotation_order": ["alpha", "mine"]},
            plugins=("mine",),
        )
        before = as_it_is(led)
        products = [Product(tmp_path / name, **hub.environment()) for name in ("undisturbed", "killed")]
        for product in products:
            product.furnish()
        undisturbed, killed = products
        assert run(undisturbed, "importledmatrix", led).returncode == 0
        for step in STEPS:
            done = run(killed, "importledmatrix", led, kill_at=step)
            assert done.returncode == KILLED, (step, done.stdout, done.stderr)
        last = run(killed, "importledmatrix", led)
        assert last.returncode == 0, last.stderr
        assert what_is_there(killed) == what_is_there(undisturbed)
        assert "Everything is here already" in run(killed, "importledmatrix", led).stdout
        assert as_it_is(led) == before
    finally:
        hub.close()
