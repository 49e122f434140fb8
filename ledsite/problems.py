"""The one error that ends a start: a sentence for the person at the keyboard."""

from __future__ import annotations


class StartProblem(Exception):
    """The product cannot start; the text says why and what to do."""
