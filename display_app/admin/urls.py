"""Addresses of the panel's pages below /admin/; the dashboard is the first page."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

from display_app.admin import dashboard, health_pages, knobs, limits_page, notification_pages, panel_settings, showing, ticker_page
from plugins_app.admin.pages import at

urlpatterns: list[URLPattern] = [
    at("", dashboard.dashboard, "dashboard"),
    at("panel/now", dashboard.now, "panel-now"),
    at("panel/rest", dashboard.rest, "panel-rest"),
    at("panel/change", knobs.change, "panel-change"),
    at("panel/next", showing.show_next, "panel-next"),
    at("panel/stop-showing", showing.stop_showing, "panel-stop-showing"),
    at("panel/dismiss", dashboard.dismiss, "panel-dismiss"),
    at("panel/leave-safe-mode", dashboard.leave_safe_mode, "panel-leave-safe-mode"),
    at("panel/show/<str:plugin_id>", showing.show, "panel-show"),
    at("panel/show/<str:plugin_id>/for", showing.show_form, "panel-show-form"),
    at("panel/end-override", knobs.end_override, "panel-end-override"),
    at("panel/release/<str:plugin_id>", dashboard.release, "panel-release"),
    at("panel/health/", health_pages.plugins, "plugin-health-page"),
    at("panel/health/list", health_pages.plugins_list, "plugin-health-list"),
    at("panel/health/<str:plugin_id>/", health_pages.plugin, "plugin-health-one"),
    at("panel/health/<str:plugin_id>/log", health_pages.download, "plugin-health-log"),
    at("panel/limits/", limits_page.limits, "plugin-limits"),
    at("panel/ticker/", ticker_page.ticker, "ticker-page"),
    at("panel/ticker/live", ticker_page.live, "ticker-live"),
    at("panel/notifications/", notification_pages.notification_page, "notifications-page"),
    at("panel/notifications/list", notification_pages.rows, "notifications-list"),
    at("panel/notifications/<int:number>/dismiss", notification_pages.dismiss, "notification-dismiss"),
    at("panel/settings/", panel_settings.panel_settings, "panel-settings"),
]
