"""Addresses of the panel's pages below /admin/; the dashboard is the first page."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

from display_app.admin import dashboard, health_pages, limits_page, panel_settings
from plugins_app.admin.pages import at

urlpatterns: list[URLPattern] = [
    at("", dashboard.dashboard, "dashboard"),
    at("panel/now", dashboard.now, "panel-now"),
    at("panel/rest", dashboard.rest, "panel-rest"),
    at("panel/change", dashboard.change, "panel-change"),
    at("panel/next", dashboard.show_next, "panel-next"),
    at("panel/stop-showing", dashboard.stop_showing, "panel-stop-showing"),
    at("panel/dismiss", dashboard.dismiss, "panel-dismiss"),
    at("panel/leave-safe-mode", dashboard.leave_safe_mode, "panel-leave-safe-mode"),
    at("panel/show/<str:plugin_id>", dashboard.show, "panel-show"),
    at("panel/release/<str:plugin_id>", dashboard.release, "panel-release"),
    at("panel/health/", health_pages.plugins, "plugin-health-page"),
    at("panel/health/list", health_pages.plugins_list, "plugin-health-list"),
    at("panel/health/<str:plugin_id>/", health_pages.plugin, "plugin-health-one"),
    at("panel/health/<str:plugin_id>/log", health_pages.download, "plugin-health-log"),
    at("panel/limits/", limits_page.limits, "plugin-limits"),
    at("panel/settings/", panel_settings.panel_settings, "panel-settings"),
]
