"""Puts a fresh host under its restrictions. The order matters, and every step is final:

1. limits, while the process may still lower everything;  2. groups, group and user, or every capability;
3. parent-death signal, which a change of user would have forgotten;  4. no new privileges;  5. limits and priorities of others;
6. Landlock.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from display_app.hosting import kernel, landlock
from display_app.hosting.ceilings import apply_ceilings
from display_app.hosting.order import Confinement, StartOrder
from display_app.hosting.seccomp import spare_others

SYSTEM_READABLE = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt", "/proc", "/sys", "/var/lib", "/var/log/wtmp",
    "/run/systemd", "/run/resolvconf", "/run/NetworkManager", "/run/nscd", "/run/dbus", "/run/udev", "/media", "/mnt",
)  # fmt: skip
# For a host that stays user 0: as owner it could read what is closed to everybody else.
PUBLIC_READABLE = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/sys", "/run/systemd/resolve",
    *(f"/etc/{name}" for name in (
        "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "hosts", "host.conf", "hostname", "resolv.conf", "nsswitch.conf", "gai.conf",
        "services", "protocols", "passwd", "group", "localtime", "timezone", "os-release", "mime.types", "magic", "locale.alias",
        "ssl/certs", "ssl/openssl.cnf", "ca-certificates", "pki/tls/certs", "pki/ca-trust", "fonts", "alternatives",
    )),
)  # fmt: skip
OUTSIDE = ("/var/cache/ledmatrix",)  # some public plugins write here, where the owner of the machine has made it
SHARED_FOLDERS = ("flags",)  # of one plugin, that another by the same author reads (contract 1.15)
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")  # where the owner of the machine keeps them
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


def confine(order: StartOrder, *, parent: int) -> bool:
    """Apply an order's confinement to this process; tell whether Landlock holds it."""
    apply_ceilings(memory_bytes=order.memory_bytes)
    _change_user(order.confinement)
    kernel.die_with_parent(signal.SIGKILL, parent=parent)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    spare_others()
    if not order.confinement.landlock:
        return False
    return landlock.restrict(_grants(order))


def _change_user(confinement: Confinement) -> None:
    if confinement.uid is not None and confinement.gid is not None:
        os.setgroups(list(confinement.groups))
        os.setresgid(confinement.gid, confinement.gid, confinement.gid)
        os.setresuid(confinement.uid, confinement.uid, confinement.uid)
    elif confinement.drop_capabilities:
        kernel.drop_capabilities()


def _grants(order: StartOrder) -> Iterator[tuple[Path, int]]:
    """Yield what the plugin itself needs as it is, and everything else only as far as nothing protected lies in it."""
    protected = [Path(os.path.realpath(path)) for path in order.confinement.protected]
    system = PUBLIC_READABLE if order.confinement.drop_capabilities else SYSTEM_READABLE
    certificates = [os.environ[name] for name in CERTIFICATES if os.environ.get(name)]
    for path in (*system, sys.prefix, sys.base_prefix, *certificates, *order.confinement.code):
        yield from ((allowed, landlock.READ) for allowed in landlock.without(Path(path), protected))
    yield from ((Path(path), landlock.READ | landlock.WRITE_FILE) for path in DEVICES)
    if order.spec is None:
        return
    root, plugin_dir = order.spec.root, order.spec.plugin_dir
    for folder in (root, plugin_dir):
        yield folder, landlock.LIST  # the import system lists a folder before it looks for a module in it
    closed = [path for path in protected if path != Path(os.path.realpath(plugin_dir))]  # what is shared in it is chosen one by one
    for entry in _shared_modules(root, plugin_dir):
        yield from ((allowed, landlock.READ) for allowed in landlock.without(entry, [*closed, plugin_dir / ".ledsite"]))
    outside = [Path(path) for path in OUTSIDE if Path(path).is_dir()]
    yield from ((path, landlock.WRITE) for path in (order.spec.folder, order.spec.cache_dir, root / "assets", *outside))


def _shared_modules(root: Path, plugin_dir: Path) -> list[Path]:
    """List what plugins share: modules and folders beside the plugin folder, modules and pictures of flags in it; nothing hidden."""
    beside = [entry for entry in root.iterdir() if os.path.realpath(entry) != os.path.realpath(plugin_dir)]
    inside = [entry for entry in plugin_dir.iterdir() if entry.is_file()]
    inside += [folder for name in SHARED_FOLDERS for folder in plugin_dir.glob(f"*/{name}") if folder.is_dir() and not folder.is_symlink()]
    return [entry for entry in (*beside, *inside) if not entry.name.startswith(".")]
