#!/usr/bin/env python
"""Django's command line for ledsite; a bad setting ends it with one sentence."""

from __future__ import annotations

import os
import sys

from ledsite.env import EnvironmentProblem


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ledsite.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except EnvironmentProblem as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
