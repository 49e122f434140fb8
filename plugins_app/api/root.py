"""The entrance at /api/v3/: where everything is."""

from __future__ import annotations

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from plugins_app.api.base import ApiView
from plugins_app.api.schema import describe

ENTRANCES = {
    "installed": "plugins-installed",
    "store": "store-list",
    "operations": "operations",
    "reconcile": "reconcile",
    "display": "display-status",
    "docs": "api-docs",
    "schema": "api-schema",
}


class RootView(ApiView):
    """Plugins on an LED panel: see `docs` for every address."""

    @describe(dict)
    def get(self, request: Request) -> Response:
        """List the entrances."""
        return Response({title: request.build_absolute_uri(reverse(name)) for title, name in ENTRANCES.items()})
