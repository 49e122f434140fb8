"""The list of the store as its page shows it: what is asked for, cards, filters with counts, chips, and what to loosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone

from plugins_app.admin.pages import with_query
from plugins_app.lifecycle import listing
from plugins_app.lifecycle.bundled_listing import bundled_plugins
from plugins_app.models import Operation, OperationKind, RegistryEntry, Source
from plugins_app.store import catalogue
from plugins_app.store.changes import News
from plugins_app.store.facets import Facets, Value
from plugins_app.store.search import NAMES, Wanted
from plugins_app.store.words import fold

PAGE = 24
MOST_PAGES = 1000
SHOWN_VALUES = 12
RESULT_SHOWN_FOR = timedelta(minutes=2)
SORTS = (("", "Default order"), ("name", "Name"), ("stars", "Stars"), ("newest", "Newest"), ("updated", "Recently updated"))
GROUPS = (("category", "Category"), ("tag", "Tag"), ("author", "Author"), ("source", "Registry"))
FLAG_WORDS = {
    ("installed", "true"): "Installed",
    ("installed", "false"): "Not installed",
    ("updatable", "true"): "Update available",
    ("updatable", "false"): "No update",
    ("verified", "true"): "Verified",
    ("verified", "false"): "Not verified",
    ("compatible", "true"): "Compatible",
    ("compatible", "false"): "Not compatible",
}
OFFERED_FLAGS = (
    ("installed", "true"),
    ("installed", "false"),
    ("updatable", "true"),
    ("verified", "true"),
    ("compatible", "true"),
    ("compatible", "false"),
)


@dataclass(frozen=True)
class Asked:
    """What the address of the page says: filters, order, and which pages of the list (from `page` to `upto`)."""

    wanted: Wanted
    sort: str = ""
    page: int = 1
    upto: int = 1

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        """Read the address; what is asked for anew, with other filters or in another order, begins with its first page."""
        given, shown = request.GET, QueryDict(urlsplit(request.htmx.current_url or "").query)  # type: ignore[attr-defined]
        is_anew = bool(request.htmx) and any(given.get(name, "") != shown.get(name, "") for name in (*NAMES, "sort"))  # type: ignore[attr-defined]
        page = 1 if is_anew else _number(given.get("page", ""))
        upto = 1 if is_anew else _number(given.get("upto", ""))
        return cls(Wanted.of(given), given.get("sort", "")[:20], page, max(upto, page))

    def within(self, count: int) -> Asked:
        """Return the same with pages that there are, when `count` plugins are found."""
        last = max(-(-count // PAGE), 1)
        return replace(self, page=min(self.page, last), upto=min(self.upto, last))

    def address(self, wanted: Wanted | None = None, *, page: int = 1) -> str:
        """Return the page's own address, with other filters or another page."""
        texts = (self.wanted if wanted is None else wanted).as_texts()
        return with_query(reverse("store-page"), **texts, sort=self.sort, page=str(page) if page > 1 else "")


@dataclass(frozen=True)
class Around:
    """What goes on beside the store, looked at once: work by id, installed plugins, and whether a refresh is under way."""

    work: dict[str, Operation]
    installed: listing.Installed
    refreshing: bool

    @classmethod
    def look(cls) -> Around:
        """Look now."""
        return cls(work_by_id(), listing.look(), Operation.objects.open().filter(kind=OperationKind.REFRESH).exists())

    def state(self) -> tuple[object, ...]:
        """Return everything that a part of the store is made of, in few words: equal states look alike; ages are renewed once a minute.

        Our own plugins, which take turns, too, are on no card.
        """
        work = [(one.pk, one.status, one.phase, one.progress, one.error_message) for one in self.work.values()]
        said = [(row["id"], row["status"], row["status_reason"]) for row in self.installed.rows() if row["source"] != Source.BUNDLED]
        minute = int(timezone.now().timestamp() // 60)
        return catalogue.answer_key(), said, work, self.refreshing, minute

    def work_on(self, names: list[str]) -> Operation | None:
        """Return the operation on a plugin that goes by these names."""
        return next((self.work[name] for name in names if name in self.work), None)

    def states(self) -> dict[str, dict[str, Any]]:
        """Return the rows of the installed plugins by id."""
        return {row["id"].lower(): row for row in self.installed.rows()}


def list_context(asked: Asked, news: News, around: Around) -> dict[str, Any]:
    """Return everything that the list's template shows."""
    offered, facets = catalogue.browse_with_facets(asked.wanted, sort=asked.sort or ("match" if asked.wanted.query else ""))
    asked = asked.within(len(offered.results))
    first, last = (asked.page - 1) * PAGE, asked.upto * PAGE
    rows = offered.results[first:last]
    _add_states(rows, around)
    marks = news.marks()
    for row in rows:
        row["change"] = marks.get((row["source"], row["id"]))
    return {
        **offered.as_dict(),
        "results": rows,
        "bundled": [] if asked.wanted.as_texts() or asked.page > 1 else [row for row in bundled_plugins() if not row["installed"]],
        "count": len(offered.results),
        "is_empty": offered.fetched_at is None and not RegistryEntry.objects.exists(),
        "asked": asked,
        "chips": _chips(asked),
        "flags": _flags(asked, facets),
        "groups": _groups(asked, facets),
        "looser": _looser(asked, facets),
        "meant": _meant(asked, facets),
        "news": news,
        "before": asked.address(page=asked.page - 1) if asked.page > 1 else "",
        "after": asked.address(page=asked.upto + 1) if last < len(offered.results) else "",
        "more": asked.upto + 1,
        "refreshing": around.refreshing,
    }


def _chips(asked: Asked) -> list[dict[str, str]]:
    return [
        {"label": chosen_words(name, text), "address": asked.address(asked.wanted.without(name))}
        for name, text in asked.wanted.as_texts().items()
    ]


def _looser(asked: Asked, facets: Facets) -> list[dict[str, Any]]:
    """Return the filters without which something would be found."""
    texts = asked.wanted.as_texts()
    return [
        {"label": chosen_words(name, texts[name]), "count": count, "address": asked.address(asked.wanted.without(name))}
        for name, count in facets.without.items()
        if count
    ]


def _meant(asked: Asked, facets: Facets) -> dict[str, Any] | None:
    """Return a search like the one that finds nothing."""
    if facets.meant is None:
        return None
    wanted = replace(asked.wanted, query=facets.meant.value)
    return {"label": facets.meant.value, "count": facets.meant.count, "address": asked.address(wanted)}


def chosen_words(name: str, text: str) -> str:
    """Say a filter that is chosen in words."""
    if (name, text) in FLAG_WORDS:
        return FLAG_WORDS[name, text]
    return f"“{text}”" if name == "query" else f"{dict(GROUPS)[name]}: {text}"


def _flags(asked: Asked, facets: Facets) -> list[dict[str, Any]]:
    counts = {(name, one.value): one.count for name, values in facets.values.items() for one in values}
    chosen = asked.wanted.as_texts()
    found = [_choice(asked, name, Value(text, counts.get((name, text), 0)), FLAG_WORDS[name, text]) for name, text in OFFERED_FLAGS]
    pairs = zip(OFFERED_FLAGS, found, strict=True)
    return [choice for (name, text), choice in pairs if choice["count"] or chosen.get(name) == text]


def _groups(asked: Asked, facets: Facets) -> list[dict[str, Any]]:
    groups = []
    for name, title in GROUPS:
        values = facets.values[name]
        if name == "source" and len(values) < 2 and not asked.wanted.source:
            continue
        choices = [_choice(asked, name, one, one.value) for one in values]
        chosen = getattr(asked.wanted, name)
        if chosen and not any(choice["is_chosen"] for choice in choices):
            choices.append(_choice(asked, name, Value(chosen, 0), chosen))
        choices.sort(key=lambda choice: not choice["is_chosen"])
        groups.append({"name": name, "title": title, "first": choices[:SHOWN_VALUES], "rest": choices[SHOWN_VALUES:]})
    return groups


def _choice(asked: Asked, name: str, value: Value, label: str) -> dict[str, Any]:
    is_chosen = fold(asked.wanted.as_texts().get(name, "")) == fold(value.value)
    wanted = asked.wanted.without(name) if is_chosen else Wanted.of({**asked.wanted.as_texts(), name: value.value})
    return {"label": label, "count": value.count, "is_chosen": is_chosen, "address": asked.address(wanted)}


def _add_states(rows: list[dict[str, Any]], around: Around) -> None:
    """Give rows their state on the panel, and the work that is under way."""
    states = around.states()
    for row in rows:
        names = names_of(row)
        row["work"] = around.work_on(names)
        row["state"] = next((states[name] for name in names if name in states), None)


def names_of(row: dict[str, Any]) -> list[str]:
    """Return the ids by which registries, folders and operations may name what a row offers."""
    return [name.lower() for name in (row.get("installed_id"), row["plugin_path"].rpartition("/")[2], row["id"]) if name]


def work_by_id() -> dict[str, Operation]:
    """Map ids, as plugins and as registries call them, to the newest operation that is open or has just ended."""
    recent = Q(finished_at__gte=timezone.now() - RESULT_SHOWN_FOR)
    rows = (Operation.objects.open() | Operation.objects.filter(recent)).exclude(plugin_id="").order_by("pk")
    found: dict[str, Operation] = {}
    for operation in rows:
        for name in (operation.plugin_id, operation.arguments.get("registry_id") or ""):
            found[str(name).lower()] = operation
    return found


def _number(text: str) -> int:
    return min(max(int(text), 1), MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 6 else 1
