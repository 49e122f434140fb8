"""Wiring of the Django project: settings, urls and the supervisor behind `manage.py up`; no behaviour of its own."""

__version__ = "0.1.0"
