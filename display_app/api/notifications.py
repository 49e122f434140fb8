"""Notifications over HTTP: shown for a moment, listed, put away."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from display_app import notifications
from display_app.models import Notification
from plugins_app.api.base import ApiView
from plugins_app.api.schema import describe
from plugins_app.api.serializers import StrictText, read_body

LIST_PAGE = 50


class NotificationBody(serializers.Serializer[Any]):
    """Body of a notification: `text` or `image`, a PNG in base64."""

    text = StrictText(required=False, max_length=notifications.MOST_TEXT)
    image = StrictText(required=False, max_length=900_000)
    priority = serializers.ChoiceField(choices=list(notifications.PRIORITIES), default="normal")
    hold = serializers.FloatField(default=notifications.DEFAULT_HOLD, min_value=1, max_value=3600)
    ttl = serializers.FloatField(default=notifications.DEFAULT_TTL, min_value=1, max_value=86400)
    colour = serializers.RegexField(r"^#[0-9a-fA-F]{6}\Z", default=notifications.DEFAULT_COLOUR)


class NotificationsView(ApiView):
    """Texts and pictures that interrupt the panel for a moment."""

    @describe(dict, name="display_notifications_list")
    def get(self, request: Request) -> Response:
        """List them, the newest first; 50 unless `limit` says otherwise."""
        found, head = self.page(request, Notification.objects.all(), default_limit=LIST_PAGE)
        return Response({**head, "results": notifications.describe(found)})

    @describe(dict, body=NotificationBody, status=202)
    def post(self, request: Request) -> Response:
        """Show one for `hold` seconds; it is dropped when its turn does not come within `ttl`."""
        row = notifications.notify(**read_body(NotificationBody, request.data), requested_by=self.requested_by)
        address = reverse("display-notification", args=[row.pk])
        return Response(notifications.describe([row])[0], status=202, headers={"Location": address})

    @describe(None, status=204, name="display_notifications_destroy_all")
    def delete(self, request: Request) -> Response:
        """Put all of them away."""
        notifications.dismiss(requested_by=self.requested_by)
        return Response(status=204)


class NotificationView(ApiView):
    """One notification."""

    @describe(dict)
    def get(self, request: Request, number: int) -> Response:
        """Show what has become of it."""
        return Response(notifications.describe([notifications.find(number)])[0])

    @describe(None, status=204)
    def delete(self, request: Request, number: int) -> Response:
        """Put it away."""
        notifications.dismiss(number, requested_by=self.requested_by)
        return Response(status=204)
