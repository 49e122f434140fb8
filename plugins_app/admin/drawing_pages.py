"""The preview page: a plugin drawn at any size, in any mode, with settings that are tried and not saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from plugins_app.access import Role
from plugins_app.admin.pages import answer_fragment, page, render_fragment, render_page, who, with_query
from plugins_app.api.drawings import drawing_body, picture_address
from plugins_app.config import form, store
from plugins_app.config.location import located
from plugins_app.drawing.ask import ask, find, modes_of
from plugins_app.drawing.wish import LARGEST, SIZES, SMALLEST, Data, Wish
from plugins_app.exceptions import LedsiteError
from plugins_app.lifecycle.requests import get_installed
from plugins_app.models import Drawing, Operation, Plugin
from plugins_app.models.drawing import DRAWING_SECONDS

RESULT = "plugins_app/drawing/result.html"
STOP_POLLING = 286  # htmx takes the content and does not ask again
FIT = "fit"
ZOOMS = (FIT, "1", "2", "3", "4", "6", "8", "10")
SECONDS = (2, 5, 10)
DATA_WORDS = (
    (Data.LAST, "What it fetched last"),
    (Data.EXAMPLE, "The example that it ships"),
    (Data.NOTHING, "Nothing: as on a panel without network"),
)


@dataclass(frozen=True)
class Chosen:
    """What stands in the controls above the settings."""

    width: str
    height: str
    mode: str = ""
    seconds: str = "5"
    zoom: str = FIT
    data: str = Data.LAST.value
    anew: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> Chosen:
        """Read them; without any: the panel's size."""
        panel, given = settings.LEDSITE.panel, request.POST
        texts = {name: given.get(f"draw-{name}", "")[:200] for name in ("mode", "seconds", "zoom", "data")}
        width, height = given.get("draw-width", "")[:10] or str(panel.width), given.get("draw-height", "")[:10] or str(panel.height)
        return cls(width, height, anew="draw-anew" in given, **{name: text for name, text in texts.items() if text})

    def wish(self, tried: dict[str, Any]) -> Wish:
        """Return them as a wish; what is no number is 0, which is refused with a sentence."""
        data = Data(self.data) if self.data in list(Data) else Data.LAST
        whole = {name: int(text) if text.isascii() and text.isdigit() else 0 for name, text in (("w", self.width), ("h", self.height))}
        seconds = float(self.seconds) if self.seconds.isascii() and self.seconds.isdigit() else 0.0
        return Wish(width=whole["w"], height=whole["h"], mode=self.mode, seconds=seconds, data=data, settings=tried)


@page(Role.OPERATOR, methods=("GET", "POST"))
def drawing(request: HttpRequest, plugin_id: str) -> HttpResponse:
    """Show controls and settings; on POST have it drawn and show how far it is."""
    plugin, chosen = get_installed(plugin_id), Chosen.of(request)
    if request.method == "GET":
        return _show(
            request,
            plugin,
            chosen,
            form.build_form(located(plugin.schema), store.masked_settings(plugin), set_secrets=store.set_secrets(plugin)),
        )
    posted = {name: request.POST.getlist(name) for name in request.POST if name.startswith("/")}
    parsed = form.parse_form(located(plugin.schema), posted, store.masked_settings(plugin), set_secrets=store.set_secrets(plugin))
    problems: list[Any] = list(parsed.problems)
    drawn: Drawing | None = None
    if not problems:
        try:
            wish = chosen.wish(store.tried_settings(plugin, parsed.values, partial=False))
            drawn = ask(plugin, wish, requested_by=who(request), anew=chosen.anew)
        except LedsiteError as error:
            problems = list(error.details or [{"path": "", "message": f"{error.message} {error.hint}".strip()}])
    result = _result(request, plugin, drawn, chosen.zoom, problems)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(result)
    fields = form.build_form(located(plugin.schema), parsed.values, set_secrets=store.set_secrets(plugin), problems=problems)
    return _show(request, plugin, chosen, fields, result=result)


@page(Role.OPERATOR)
def result(request: HttpRequest, plugin_id: str, key: str) -> HttpResponse:
    """Answer how far a picture is, until it is there."""
    plugin = get_installed(plugin_id)
    drawn = find(plugin, key)
    answer = answer_fragment(request, RESULT, _context(drawn, request.GET.get("zoom", "")))
    if answer.content and drawing_body(drawn)["status"] in ("done", "failed"):
        answer.status_code = STOP_POLLING
    return answer


def _show(request: HttpRequest, plugin: Plugin, chosen: Chosen, fields: Any, *, result: str = "") -> HttpResponse:
    context = {
        "plugin": plugin,
        "fields": fields,
        "chosen": chosen,
        "modes": modes_of(plugin),
        "sizes": [f"{width}x{height}" for width, height in SIZES],
        "size": f"{chosen.width}x{chosen.height}",
        "zooms": ZOOMS,
        "all_seconds": SECONDS,
        "data_words": [(data.value, words) for data, words in DATA_WORDS],
        "smallest": SMALLEST,
        "largest": LARGEST,
        "result": result,
    }
    return render_page(request, "plugins_app/drawing/page.html", context, title=f"Preview of {plugin.name}")


def _result(request: HttpRequest, plugin: Plugin, drawn: Drawing | None, zoom: str, problems: list[Any]) -> str:
    if drawn is None:
        return render_to_string(RESULT, {"problems": problems}, request)
    address = with_query(reverse("plugin-drawing-result", args=[plugin.plugin_id, drawn.key]), zoom=zoom)
    return render_fragment(request, RESULT, _context(drawn, zoom), address=address)


def _context(drawn: Drawing, zoom: str) -> dict[str, Any]:
    body, factor = drawing_body(drawn), int(zoom) if zoom in ZOOMS and zoom != FIT else 0
    began = drawn.started_at
    return {
        "drawn": body,
        "picture": picture_address(drawn) if body["picture"] else "",
        "is_fitted": factor == 0,
        "shown_width": drawn.width * (factor or 1),
        "shown_height": drawn.height * (factor or 1),
        "is_waiting": drawn.is_open and began is None,
        "elapsed": int((timezone.now() - began).total_seconds()) if began else 0,
        "limit": int(DRAWING_SECONDS),
        "busy": Operation.objects.open().exists(),
    }
