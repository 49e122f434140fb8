"""What an import from elsewhere has left here."""

from __future__ import annotations

from django.db import models


class ImportedSettings(models.Model):
    """What the last import wrote about one subject, so that the next one can tell what a person has changed since."""

    subject = models.CharField(primary_key=True, max_length=80, help_text="panel, order, or plugin:<id>")
    marks = models.JSONField(default=dict, blank=True, help_text="A digest of what was left, by JSON pointer; never a value")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "imported settings"

    def __str__(self) -> str:
        return f"import of {self.subject}"
