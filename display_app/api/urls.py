"""Addresses below /api/v3/display/."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

from display_app.api import health, notifications, picture, views
from plugins_app.api.base import route

urlpatterns: list[URLPattern] = [
    *route("status", views.StatusView, "display-status"),
    *route("on-demand", views.OnDemandView, "display-on-demand"),
    *route("release", views.ReleaseView, "display-release"),
    *route("safe-mode", views.SafeModeView, "display-safe-mode"),
    *route("next", views.NextView, "display-next"),
    *route("pause", views.PauseView, "display-pause"),
    *route("settings", views.SettingsView, "display-settings"),
    *route("notifications", notifications.NotificationsView, "display-notifications"),
    *route("notifications/<int:number>", notifications.NotificationView, "display-notification"),
    *route("health/plugins", health.PluginsHealthView, "display-plugins-health"),
    *route("health/plugins/<str:plugin_id>", health.PluginHealthView, "display-plugin-health"),
    *route("health/plugins/<str:plugin_id>/log", health.PluginLogView, "display-plugin-log"),
    *route("frame.png", picture.FramePngView, "display-frame"),
    *route("stream", picture.StreamView, "display-stream"),
]
