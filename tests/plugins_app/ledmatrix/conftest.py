"""The shop for the tests of this room."""

from tests.fakes.shop import shop

__all__ = ["shop"]
