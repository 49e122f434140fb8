"""Pictures and logins in the browser: chosen, seen, put in order, removed; a button, a link, a field for the code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.site import Site, wait_for
from tests.fakes.hub import Hub
from tests.fakes.pictures import picture
from tests.fakes.product import Product
from tests.fakes.samples import extras_registry

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]
DECODED = "return [...document.querySelectorAll('.ls-files .ls-thumbnail')].filter(one => one.naturalWidth > 0).length"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Serve the album and the tools."""
    registry, folder = extras_registry(tmp_path_factory.mktemp("shop"))
    hub = Hub(registry=registry, plugins=folder)
    yield hub
    hub.close()


@pytest.fixture(scope="module", autouse=True)
def installed(product: Product) -> None:
    """Install both."""
    wait_for(lambda: product.get("plugins/store/list")["results"], what="a filled store")
    for plugin_id in ("album", "tools"):
        assert product.operate("plugins/install", {"plugin_id": plugin_id})["status"] == "succeeded"


def paths(product: Product) -> list[str]:
    return [one["path"] for one in product.get("plugins/album/config").get("images", [])]


def test_pictures_are_chosen_seen_ordered_and_removed(product: Product, site: Site, tmp_path: Path) -> None:
    for name, colour in (("a.png", (200, 0, 0)), ("b.png", (0, 200, 0))):
        (tmp_path / name).write_bytes(picture(colour=colour))
    site.open("/admin/plugins/album/settings/")
    site.browser.find_element("name", "upload:/images").send_keys(f"{tmp_path}/a.png\n{tmp_path}/b.png")
    site.says("a.png, b.png", ".ls-files")
    site.click(".ls-save button", "Save")
    wait_for(lambda: site.browser.execute_script(DECODED) == 2, what="two thumbnails")
    first, second = paths(product)
    site.browser.execute_script("document.querySelector('[data-file]:nth-child(2) [aria-label=Earlier]').click()")
    site.click(".ls-save button", "Save")
    wait_for(lambda: paths(product) == [second, first], what="the other order")
    site.browser.execute_script("document.querySelector('[name=\"drop:/images\"]').click()")
    site.click(".ls-save button", "Save")
    wait_for(lambda: paths(product) == [first], what="one picture left")
    site.click("#uploads button", "Delete")
    site.says("The picture is deleted.", "body")
    assert [one["path"] for one in product.get("plugins/assets/list?plugin_id=album")["results"]] == [first]


def test_a_login_with_a_button_a_link_and_a_code(product: Product, site: Site) -> None:
    site.open("/admin/plugins/tools/settings/")
    site.click("#actions button", "Log in")
    link = site.find("#actions a", "Open the link")
    assert (link.get_attribute("href"), link.get_attribute("rel")) == ("https://accounts.example/authorize?client=1", "noopener noreferrer")
    site.fill("#actions [name=code]", "http://127.0.0.1/?code=abc")
    site.click("#actions button", "Complete")
    site.says("Logged in", "#actions")
    assert (product.folder / "root" / "plugin-repos" / "tools" / "token.txt").read_text() == "abc"
