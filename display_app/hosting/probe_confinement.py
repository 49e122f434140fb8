"""Puts a probe under the restrictions of a host: limits, another user where one can work here, Landlock where the kernel has it."""

from __future__ import annotations

import os
import pwd
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from display_app.hosting import kernel
from display_app.hosting.confinement import confine
from display_app.hosting.order import Confinement, StartOrder
from display_app.runtime.spec import HostSpec

CODE = Path(__file__).resolve().parents[2]
DEFAULT_USERS = ("ledsite-plugins", "nobody")


def confine_probe(spec: HostSpec, *, protected: Sequence[str], user_name: str, is_installed: bool = False) -> bool:
    """Confine this process to the plugin and its cache, for good; tell whether Landlock holds it.

    `protected` are folders that stay closed though they lie in one that is open to read; `user_name` may be empty. The folder of an
    installed plugin is given to the user that its host runs as, like its cache.
    """
    user = _usable_user(spec, user_name) if os.geteuid() == 0 else None
    confinement = Confinement(
        uid=user.pw_uid if user else None,
        gid=user.pw_gid if user else None,
        groups=tuple(os.getgrouplist(user.pw_name, user.pw_gid)) if user else (),
        drop_capabilities=os.geteuid() == 0 and user is None,
        landlock=kernel.landlock_version() > 0,
        code=(str(CODE / "display_app"), str(CODE / "plugins_app")),
        protected=(*protected, *_plugin_dir(spec)),
    )
    if user is not None:
        for folder in (spec.cache_dir, spec.folder) if is_installed else (spec.cache_dir,):
            _give(folder, user)
    return confine(StartOrder(confinement=confinement, spec=spec), parent=os.getppid())


def _give(folder: Path, user: pwd.struct_passwd) -> None:
    """Give a folder with all that is in it to a user, unless it is theirs already; what they have made in it is their own."""
    if folder.lstat().st_uid == user.pw_uid:
        return
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(parent, name), user.pw_uid, user.pw_gid, follow_symlinks=False)
    os.chown(folder, user.pw_uid, user.pw_gid, follow_symlinks=False)


def _plugin_dir(spec: HostSpec) -> tuple[str, ...]:
    """Return the folder of the root in which the staged tree lies, and with it all other plugins."""
    if not spec.folder.is_relative_to(spec.root) or spec.folder == spec.root:
        return ()
    return (str(spec.root / spec.folder.relative_to(spec.root).parts[0]),)


def _usable_user(spec: HostSpec, name: str) -> pwd.struct_passwd | None:
    """Return the user that hosts run as, None when there is none or what a probe reads is closed to it."""
    for candidate in (name,) if name else DEFAULT_USERS:
        try:
            user = pwd.getpwnam(candidate)
        except KeyError:
            continue
        needed = (Path(sys.executable).resolve(), CODE / "display_app" / "hosting", spec.folder, spec.root)
        with _as_user(user):
            can_reach = all(os.access(path, os.R_OK | os.X_OK, effective_ids=True) for path in needed)
        if can_reach:
            return user
    return None


@contextmanager
def _as_user(user: pwd.struct_passwd) -> Iterator[None]:
    """Be another user for a moment, to ask what that user may."""
    group, groups = os.getegid(), os.getgroups()
    os.setgroups(os.getgrouplist(user.pw_name, user.pw_gid))
    os.setegid(user.pw_gid)
    os.seteuid(user.pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)
