"""Asks for the files of one plugin side by side and reads them; what comes are values, problems too (no database here)."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from plugins_app.exceptions import LedsiteError, NetworkProblem, NotFound, PackageError
from plugins_app.package.jsonfile import parse_json
from plugins_app.store.http import HttpClient
from plugins_app.store.pictures import MOST_BYTES as MOST_PICTURE
from plugins_app.store.pictures import as_webp

KIB = 1024
NAMES = {
    "readme": ("README.md", "readme.md", "README"),
    "manifest": ("manifest.json",),
    "schema": ("config_schema.json",),
    "requirements": ("requirements.txt",),
}
MOST = {"readme": 256 * KIB, "manifest": 256 * KIB, "schema": 1024 * KIB, "requirements": 64 * KIB, "picture": MOST_PICTURE}
RAW = "https://raw.githubusercontent.com/"
_PAGE = re.compile(r"https://github\.com/(?P<repo>[^/?#]+/[^/?#]+)/(?:blob|raw)/(?P<rest>[^?#]+)(?:\?raw=true)?")
EMPTY: dict[str, Any] = {"readme": "", "manifest": {}, "schema": {}, "requirements": "", "picture": None}


@dataclass
class Answers:
    """What came of each file: found, missing, or (neither) to be left as it is; and the first problem with the network."""

    found: dict[str, Any] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    notes: dict[str, str] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    is_plugin: bool = False
    problem: NetworkProblem | None = None


def ask_all(base: str, etags: Mapping[str, str], *, http: HttpClient, raw_base: str, picture: str = "") -> Answers:
    """Ask for every file below an address, and for the picture that the registry or the manifest names; the manifest is the witness."""
    answers = Answers(etags=dict(etags))
    with ThreadPoolExecutor(len(NAMES), thread_name_prefix="documents") as pool:
        for one in pool.map(lambda part: _ask(part, [f"{base}{name}" for name in NAMES[part]], etags, http=http), NAMES):
            _add(answers, one)
    manifest = answers.found.get("manifest")
    if "manifest" in answers.notes or (manifest is not None and not isinstance(manifest.get("id"), str)):
        return Answers(etags=dict(etags), problem=_lie())
    address = picture_address(base, picture or (str(manifest.get("screenshot") or "") if manifest else ""), raw_base=raw_base)
    if address and answers.problem is None:
        _add_picture(answers, _ask("picture", [address], etags, http=http))
    elif not picture and manifest is not None:
        answers.missing.add("picture")
    _drop_etags(answers, base, picture=address)
    return answers


def _drop_etags(answers: Answers, base: str, *, picture: str) -> None:
    """Forget the validators of what is missing and of other pictures: without the file a 304 would confirm nothing."""
    parts = {picture: "picture"} | {f"{base}{name}": part for part, names in NAMES.items() for name in names}
    answers.etags = {url: etag for url, etag in answers.etags.items() if url in parts and parts[url] not in answers.missing}


def _lie() -> NetworkProblem:
    """Nothing is believed of a host that gives something else for a manifest: a network that asks for a login answers like this."""
    return NetworkProblem(
        "Something else came in the place of the plugin's manifest.", code="raw-invalid", hint="What was stored before stays."
    )


@dataclass(frozen=True)
class _One:
    """What came of one file: its value (None: not modified), or why there is none."""

    part: str
    value: Any = None
    url: str = ""
    etag: str = ""
    problem: LedsiteError | None = None


def _add(answers: Answers, one: _One) -> None:
    problem = one.problem
    if isinstance(problem, NotFound):
        answers.missing.add(one.part)
    elif isinstance(problem, NetworkProblem):
        answers.problem = answers.problem or problem
    elif problem is not None:
        answers.notes[one.part] = problem.message
    else:
        answers.is_plugin |= one.part == "manifest"
        if one.value is not None:
            answers.found[one.part] = one.value
            answers.etags[one.url] = one.etag


def _add_picture(answers: Answers, one: _One) -> None:
    """A picture that cannot be had keeps nothing else from being stored."""
    if isinstance(one.problem, NetworkProblem):
        answers.notes[one.part] = one.problem.message
    else:
        _add(answers, one)


def _ask(part: str, urls: list[str], etags: Mapping[str, str], *, http: HttpClient) -> _One:
    """Ask for the first of some addresses that exists."""
    one = _One(part)
    for url in urls:
        try:
            return _request(part, url, etags.get(url, ""), http=http)
        except NotFound as problem:
            one = _One(part, problem=problem)
        except LedsiteError as problem:
            return _One(part, problem=problem)
    return one


def _request(part: str, url: str, etag: str, *, http: HttpClient) -> _One:
    with http.stream(url, kind="raw", headers={"If-None-Match": etag} if etag else {}) as response:
        if response.status != 200:
            return _One(part, url=url)
        body = b""
        for chunk in response.chunks():
            body += chunk
            if len(body) > MOST[part]:
                raise PackageError(f"The {part} is larger than {MOST[part] // KIB} KiB.", code="too-large")
        return _One(part, _READERS[part](body), url, response.headers.get("ETag", "")[:300])


def _text(body: bytes) -> str:
    # Half of a surrogate pair and NUL are text for some editors, but none that a database takes.
    return body.decode("utf-8-sig", "replace").replace("\x00", "")


def _object(body: bytes) -> dict[str, Any]:
    with contextlib.suppress(PackageError):
        data = parse_json(body, name="It", code="not-json")
        if isinstance(data, dict):
            return data
    raise PackageError("It is not a JSON object.", code="not-json")


_READERS: dict[str, Callable[[bytes], Any]] = {
    "readme": _text,
    "manifest": _object,
    "schema": _object,
    "requirements": _text,
    "picture": as_webp,
}


def picture_address(base: str, named: str, *, raw_base: str) -> str:
    """Return where a picture lies: in the repository, or at an address; GitHub's own are names for the raw base. Empty for neither."""
    if not named or len(named) > 500 or not named.isascii() or not named.isprintable():
        return ""
    if named.startswith(RAW):
        return f"{raw_base}/{named.removeprefix(RAW)}"
    if page := _PAGE.fullmatch(named):
        return f"{raw_base}/{page['repo']}/{page['rest']}"
    if "://" in named:
        return named  # the HTTP client knows which hosts may be asked
    address = urljoin(base, named)
    return address if address.startswith(base) else ""
