"""The start order of a host: which plugin, how it is confined; travels from the director to the host in a memory file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from display_app.hosting.limits import DEFAULT
from display_app.runtime.spec import HostSpec

EXIT_FAILED_TO_LOAD, EXIT_BEING_PLACED, EXIT_BROKEN, EXIT_OUT_OF_MEMORY, EXIT_TOO_MANY_THREADS = 3, 4, 70, 71, 72


@dataclass(frozen=True, kw_only=True)
class Confinement:
    """How hosts are held: another user (uid, gid, groups), or none (uid None); which folders are kept from them."""

    uid: int | None = None
    gid: int | None = None
    groups: tuple[int, ...] = ()
    drop_capabilities: bool = False
    landlock: bool = False
    code: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StartOrder:
    """Everything a host gets at birth: its spec, live lock, confinement, most memory and threads; a probe order names what to try."""

    confinement: Confinement
    spec: HostSpec | None = None
    live_lock: str = ""
    probe: dict[str, Any] | None = None
    memory_bytes: int = DEFAULT.hard_memory_bytes
    threads: int = DEFAULT.threads

    def to_bytes(self) -> bytes:
        """Return the order as JSON."""
        body = {
            "confinement": asdict(self.confinement),
            "spec": self.spec.to_dict() if self.spec else None,
            "live_lock": self.live_lock,
            "probe": self.probe,
            "memory_bytes": self.memory_bytes,
            "threads": self.threads,
        }
        return json.dumps(body).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> StartOrder:
        """Read what `to_bytes` made; it comes from the director, which is trusted."""
        body = json.loads(data)
        confinement: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in body["confinement"].items()
        }
        return cls(
            confinement=Confinement(**confinement),
            spec=HostSpec.from_dict(body["spec"]) if body["spec"] else None,
            live_lock=body["live_lock"],
            probe=body["probe"],
            memory_bytes=body["memory_bytes"],
            threads=body["threads"],
        )
