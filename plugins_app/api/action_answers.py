"""Answers about actions of plugins, for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s

from plugins_app.models import ActionStatus


class ActionAnswer(s.Serializer[Any]):
    """A script that a plugin offers."""

    id = s.CharField()
    title = s.CharField()
    description = s.CharField(allow_blank=True)
    button_text = s.CharField()
    section = s.CharField(allow_blank=True)
    code_prompt = s.CharField(allow_blank=True)
    is_hidden = s.BooleanField(help_text="Has no button on the page")
    is_oauth = s.BooleanField(help_text="The first run answers a link, the second takes what stands there as `redirect_url`")


class ActionList(s.Serializer[Any]):
    """The scripts of a plugin."""

    count = s.IntegerField()
    results = ActionAnswer(many=True)


class ActionRunAnswer(s.Serializer[Any]):
    """One run of one of them."""

    id = s.IntegerField()
    plugin_id = s.CharField()
    action_id = s.CharField()
    status = s.ChoiceField(choices=ActionStatus.choices)
    message = s.CharField(allow_blank=True)
    answer = s.DictField(help_text="The JSON object that the script printed")
    link = s.CharField(allow_blank=True, help_text="An address for a person to open")
    wants_code = s.BooleanField(help_text="Run it again with `redirect_url`")
    output = s.CharField(allow_blank=True, help_text="The end of what it printed, secrets masked")
    requested_by = s.CharField()
    created_at = s.DateTimeField()
    finished_at = s.DateTimeField(allow_null=True)
