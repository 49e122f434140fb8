"""Loggers for plugin code, by the name and with the plugin id that the log lines then carry."""

from __future__ import annotations

import logging


def get_logger(name: str, plugin_id: str | None = None) -> logging.Logger | logging.LoggerAdapter[logging.Logger]:
    """Return the logger `name`; with `plugin_id` each record carries it as `record.plugin_id`."""
    logger = logging.getLogger(name)
    return logger if plugin_id is None else logging.LoggerAdapter(logger, {"plugin_id": plugin_id})
