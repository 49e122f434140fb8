"""What bodies may carry: types and lengths; whether it can be done is decided by the function that is called."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from plugins_app.drawing.wish import Data
from plugins_app.exceptions import BadRequest
from plugins_app.package.ids import check_id


class StrictText(serializers.CharField):
    """Text that must come as JSON text: numbers are not turned into it."""

    def to_internal_value(self, data: Any) -> str:
        """Return the text; fail for every other type."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class PluginId(StrictText):
    """A plugin id; a text that cannot be one is the error `bad-plugin-id`."""

    def to_internal_value(self, data: Any) -> str:
        """Return the id."""
        return check_id(super().to_internal_value(data))


class PluginBody(serializers.Serializer[Any]):
    """A body that names a plugin."""

    plugin_id = PluginId(max_length=200)


class InstallBody(PluginBody):
    """Body of install."""

    version = StrictText(required=False, allow_null=True, max_length=50)
    enable = serializers.BooleanField(default=True)


class UpdateBody(PluginBody):
    """Body of update."""

    version = StrictText(required=False, allow_null=True, max_length=50)


class UpdatePolicyBody(serializers.Serializer[Any]):
    """Body of update-policy."""

    automatic = serializers.BooleanField()


class SourceBody(serializers.Serializer[Any]):
    """Body of a registry to add."""

    name = StrictText(max_length=100)
    url = StrictText(max_length=500)


class FindingBody(serializers.Serializer[Any]):
    """Body of an action on a finding; it may be missing."""

    kind = StrictText(default="", allow_blank=True, max_length=60)


class InstallFromUrlBody(serializers.Serializer[Any]):
    """Body of install-from-url."""

    url = StrictText(max_length=2000)
    plugin_path = StrictText(default="", allow_blank=True, max_length=240)
    branch = StrictText(default="", allow_blank=True, max_length=200)


class UploadBody(serializers.Serializer[Any]):
    """Body of install-upload: multipart/form-data with the zip in `file`."""

    file = serializers.FileField(max_length=200, allow_empty_file=False)


class AssetsUploadBody(PluginBody):
    """Body of assets/upload: multipart/form-data with one or more pictures in `files`."""

    files = serializers.ListField(child=serializers.FileField(max_length=300), allow_empty=False)


class CredentialsBody(serializers.Serializer[Any]):
    """Body of upload-credentials: multipart/form-data with a JSON file in `file`."""

    file = serializers.FileField(max_length=300)
    setting = StrictText(default="", allow_blank=True, max_length=500)


class AssetDeleteBody(PluginBody):
    """Body of assets/delete."""

    id = StrictText(max_length=100)


class ActionBody(PluginBody):
    """Body of action: what the script gets, as one JSON document on its stdin."""

    action_id = StrictText(max_length=100)
    params = serializers.DictField(required=False, allow_null=True)


class UninstallBody(PluginBody):
    """Body of uninstall."""

    preserve_config = serializers.BooleanField(default=False)


class ToggleBody(PluginBody):
    """Body of toggle."""

    enabled = serializers.BooleanField()


class OrderBody(serializers.Serializer[Any]):
    """Body of order: ids as the panel shall show them."""

    plugin_ids = serializers.ListField(child=PluginId(max_length=200), max_length=1000)


class TokenBody(serializers.Serializer[Any]):
    """Body of store/token."""

    token = serializers.CharField(max_length=300)


class DrawingBody(serializers.Serializer[Any]):
    """Body of a picture to draw: `settings` are changes of the saved ones, and are not saved."""

    width = serializers.IntegerField(required=False)
    height = serializers.IntegerField(required=False)
    mode = StrictText(required=False, allow_blank=True, max_length=200)
    seconds = serializers.FloatField(default=5.0)
    data = serializers.ChoiceField(choices=[one.value for one in Data], default=Data.LAST.value)  # type: ignore[assignment]
    settings = serializers.DictField(required=False)
    anew = serializers.BooleanField(default=False)


class ForceBody(serializers.Serializer[Any]):
    """Body of refresh and reconcile."""

    force = serializers.BooleanField(default=False, allow_null=True)


def read_body(kind: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """Return the checked fields of a body; raise ValidationError with the path of each wrong one."""
    body = kind(data=data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def read_options(kind: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """Return the fields of an optional body: JSON that is no object carries no options (R24)."""
    return read_body(kind, data if isinstance(data, dict) else {})


def read_object(data: Any) -> dict[str, Any]:
    """Return a body of settings when it is an object; raise BadRequest when not."""
    if not isinstance(data, dict):
        raise BadRequest("Settings come as a JSON object.", code="settings-invalid", hint='Send an object such as {"brightness": 50}.')
    return data
