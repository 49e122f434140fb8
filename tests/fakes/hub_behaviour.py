"""One rule of misbehaviour of the hub."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Behaviour:
    """What happens to requests whose path begins with `prefix`."""

    prefix: str
    kind: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    location: str = ""
    keep: int = 0
    seconds: float = 0.0
    times: int | None = None

    def is_left(self) -> bool:
        """Tell whether the rule still counts, and count this use of it."""
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0
