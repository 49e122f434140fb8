"""Every address of the product: the admin with its pages, the API of both apps, health, the schema."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("api/v3/", include("plugins_app.api.urls")),
    path("api/v3/display/", include("display_app.api.urls")),
    path("admin/", admin.site.urls),
]
