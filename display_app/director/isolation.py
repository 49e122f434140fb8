"""Chooses how hosts are confined on this machine; what is chosen here is claimed only after a probe host has tried it."""

from __future__ import annotations

import logging
import os
import pwd
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from display_app.director.config import DirectorConfig
from display_app.hosting import kernel
from display_app.hosting.order import Confinement, StartOrder

DEFAULT_USERS = ("ledsite-plugins", "nobody")
REACH_SECONDS = 10
# Runs as the other user: may it read our code, and reach the folders in which plugins get their own?
REACH_SCRIPT = "import os, sys; sys.exit(0 if all(os.access(p, int(m)) for m, p in zip(sys.argv[1::2], sys.argv[2::2])) else 1)"

logger = logging.getLogger(__name__)


def choose_confinement(config: DirectorConfig) -> Confinement:
    """Return the strongest confinement in which plugins still work here."""
    protected = (config.environment.data_dir, config.run_dir, config.environment.plugin_dir)
    common: dict[str, Any] = {
        "landlock": kernel.landlock_version() > 0,
        "code": tuple(str(config.code_dir / name) for name in ("display_app", "plugins_app")),
        "protected": tuple(str(path) for path in protected),
    }
    if os.geteuid() != 0:
        return Confinement(**common)
    user = _plugin_user(config.environment.plugin_user)
    if user is not None and _can_reach(user, config):
        groups = tuple(os.getgrouplist(user.pw_name, user.pw_gid))
        confinement = Confinement(uid=user.pw_uid, gid=user.pw_gid, groups=groups, **common)
        hand_over(config.paths.assets, confinement)
        return confinement
    logger.warning("No other user can work in %s: plugins keep user 0, without its rights", config.environment.plugin_dir)
    return Confinement(drop_capabilities=True, **common)


def probe_order(config: DirectorConfig, confinement: Confinement, *, pids: Sequence[int]) -> StartOrder:
    """Return the order for a host that tries to break out instead of running a plugin; `pids` are our processes.

    Settings of plugins lie in the database and its snapshots, keys in the data folder.
    """
    data_dir = config.environment.data_dir
    folders = [data_dir, *(data_dir / name for name in ("snapshots", "logs", "uploads") if (data_dir / name).is_dir())]
    names = [Path(str(settings.DATABASES["default"]["NAME"])), *sorted(path for path in data_dir.iterdir() if path.is_file())]
    names += sorted(path for folder in ("keys", "secrets") if (data_dir / folder).is_dir() for path in (data_dir / folder).iterdir())
    names.append(Path("/etc/shadow"))  # open to a host that stays user 0, unless Landlock closes it
    files = list(dict.fromkeys(str(path) for path in names if path.exists()))
    return StartOrder(confinement=confinement, probe={"files": files, "folders": [str(folder) for folder in folders], "pids": list(pids)})


def hand_over(folder: Path, confinement: Confinement) -> None:
    """Make a folder in which plugins write, such as a cache, and give it with all that is in it to the user that hosts run as.

    What that user has already is left alone: whatever a plugin has made in it meanwhile is its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        return
    uid, gid = (0, 0) if confinement.uid is None or confinement.gid is None else (confinement.uid, confinement.gid)
    if folder.lstat().st_uid == uid:
        return
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(parent, name), uid, gid, follow_symlinks=False)
    os.chown(folder, uid, gid, follow_symlinks=False)  # last: a walk that was cut short is done again


def _plugin_user(name: str) -> pwd.struct_passwd | None:
    for candidate in (name,) if name else DEFAULT_USERS:
        try:
            return pwd.getpwnam(candidate)
        except KeyError:
            continue
    if name:
        logger.warning("There is no user %s (LEDSITE_PLUGIN_USER)", name)
    return None


def _can_reach(user: pwd.struct_passwd, config: DirectorConfig) -> bool:
    wishes = [
        (os.R_OK | os.X_OK, config.code_dir / "display_app" / "hosting"),
        *((os.R_OK | os.X_OK, folder) for folder in (config.environment.runtime_root, config.environment.plugin_dir, config.paths.private)),
    ]
    arguments = [text for mode, path in wishes for text in (str(mode), str(path))]
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", REACH_SCRIPT, *arguments],
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=os.getgrouplist(user.pw_name, user.pw_gid),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=REACH_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
