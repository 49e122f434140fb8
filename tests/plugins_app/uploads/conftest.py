"""The shop for the tests of this room, with the album in it."""

from __future__ import annotations

import shutil

import pytest

from plugins_app.lifecycle import requests
from plugins_app.models import Plugin
from tests.fakes.samples import entry
from tests.fakes.shop import SAMPLES, Shop, shop

__all__ = ["shop"]


@pytest.fixture
def album(shop: Shop) -> Plugin:
    """Install the album."""
    folder = shop.folder / "repository" / "plugins" / "album"
    shutil.copytree(SAMPLES / "album", folder)
    shop.entries["album"] = entry("album")
    shop.publish()
    operation = shop.finish(requests.request_install("album", requested_by="test"))
    assert operation.status == "succeeded", operation.error_message
    return Plugin.objects.get()
