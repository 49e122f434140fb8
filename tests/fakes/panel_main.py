"""Runs the real panel with the limits that a test gives: `python -m tests.fakes.panel_main JSON`."""

from __future__ import annotations

import json
import logging
import sys

import django


def main() -> None:
    """Run until SIGTERM."""
    django.setup()
    from django.conf import settings

    from display_app.director.config import DirectorConfig
    from display_app.director.run import run_panel
    from display_app.hosting.limits import Limits

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    run_panel(DirectorConfig(environment=settings.LEDSITE, limits=Limits(**json.loads(sys.argv[1]))))


if __name__ == "__main__":
    main()
