"""What plugins offer besides settings, with everything real: pictures that reach the panel, a login that a worker runs."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.fakes.hub import Hub
from tests.fakes.pictures import picture
from tests.fakes.product import Product, wait_for
from tests.fakes.samples import extras_registry

pytestmark = [pytest.mark.process, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Serve the album and the tools."""
    registry, folder = extras_registry(tmp_path_factory.mktemp("shop"))
    hub = Hub(registry=registry, plugins=folder)
    yield hub
    hub.close()


def install(product: Product, plugin_id: str) -> None:
    wait_for(lambda: product.get("plugins/store/list")["results"], what="a filled store")
    if product.plugin(plugin_id) is not None:
        return
    assert product.operate("plugins/install", {"plugin_id": plugin_id})["status"] == "succeeded"


def colours(product: Product) -> list[Any]:
    with Image.open(BytesIO(product.request("GET", "display/frame.png").content)) as frame:
        shown = frame.convert("RGB")
        return [shown.getpixel((shown.width // 4, 10)), shown.getpixel((shown.width * 3 // 4, 10))]


def act(product: Product, action_id: str, **params: Any) -> dict[str, Any]:
    answer = product.request("POST", "plugins/action", json={"plugin_id": "tools", "action_id": action_id, "params": params})
    assert answer.status_code == 202, answer.text
    place = answer.headers["Location"].split("/api/v3/")[1]
    return wait_for(lambda: (run := product.get(place))["status"] in ("done", "failed") and run, what=f"the end of {action_id}")


def test_uploaded_pictures_are_on_the_panel(product: Product) -> None:
    install(product, "album")
    two = [("files", ("a.png", picture(colour=(250, 0, 0)))), ("files", ("b.gif", picture("GIF", colour=(0, 0, 250))))]
    answer = product.request("POST", "plugins/assets/upload", data={"plugin_id": "album"}, files=two)
    assert answer.status_code == 201, answer.text
    images = [{"id": one["id"], "path": one["path"]} for one in answer.json()["results"]]
    assert product.request("PATCH", "plugins/album/config", json={"images": images}).status_code == 200
    product.request("POST", "display/on-demand", json={"plugin_id": "album", "pinned": True})
    wanted = {(250, 0, 0), (0, 0, 250)}
    wait_for(lambda: set(colours(product)) == wanted, what="both pictures")
    turned = colours(product)[::-1]
    product.request("PATCH", "plugins/album/config", json={"images": images[::-1]})
    wait_for(lambda: colours(product) == turned, what="both pictures the other way round")
    product.request("DELETE", "display/on-demand")
    place = product.request("POST", "plugins/album/drawings", json={"data": "nothing"}).headers["Location"].split("/api/v3/")[1]
    drawn = wait_for(lambda: (one := product.get(place))["status"] in ("done", "failed") and one, seconds=60, what="a drawing")
    with Image.open(BytesIO(product.request("GET", drawn["picture"].split("/api/v3/")[1]).content)) as image:
        assert wanted <= {colour for _, colour in image.convert("RGB").getcolors()}


def test_a_login_is_run_by_a_worker_and_the_plugin_starts_anew_with_it(product: Product) -> None:
    install(product, "tools")
    wait_for(lambda: product.status()["plugins"]["tools"]["state"] in ("ready", "showing"), what="the tools running")
    pid = product.status()["plugins"]["tools"]["pid"]
    first = act(product, "login")
    assert (first["status"], first["link"]) == ("done", "https://accounts.example/authorize?client=1")
    second = act(product, "login", redirect_url="http://127.0.0.1/?code=abc")
    assert (second["status"], second["message"]) == ("done", "Logged in")
    wait_for(lambda: product.status()["plugins"]["tools"]["pid"] not in (None, pid), what="another process of the tools")
    assert product.status()["plugins"]["tools"]["strikes"] == 0
    assert (product.folder / "root" / "plugin-repos" / "tools" / "token.txt").read_text() == "abc"


def test_a_script_that_hangs_does_not_keep_its_plugin_from_being_removed(product: Product) -> None:
    install(product, "tools")
    asked = {"plugin_id": "tools", "action_id": "misbehave", "params": {"kind": "hang"}}
    place = product.request("POST", "plugins/action", json=asked).headers["Location"].split("/api/v3/")[1]
    wait_for(lambda: product.get(place)["status"] == "running", what="the script running")
    assert product.operate("plugins/uninstall", {"plugin_id": "tools"})["status"] == "succeeded"
