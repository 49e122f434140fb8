"""How the panel should look and what it was told to do."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone


class DisplaySettings(models.Model):
    """The one row of settings of the panel; `hardware` needs the driver restarted, all else is live."""

    power = models.BooleanField(default=True)
    brightness = models.PositiveSmallIntegerField(default=80, validators=[MaxValueValidator(100)])
    paused = models.BooleanField(default=False, help_text="Rotation stands still on what is shown")
    default_duration = models.FloatField(default=15, validators=[MinValueValidator(1), MaxValueValidator(3600)])
    transition = models.CharField(default="cut", max_length=10, help_text="How a turn follows another: cut, fade, slide, wipe")
    transition_seconds = models.FloatField(default=0.5, validators=[MinValueValidator(0.1), MaxValueValidator(3)])
    schedules = models.JSONField(default=list, blank=True, help_text="Windows in which the panel is on; none: always")
    dimming = models.JSONField(default=list, blank=True, help_text="Windows with another brightness")
    override = models.JSONField(null=True, blank=True, help_text="Brightness or power that counts instead, with the moment when it ends")
    durations = models.JSONField(default=dict, blank=True, help_text="Seconds by plugin and mode, where they are not the plugin's own")
    longest_cycle = models.FloatField(default=180, validators=[MinValueValidator(1), MaxValueValidator(3600)])
    ticker = models.JSONField(default=dict, blank=True, help_text="The continuous ticker, where it is not the default (rotation/ticker.py)")
    hardware = models.JSONField(default=dict, blank=True, help_text="Options of the LED driver: hardware_mapping, gpio_slowdown ...")
    limits = models.JSONField(default=dict, blank=True, help_text="What plugins may use, where it is not the default (hosting/limits.py)")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "display settings"

    def __str__(self) -> str:
        return "settings of the panel"

    @classmethod
    def load(cls) -> DisplaySettings:
        """Return the row, made with defaults when there is none."""
        return cls.objects.get_or_create(pk=1)[0]


class CommandKind(models.TextChoices):
    """What the panel can be told."""

    SHOW = "show"
    STOP_SHOWING = "stop-showing"
    NEXT = "next"
    RELEASE = "release"
    RESTART_DRIVER = "restart-driver"
    LEAVE_SAFE_MODE = "leave-safe-mode"


class DisplayCommand(models.Model):
    """One order to the director: taken once, in order of id."""

    kind = models.CharField(max_length=20, choices=CommandKind)
    arguments = models.JSONField(default=dict, blank=True, help_text="show: plugin_id, mode, duration, pinned")
    requested_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["taken_at"])]

    def __str__(self) -> str:
        return self.kind
