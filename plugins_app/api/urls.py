"""Addresses below /api/v3/ that belong to plugins, operations and access."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
