"""Every address of the product: the admin with its pages, the API of both apps, health, the schema."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from ledsite.health import health_view

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("favicon.ico", RedirectView.as_view(url="/static/plugins_app/icon.svg")),
    re_path(r"^api/v3/health/?$", health_view, name="health"),
    path("api/v3/", include("plugins_app.api.urls")),
    path("api/v3/display/", include("display_app.api.urls")),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", include("display_app.admin.urls")),
    path("admin/", include("plugins_app.admin.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "plugins_app.api.errors.bad_request"
handler403 = "plugins_app.api.errors.permission_denied"
handler404 = "plugins_app.api.errors.page_not_found"
handler500 = "plugins_app.api.errors.server_error"
