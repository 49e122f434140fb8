"""What came of a script: its answer read out of what it printed, a sentence for people, and nothing secret in either (pure)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from plugins_app.actions.offered import Action
from plugins_app.package.jsonfile import clean_text

MASK = "********"
MOST_OUTPUT = 512 * 1024
KEPT_OUTPUT = 4000
SHORTEST_SECRET = 4
LOG_HEAD = re.compile(r"^\d{4}-\d\d-\d\d[ T][\d:,.]+\S*( - )?[A-Z]* ?(- )?")
LINK_NAMES = ("auth_url", "authorization_url", "authorize_url")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`answer` is the object that the script printed, `link` an address to open, `wants_code` whether it waits for what stands there."""

    is_good: bool
    message: str
    answer: dict[str, Any] = field(default_factory=dict)
    link: str = ""
    wants_code: bool = False
    output: str = ""


def read_outcome(action: Action, output: str, *, code: int, secrets: Iterable[str] = ()) -> Outcome:
    """Judge a script by its exit code and what it printed."""
    found = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
    answer = _answer(output)
    is_good = code == 0 and str(answer.get("status", "")).lower() not in ("error", "failed", "failure")
    link = _link(answer) if is_good else ""
    shown = masked(output, found)[-KEPT_OUTPUT:]
    said = clean_text(masked(answer.get("message"), found), limit=1000)
    return Outcome(
        is_good=is_good,
        message=said or _words(action, shown, is_good=is_good, has_link=bool(link), code=code),
        answer=masked(answer, found),
        link=link,
        wants_code=bool(link) and (action.is_oauth or bool(answer.get("requires_step2"))),
        output=shown,
    )


def failed(message: str, *, output: str = "", secrets: Iterable[str] = ()) -> Outcome:
    """Return the outcome of a script that did not come to an end."""
    found = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
    return Outcome(is_good=False, message=message, output=masked(output, found)[-KEPT_OUTPUT:])


def as_address(pasted: str) -> str:
    """Return what a person pasted as the address that scripts look for the code in; a code alone is put into one."""
    text = pasted.strip()
    return text if "://" in text or "code=" in text else f"http://127.0.0.1/?code={quote(text, safe='')}"


def masked(value: Any, secrets: list[str]) -> Any:
    """Return a value with every secret in its texts made unreadable."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, MASK)
        return value
    if isinstance(value, list):
        return [masked(item, secrets) for item in value]
    if isinstance(value, dict):
        return {masked(key, secrets): masked(item, secrets) for key, item in value.items()}
    return value


def _answer(output: str) -> dict[str, Any]:
    """Return the JSON object that was printed: all of it, its last line, or what lies between the first and the last brace of a line."""
    lines = output.strip().splitlines()
    begin = next((index for index, line in enumerate(lines) if line.startswith("{")), None)
    end = next((index for index, line in reversed(list(enumerate(lines))) if line.rstrip().endswith("}")), None)
    texts = [output, *(line for line in reversed(lines[-20:]) if line.startswith("{"))]
    texts += ["\n".join(lines[begin : end + 1])] if begin is not None and end is not None else []
    for text in texts:
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    return {}


def _link(answer: dict[str, Any]) -> str:
    text = next((answer[name] for name in LINK_NAMES if isinstance(answer.get(name), str)), "")
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc and len(text) <= 4000 and text.isprintable() else ""


def _words(action: Action, output: str, *, is_good: bool, has_link: bool, code: int) -> str:
    if is_good:
        return (action.link_words if has_link else action.success) or ("Open the link." if has_link else "Done.")
    last = next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "")
    said = action.error or f"It ended with code {code}."
    return f"{said.rstrip('.')}: {clean_text(LOG_HEAD.sub('', last), limit=500)}" if last else said
