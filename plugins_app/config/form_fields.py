"""What a settings form is made of (pure)."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from plugins_app.config.form_files import WantedDocument, WantedFiles
from plugins_app.package.paths import UPLOADS

Kind = Literal[
    "text",
    "multiline",
    "number",
    "integer",
    "boolean",
    "choice",
    "radio",
    "choices",
    "colour",
    "secret",
    "list",
    "json",
    "group",
    "time",
    "date",
    "datetime",
    "url",
    "files",
]


@dataclass(frozen=True)
class Choice:
    """One answer that a field offers: what is posted, and what people read."""

    value: str
    label: str


@dataclass(frozen=True)
class FileEntry:
    """One picture of a field: its path, the last part of that, and what else can be set for it."""

    path: str
    children: tuple[FormField, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the file."""
        return self.path.rpartition("/")[2]

    @property
    def is_upload(self) -> bool:
        """Tell whether it can be one that was uploaded here."""
        return self.path.startswith(UPLOADS) and bool(self.name)


@dataclass(frozen=True)
class FormField:
    """One input; `value` is the text that stands in it, a tuple of texts for `choices`.

    `name` is what it is posted as: its pointer, or `json:<pointer>` where another input was meant for it that its value does not fit.
    """

    pointer: str
    name: str
    kind: Kind
    label: str
    help: str = ""
    value: str | tuple[str, ...] = ""
    has_value: bool = True
    default: str | tuple[str, ...] = ""
    choices: tuple[Choice, ...] = ()
    children: tuple[FormField, ...] = ()
    entries: tuple[FileEntry, ...] = ()
    files: WantedFiles | None = None
    document: WantedDocument | None = None
    minimum: float | int | None = None
    maximum: float | int | None = None
    step: float | int | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    placeholder: str = ""
    required: bool = False
    is_secret: bool = False
    is_set: bool = False
    is_collapsed: bool = False
    depth: int = 0
    error: str = ""
    schema: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def remove_name(self) -> str:
        """Name of the checkbox that removes a secret."""
        return f"remove:{self.pointer}"

    @property
    def accepts(self) -> str:
        """Return what a browser offers for the pictures of this field."""
        return ",".join(self.files.types) if self.files else ""

    def inputs(self, posted: Container[str] = ()) -> Iterator[FormField]:
        """Yield every field that has an input of its own: this one, or those of a group that was not posted as JSON."""
        if self.kind not in ("group", "files") or json_name(self.pointer) in posted:
            yield self
            return
        for child in (*self.children, *(child for entry in self.entries for child in entry.children)):
            yield from child.inputs(posted)
        if self.kind == "files":  # after what is set for each of its pictures, by their old places
            yield self


def file_name(what: str, pointer: str) -> str:
    """Return the name of an input of a field of pictures: `shown` (a path), `place`, `drop` (a path), `upload` (a file)."""
    return f"{what}:{pointer}"


def json_name(pointer: str) -> str:
    """Return the name of an input that takes JSON in the place of the usual one."""
    return f"json:{pointer}"
