"""The shop for the tests of this room, with the tools in it."""

from __future__ import annotations

import shutil

import pytest

from plugins_app.config.store import save_settings
from plugins_app.lifecycle import requests
from plugins_app.models import Plugin
from tests.fakes.samples import entry
from tests.fakes.shop import SAMPLES, Shop, shop

__all__ = ["shop"]


@pytest.fixture
def tools(shop: Shop) -> Plugin:
    """Install the tools, with a secret."""
    shutil.copytree(SAMPLES / "tools", shop.folder / "repository" / "plugins" / "tools")
    shop.entries["tools"] = entry("tools")
    shop.publish()
    operation = shop.finish(requests.request_install("tools", requested_by="test"))
    assert operation.status == "succeeded", operation.error_message
    save_settings("tools", {"client_secret": "hunter2000"}, partial=True, requested_by="test")
    return Plugin.objects.get()
