"""The folders of a crash test, which go back to a prepared scene before every case, and the processes that work in them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.fakes.hub import Hub

CHECKOUT = Path(__file__).resolve().parents[2]
SAMPLE = CHECKOUT / "tests" / "plugins" / "needs_config"
KILLED = -9
SCHEMA_CHANGE = ('"metric", "imperial"', '"metric", "kelvin"')


class World:
    """One product without its servers: database, plugin folder, a hub, and a zygote for children."""

    ids: tuple[str, ...] = ("alpha", "bystander")

    def __init__(self, folder: Path, hub: Hub) -> None:
        self.folder, self.hub = folder, hub
        self.live = folder / "live"
        self.operations: dict[str, int] = {}
        self.bystander: dict[str, dict[str, str]] = {}
        self.undisturbed: dict[str, tuple[dict[str, str], int]] = {}
        self.publish(version="1.0.0")
        for name in ("var", "run", "root/plugin-repos"):
            (self.live / name).mkdir(parents=True)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LEDSITE_")}
        environment |= hub.environment() | {
            "DJANGO_SETTINGS_MODULE": "ledsite.settings",
            "LEDSITE_DATA_DIR": str(self.live / "var"),
            "LEDSITE_RUN_DIR": str(self.live / "run"),
            "LEDSITE_PLUGIN_DIR": str(self.live / "root" / "plugin-repos"),
            "LEDSITE_TIME_ZONE": "UTC",
        }
        self._log = (folder / "zygote.log").open("w", encoding="utf-8")
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.zygote"],
            cwd=CHECKOUT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self._read()
        self.do("migrate")
        self.save("bare")
        self._ask({"action": "warm up"})
        self.load("bare")  # what the zygote did to get warm is undone

    def close(self) -> None:
        """End the zygote."""
        assert self._zygote.stdin is not None and self._zygote.stdout is not None
        self._zygote.stdin.close()
        self._zygote.wait(10)
        self._zygote.stdout.close()
        self._log.close()

    def publish(self, *, version: str) -> None:
        """Offer the plugins in a version; from the second on, alpha has another file and another schema."""
        entries = []
        for plugin_id in self.ids:
            target = self.folder / "repository" / "plugins" / plugin_id
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(SAMPLE, target, ignore=shutil.ignore_patterns("__pycache__"))
            manifest = json.loads((target / "manifest.json").read_text())
            (target / "manifest.json").write_text(json.dumps(manifest | {"id": plugin_id, "version": version}))
            if version != "1.0.0":
                schema = target / "config_schema.json"
                schema.write_text(schema.read_text().replace(*SCHEMA_CHANGE))
                (target / "new.txt").write_text("new")
            entries.append({"id": plugin_id, "plugin_path": f"plugins/{plugin_id}", "latest_version": version})
        common = {"name": "Sample", "repo": "https://github.com/example/plugins", "branch": "main", "author": "somebody"}
        roots = {entry["plugin_path"]: self.folder / "repository" / entry["plugin_path"] for entry in entries}
        self.hub.add_repository("example/plugins", roots)
        self.entries = [common | entry for entry in entries]
        self.hub.set_registry({"version": "1.0.0", "last_updated": version, "plugins": self.entries})

    def do(self, action: str, *args: Any, **kwargs: Any) -> Any:
        """Do something in a child that must live; return its value."""
        answer = self.attempt(action, *args, **kwargs)
        assert answer["code"] == 0 and "failed" not in answer, answer
        return answer["value"]

    def attempt(self, action: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Do something in a child that may be killed."""
        return dict(self._ask({"action": action, "args": args, "kwargs": kwargs}))

    def together(self, count: int, action: str, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        """Do the same in several children at once."""
        return list(self._ask({"action": action, "args": args, "kwargs": kwargs, "side_by_side": count}))

    def save(self, scene: str) -> None:
        """Keep the present state under a name."""
        shutil.rmtree(self.folder / scene, ignore_errors=True)
        shutil.copytree(self.live, self.folder / scene, symlinks=True)
        _renew_inodes(self.live, self.folder / scene)

    def has(self, scene: str) -> bool:
        """Tell whether a state is kept under a name."""
        return (self.folder / scene).is_dir()

    def load(self, scene: str) -> None:
        """Go back to a kept state."""
        shutil.rmtree(self.live)
        shutil.copytree(self.folder / scene, self.live, symlinks=True)
        _renew_inodes(self.folder / scene, self.live)

    def _ask(self, order: dict[str, Any]) -> Any:
        assert self._zygote.stdin is not None
        self._zygote.stdin.write(json.dumps(order) + "\n")
        self._zygote.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        assert self._zygote.stdout is not None
        line = self._zygote.stdout.readline()
        assert line, (self.folder / "zygote.log").read_text()
        return json.loads(line)


def _renew_inodes(old: Path, new: Path) -> None:
    """Write the inodes of copied trees into copied receipts, as if nothing had been copied."""
    repos, copied = old / "root" / "plugin-repos", new / "root" / "plugin-repos"
    trees = (path for path in repos.glob("**/") if not path.is_symlink())  # a tree has its receipt while it is in staging, already
    by_inode = {tree.stat().st_ino: copied / tree.relative_to(repos) for tree in trees}
    for path in copied.glob(".ledsite/receipts/*/*.json"):
        receipt = json.loads(path.read_text())
        tree = by_inode.get(receipt["inode"])
        path.write_text(json.dumps(receipt | {"inode": tree.stat().st_ino if tree else 0}))
