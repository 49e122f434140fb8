"""The shapes of the store's answers beside its list: filters with counts, what changed, the details of one plugin."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s

from plugins_app.api.answers import ErrorAnswer, OfferedPlugin
from plugins_app.models import StoreChange


class FacetValue(s.Serializer[Any]):
    """One value of a filter."""

    value = s.CharField()
    count = s.IntegerField(help_text="How many plugins it would show beside the other filters")


class FacetValues(s.Serializer[Any]):
    """The values of every filter, the most frequent first."""

    category = FacetValue(many=True)
    tag = FacetValue(many=True)
    author = FacetValue(many=True)
    source = FacetValue(many=True)  # type: ignore[assignment]
    verified = FacetValue(many=True)
    installed = FacetValue(many=True)
    updatable = FacetValue(many=True)
    compatible = FacetValue(many=True)


class FacetsAnswer(s.Serializer[Any]):
    """What the list can be filtered by."""

    facets = FacetValues()
    without = s.DictField(child=s.IntegerField(), help_text="How many plugins there would be without each filter that is chosen")
    meant = FacetValue(allow_null=True, help_text="Where nothing is found: a query like the one that was given")


class ChangeAnswer(s.Serializer[Any]):
    """What became of one offer."""

    id = s.CharField()
    name = s.CharField()
    kind = s.ChoiceField(choices=StoreChange.Kind.choices)
    version = s.CharField(allow_blank=True)
    from_version = s.CharField(allow_blank=True)
    source = s.CharField()  # type: ignore[assignment]
    at = s.DateTimeField()


class ChangesAnswer(s.Serializer[Any]):
    """What changed since the last visit to the store."""

    count = s.IntegerField()
    since = s.DateTimeField(allow_null=True, help_text="null: never been there")
    results = ChangeAnswer(many=True)


class ReadmeAnswer(s.Serializer[Any]):
    """What a plugin says about itself."""

    text = s.CharField(allow_blank=True, help_text="Markdown, as its author wrote it")
    html = s.CharField(allow_blank=True, help_text="The same as safe HTML, without pictures")


class VersionAnswer(s.Serializer[Any]):
    """One version."""

    version = s.CharField()
    released = s.CharField(allow_blank=True)
    notes = s.CharField(allow_blank=True)
    incompatible = s.CharField(allow_blank=True, help_text="Why it does not fit this product")
    installed = s.BooleanField()


class RequirementAnswer(s.Serializer[Any]):
    """One line of a plugin's requirements."""

    text = s.CharField()
    state = s.ChoiceField(choices=("met", "fetched", "kept", "refused"), help_text="kept: this product's own version is used")
    note = s.CharField(allow_blank=True)


class DownloadAnswer(s.Serializer[Any]):
    """How much an installation downloads."""

    bytes = s.IntegerField(allow_null=True)
    origin = s.ChoiceField(choices=("measured", "github", "unknown"), help_text="github: the size of the whole repository")


class FilesAnswer(s.Serializer[Any]):
    """What is known of the plugin's own files, and whether a worker fetches them now."""

    state = s.ChoiceField(choices=("stored", "fetching", "failed", "none"))
    origin = s.ChoiceField(choices=("installed", "repository"), help_text="Where what is shown was read")
    fetched_at = s.DateTimeField(allow_null=True)
    problem = ErrorAnswer(allow_null=True)
    notes = s.DictField(child=s.CharField())


class AskedAnswer(s.Serializer[Any]):
    """How old the row's facts from GitHub are."""

    repository_at = s.DateTimeField(allow_null=True, help_text="When it last told stars and default branch; null: the registry's stand")
    commit_at = s.DateTimeField(allow_null=True, help_text="When it last told the last commit")


class DetailsAnswer(OfferedPlugin):
    """Everything that is stored about one plugin."""

    readme = ReadmeAnswer()
    versions = VersionAnswer(many=True)
    requirements = RequirementAnswer(many=True)
    download = DownloadAnswer()
    asked = AskedAnswer()
    schema = s.DictField(help_text="Its settings, as it ships them")
    picture = s.CharField(allow_null=True, help_text="Address of a picture: its screenshot, or what it drew here")
    files = FilesAnswer()
