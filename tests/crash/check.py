"""Prints what is wrong in a product's folders, as JSON: `python -m tests.crash.check` with the product's environment."""

from __future__ import annotations

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ledsite.settings")
django.setup()

from plugins_app.operations.context import current_context  # noqa: E402 (after setup)
from tests.crash.invariants import violations  # noqa: E402 (after setup)

if __name__ == "__main__":
    print(json.dumps(violations(current_context())))
