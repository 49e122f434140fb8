"""Answers about pictures of plugins, for the OpenAPI description: drawings on demand, and what comes with the product."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s

from plugins_app.api.answers import DescribedPlugin
from plugins_app.drawing.wish import Data
from plugins_app.models import DrawingStatus


class DrawingNote(s.Serializer[Any]):
    """Something that was noticed while a picture was drawn."""

    level = s.ChoiceField(choices=["error", "warning", "note"])
    where = s.CharField()
    text = s.CharField()


class DrawingAnswer(s.Serializer[Any]):
    """A picture that was asked for."""

    id = s.CharField()
    plugin_id = s.CharField()
    status = s.ChoiceField(choices=DrawingStatus.choices)
    width = s.IntegerField()
    height = s.IntegerField()
    mode = s.CharField(allow_blank=True)
    seconds = s.FloatField()
    data = s.ChoiceField(choices=[one.value for one in Data])  # type: ignore[assignment]
    problem = s.CharField(allow_blank=True)
    notes = DrawingNote(many=True)
    picture = s.CharField(allow_null=True, help_text="Address of the animated WebP")
    created_at = s.DateTimeField()
    finished_at = s.DateTimeField(allow_null=True)


class BundledPlugin(DescribedPlugin):
    """One plugin that comes with the product."""

    installed = s.BooleanField()
    preview = s.CharField(allow_null=True, help_text="Address of an animated WebP of what it shows")


class BundledList(s.Serializer[Any]):
    """The plugins that come with the product."""

    count = s.IntegerField()
    results = BundledPlugin(many=True)


class UploadAnswer(s.Serializer[Any]):
    """A picture that was uploaded for a plugin."""

    id = s.CharField()
    path = s.CharField(help_text="What goes into a setting")
    uploaded_at = s.DateTimeField()
    bytes = s.IntegerField()
    is_used = s.BooleanField(help_text="Whether the plugin's settings name it")
    picture = s.CharField(help_text="Address of a small WebP")


class UploadList(s.Serializer[Any]):
    """Pictures of a plugin."""

    count = s.IntegerField()
    results = UploadAnswer(many=True)


class CredentialsAnswer(s.Serializer[Any]):
    """A JSON file that was put into a plugin's folder."""

    plugin_id = s.CharField()
    file = s.CharField(help_text="Its name there")
