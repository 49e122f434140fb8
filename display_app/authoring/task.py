"""What a stage is told: which plugin, which modes, how long, at what time, and what the web answers; travels to it as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from display_app.runtime.spec import HostSpec


@dataclass(frozen=True, kw_only=True)
class StageTask:
    """One performance: `modes` empty means all, `seconds` of stage time for each mode, a picture every `frame_seconds`.

    `at` is the time at which it begins (seconds since 1970), `answers` what the web says (recorded.py), `watch_texts` asks for
    texts that do not fit, `record` lets the plugin into the web and asks for what that answered; `protected` are folders that stay
    closed to the plugin, `user` is whom to become when started as root.
    """

    spec: HostSpec
    at: float
    modes: tuple[str, ...] = ()
    seconds: float = 1.0
    frame_seconds: float = 0.05
    answers: dict[str, Any] = field(default_factory=dict)
    watch_texts: bool = False
    record: bool = False
    protected: tuple[str, ...] = ()
    user: str = ""

    def to_bytes(self) -> bytes:
        """Return the task as JSON."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "spec"}
        return json.dumps({**plain, "spec": self.spec.to_dict()}).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> StageTask:
        """Read what `to_bytes` made; it comes from the process that starts the stage, which is trusted."""
        body = json.loads(data)
        lists = {name: tuple(body[name]) for name in ("modes", "protected")}
        return cls(**{**body, **lists, "spec": HostSpec.from_dict(body["spec"])})
