"""The environment as one typed value: every LEDSITE_* name is read, checked and defaulted here, and nowhere else."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

BASE_DIR = Path(__file__).resolve().parent.parent
OFFICIAL_REGISTRY = "https://raw.githubusercontent.com/ChuckBuilds/ledmatrix-plugins/main/plugins.json"
GITHUB_HOSTS = ("github.com", "codeload.github.com", "raw.githubusercontent.com", "objects.githubusercontent.com", "api.github.com")
BACKENDS = ("auto", "rgbmatrix", "emulator", "headless")
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


class EnvironmentProblem(Exception):
    """A setting in the environment that the product cannot start with; the text says which, why and what to do."""


@dataclass(frozen=True)
class PanelSize:
    """Geometry of the matrix: modules of `cols` x `rows` pixels, `chain` side by side, `parallel` chains below each other."""

    cols: int
    rows: int
    chain: int = 1
    parallel: int = 1

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.cols * self.chain

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.rows * self.parallel


@dataclass(frozen=True)
class Environment:
    """Every setting that comes from outside, checked."""

    data_dir: Path
    run_dir: Path
    plugin_dir: Path
    registry_url: str
    github_api_url: str
    github_raw_url: str
    github_url: str
    github_token: str = field(repr=False)
    install_hosts: tuple[str, ...]
    registry_ttl: int
    metadata_ttl: int
    tombstone_seconds: int
    plugin_user: str
    backend: str
    panel: PanelSize
    admin_user: str
    admin_password: str = field(repr=False)
    bind_host: str
    bind_port: int
    allowed_hosts: tuple[str, ...]
    csrf_trusted_origins: tuple[str, ...]
    secret_key: str = field(repr=False)
    time_zone: str
    low_memory: bool = False

    @property
    def runtime_root(self) -> Path:
        """Folder that plugins take for the root of their host: the parent of the plugin folder."""
        return self.plugin_dir.parent


def read_environment(environ: Mapping[str, str] = os.environ) -> Environment:
    """Read and check every name of the contract; raise EnvironmentProblem with one sentence for the first bad one."""
    reader = _Reader(environ)
    for name in ("DATABASE_URL", "REDIS_URL"):
        if environ.get(name):
            raise EnvironmentProblem(f"{name} is set, but this version keeps everything in SQLite: unset {name} to start.")
    data_dir = reader.path("LEDSITE_DATA_DIR", BASE_DIR / "var")
    bind_host, bind_port = reader.bind("LEDSITE_BIND", "127.0.0.1:8000")
    return Environment(
        data_dir=data_dir,
        run_dir=reader.path("LEDSITE_RUN_DIR", default_run_dir(data_dir, environ)),
        plugin_dir=reader.path("LEDSITE_PLUGIN_DIR", BASE_DIR / "plugin-repos"),
        registry_url=reader.url("LEDSITE_REGISTRY_URL", OFFICIAL_REGISTRY),
        github_api_url=reader.url("LEDSITE_GITHUB_API_URL", "https://api.github.com"),
        github_raw_url=reader.url("LEDSITE_GITHUB_RAW_URL", "https://raw.githubusercontent.com"),
        github_url=reader.url("LEDSITE_GITHUB_URL", "https://github.com"),
        github_token=environ.get("LEDSITE_GITHUB_TOKEN", "").strip(),
        install_hosts=reader.host_names("LEDSITE_ALLOWED_HOSTS_INSTALL", GITHUB_HOSTS),
        registry_ttl=reader.seconds("LEDSITE_REGISTRY_TTL", 900),
        metadata_ttl=reader.seconds("LEDSITE_METADATA_TTL", 1800),
        tombstone_seconds=reader.seconds("LEDSITE_TOMBSTONE_SECONDS", 300),
        plugin_user=environ.get("LEDSITE_PLUGIN_USER", "").strip(),
        backend=reader.choice("LEDSITE_BACKEND", "auto", BACKENDS),
        panel=reader.panel("LEDSITE_PANEL", "64x32x2x1"),
        admin_user=environ.get("LEDSITE_ADMIN_USER", "").strip() or "admin",
        admin_password=environ.get("LEDSITE_ADMIN_PASSWORD", ""),
        bind_host=bind_host,
        bind_port=bind_port,
        allowed_hosts=reader.items("LEDSITE_ALLOWED_HOSTS") or own_host_names(bind_host),
        csrf_trusted_origins=reader.origins("LEDSITE_CSRF_TRUSTED_ORIGINS"),
        secret_key=environ.get("LEDSITE_SECRET_KEY", ""),
        time_zone=reader.time_zone("LEDSITE_TIME_ZONE"),
        low_memory=reader.choice("LEDSITE_LOW_MEMORY", "no", ("no", "yes")) == "yes",
    )


def default_run_dir(data_dir: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder in memory for one data folder, short enough for socket names (108 bytes)."""
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    for base in (runtime, "/dev/shm"):
        if base and len(base) < 60 and os.access(base, os.W_OK | os.X_OK):
            return Path(base) / f"ledsite-{digest}"
    return data_dir / "run"


def own_host_names(bind_host: str) -> tuple[str, ...]:
    """Name the ways in which browsers address this machine: loopback, host name, `<host>.local` and its own addresses."""
    host = socket.gethostname().lower()
    names = [*LOOPBACK_NAMES, host, f"{host.split('.')[0]}.local"]
    if bind_host not in ("127.0.0.1", "localhost", "::1"):
        names += own_addresses()
        if bind_host not in ("0.0.0.0", "::"):
            names.append(bind_host)
    return tuple(dict.fromkeys(names))


def own_addresses() -> list[str]:
    """List the addresses that this machine's name and its default route have, IPv6 ones in brackets; none offline."""
    found: list[str] = []
    with contextlib.suppress(OSError):
        found += [str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a UDP connect sends nothing; it only picks the outgoing address
            found.append(probe.getsockname()[0])
        except OSError:
            pass
    unique = dict.fromkeys(address.split("%")[0] for address in found)
    return [f"[{address}]" if ":" in address else address for address in unique]


class _Reader:
    """Typed reading of one mapping; every problem names the variable."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def text(self, name: str, default: str) -> str:
        return self.environ.get(name, "").strip() or default

    def path(self, name: str, default: Path) -> Path:
        value = Path(self.text(name, str(default))).expanduser()
        if not value.is_absolute():
            value = BASE_DIR / value
        return Path(os.path.normpath(value))

    def items(self, name: str) -> tuple[str, ...]:
        return tuple(item.strip() for item in self.environ.get(name, "").split(",") if item.strip())

    def seconds(self, name: str, default: int) -> int:
        text = self.text(name, str(default))
        if not re.fullmatch(r"\d{1,8}", text):
            raise EnvironmentProblem(f"{name}={text!r} is not a number of seconds: give a whole number, for example {default}.")
        return int(text)

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        text = self.text(name, default)
        if text not in choices:
            raise EnvironmentProblem(f"{name}={text!r} is not known: use one of {', '.join(choices)}.")
        return text

    def url(self, name: str, default: str) -> str:
        text = self.text(name, default).rstrip("/")
        parts = urlsplit(text)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment or parts.username:
            raise EnvironmentProblem(f"{name}={text!r} is not a web address: give one like {default}.")
        if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise EnvironmentProblem(f"{name}={text!r} is not encrypted: use https (plain http works for this machine only).")
        return text

    def host_names(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        hosts = tuple(item.lower() for item in self.items(name)) or default
        for host in hosts:
            if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[?[0-9a-f:]+\]?", host):
                raise EnvironmentProblem(f"{name}: {host!r} is not a host name: list names without scheme or port, like github.com.")
        return hosts

    def origins(self, name: str) -> tuple[str, ...]:
        for item in self.items(name):
            if not re.fullmatch(r"https?://[^/\s]+", item):
                raise EnvironmentProblem(f"{name}: {item!r} is not an origin: give scheme and host, for example https://panel.example.")
        return self.items(name)

    def panel(self, name: str, default: str) -> PanelSize:
        text = self.text(name, default)
        match = re.fullmatch(r"(\d{1,4})x(\d{1,4})(?:x(\d{1,2}))?(?:x(\d{1,2}))?", text)
        numbers = [int(number or 1) for number in match.groups()] if match else []
        if not numbers or 0 in numbers:
            raise EnvironmentProblem(f"{name}={text!r} is not a panel: give cols x rows x chain x parallel, for example {default}.")
        size = PanelSize(*numbers)
        if size.width > 1024 or size.height > 512:
            raise EnvironmentProblem(f"{name}={text!r} is {size.width}x{size.height} pixels: at most 1024x512 work.")
        return size

    def bind(self, name: str, default: str) -> tuple[str, int]:
        text = self.text(name, default)
        host, _, port = text.rpartition(":")
        host = host.strip("[]")
        if not host or not re.fullmatch(r"\d{1,5}", port) or not 0 < int(port) < 65536:
            raise EnvironmentProblem(f"{name}={text!r} is not an address: give host:port, for example {default} or 0.0.0.0:8000.")
        return host, int(port)

    def time_zone(self, name: str) -> str:
        text = self.environ.get(name, "").strip()
        if not text:
            return machine_time_zone()
        try:
            ZoneInfo(text)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise EnvironmentProblem(f"{name}={text!r} is not a time zone: give one like Europe/Berlin.") from error
        return text


def machine_time_zone() -> str:
    """Return the machine's IANA zone name, `UTC` when it does not say."""
    target = os.path.realpath("/etc/localtime")
    name = target.partition("zoneinfo/")[2]
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
    return name or "UTC"
