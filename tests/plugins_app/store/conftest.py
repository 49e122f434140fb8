"""The hub and a registry full of entries for the tests of the store."""

from __future__ import annotations

from tests.fakes.hub import hub

__all__ = ["hub"]
