"""The OpenAPI description at /api/v3/schema and its page at /api/v3/docs; every view says here what it takes and answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from plugins_app.api import answers, picture_answers, store_answers
from plugins_app.api.base import ApiView
from plugins_app.api.renderers import JsonRenderer
from plugins_app.store import search

Decorator = Callable[[Any], Any]


def words(*names: str) -> list[OpenApiParameter]:
    """Describe optional text parameters of an address."""
    return [OpenApiParameter(name, str, required=False) for name in names]


PAGING = [OpenApiParameter("limit", int, required=False), OpenApiParameter("offset", int, required=False)]


def describe(
    answer: Any, *, body: type[Serializer[Any]] | None = None, parameters: Any = (), status: int = 200, name: str | None = None
) -> Decorator:
    """Say what a view method takes and answers; errors are problem documents everywhere."""
    return extend_schema(
        operation_id=name,
        request=body,
        parameters=list(parameters),
        responses={status: answer, "default": answers.ProblemAnswer},
    )


def answers_operation(body: type[Serializer[Any]], *, multipart: bool = False) -> Decorator:
    """Describe a method that queues work: 202 and the operation."""
    request: Any = {"multipart/form-data": body} if multipart else body
    return describe(answers.OperationAnswer, body=request, status=202)


def takes(body: type[Serializer[Any]], answer: Any = dict, *, status: int = 200) -> Decorator:
    """Describe a method that does its work at once."""
    return describe(answer, body=body, status=status)


answers_bundled = describe(picture_answers.BundledList)
answers_drawing = describe(picture_answers.DrawingAnswer)
answers_plugins = describe(answers.InstalledList, parameters=[*words("refresh"), *PAGING])
answers_removed = describe(answers.RemovedList, parameters=PAGING, name="removed_list")
answers_versions = describe(answers.VersionsAnswer)
answers_catalogue = describe(answers.CatalogueAnswer, parameters=[*words(*search.NAMES, "sort"), *PAGING])
answers_facets = describe(store_answers.FacetsAnswer, parameters=words(*search.NAMES))
answers_changes = describe(store_answers.ChangesAnswer)
answers_details = describe(store_answers.DetailsAnswer)
accepts_details = describe(store_answers.DetailsAnswer, status=202)
answers_operations = describe(
    answers.OperationList, parameters=[*words("plugin_id", "requested_by", "kind", "status"), *PAGING], name="operations_list"
)
answers_one_operation = describe(answers.OperationAnswer)
answers_token = describe(answers.TokenAnswer)
accepts_token = describe(answers.TokenAnswer, status=202)
accepts_operation = describe(answers.OperationAnswer, status=202)
accepts_operations = describe(answers.OperationList, status=202)
answers_update_policy = describe(answers.UpdatePolicyAnswer)
answers_sources = describe(answers.SourceList, parameters=PAGING, name="sources_list")
answers_nothing = describe(None, status=204)
answers_reconcile = describe(answers.ReconcileAnswer)


def without_trailing_slashes(endpoints: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Keep one spelling of each address (spectacular's preprocessing hook)."""
    addresses = {endpoint[0] for endpoint in endpoints}
    return [endpoint for endpoint in endpoints if endpoint[0].rstrip("/") not in addresses - {endpoint[0]}]


class SchemaView(ApiView, SpectacularAPIView):
    """The OpenAPI description of this interface, as JSON or YAML."""

    renderer_classes = [JsonRenderer, OpenApiYamlRenderer]


class DocsView(ApiView, SpectacularSwaggerSplitView):
    """The OpenAPI description as a page."""

    url_name = "api-schema"

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Answer with the page whatever is asked for."""
        return super().perform_content_negotiation(request, force=True)
