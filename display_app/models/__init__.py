"""Every row that display_app keeps; import models from here."""

from display_app.models.health import PluginHealth
from display_app.models.notification import Notification, NotificationState
from display_app.models.settings import CommandKind, DisplayCommand, DisplaySettings

__all__ = ["CommandKind", "DisplayCommand", "DisplaySettings", "Notification", "NotificationState", "PluginHealth"]
