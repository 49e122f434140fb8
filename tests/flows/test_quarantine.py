"""A plugin that crashes again and again is stopped; the API, the page and another version each give it another chance."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import requests

from tests.fakes.archives import plugin_zip, sample_files
from tests.fakes.product import ADMIN, PASSWORD, Product, running_product, wait_for

pytestmark = [pytest.mark.process, pytest.mark.timeout(240)]
BAD = "bad-exits"


def upload(product: Product, sample: str, version: str) -> None:
    files = sample_files(sample)
    manifest = json.loads(files["manifest.json"]) | {"id": BAD, "version": version, "display_modes": [BAD]}
    archive = plugin_zip({**files, "manifest.json": json.dumps(manifest)}, root="")
    answer = product.request("POST", "plugins/install-upload", files={"file": ("bad.zip", archive)})
    assert answer.status_code == 202, answer.text
    location = answer.headers["Location"].split("/api/v3/")[1]
    wait_for(lambda: product.get(location)["status"] == "succeeded", seconds=60, what=f"{sample} is installed")


def health(product: Product) -> dict[str, object]:
    return dict(product.get(f"display/health/plugins/{BAD}"))


def wait_for_quarantine(product: Product, *, after: int) -> int:
    """Wait until it is stopped after more restarts than before, and return how many there were."""

    def is_stopped() -> bool:
        found = health(product)
        return found["state"] == "quarantined" and int(str(found["restarts"])) > after

    wait_for(is_stopped, seconds=60, what="quarantine")
    return int(str(health(product)["restarts"]))


def log_in(product: Product) -> requests.Session:
    session = requests.Session()
    page = session.get(f"{product.url}/admin/login/", timeout=20).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    body = {"username": ADMIN, "password": PASSWORD, "csrfmiddlewaretoken": token[1], "next": "/admin/"}
    assert session.post(f"{product.url}/admin/login/", data=body, headers={"Referer": product.url}, timeout=20).status_code == 200
    return session


def test_each_way_out_of_quarantine(tmp_path: Path) -> None:
    with running_product(tmp_path) as product:
        assert product.request("PATCH", "display/settings", json={"limits": {"strikes": 2}}).json() == {"limits": "live"}
        upload(product, "bad/exits", "1.0.0")
        assert product.request("POST", "plugins/toggle", json={"plugin_id": BAD, "enabled": True}).status_code == 200
        restarts = wait_for_quarantine(product, after=0)
        assert "2 times within 10 minutes, the last time because it ended itself (exit code 5)" in str(health(product)["reason"])

        assert product.request("POST", "display/release", json={"plugin_id": BAD}).status_code == 202
        restarts = wait_for_quarantine(product, after=restarts)

        session = log_in(product)
        page = session.get(f"{product.url}/admin/panel/health/", timeout=20).text
        assert f"/admin/panel/release/{BAD}" in page
        headers = {"X-CSRFToken": session.cookies["csrftoken"], "Referer": product.url}
        answer = session.post(f"{product.url}/admin/panel/release/{BAD}", headers=headers, timeout=20)
        assert f"{BAD} gets another chance." in answer.text
        wait_for_quarantine(product, after=restarts)

        upload(product, "steady", "2.0.0")
        wait_for(lambda: health(product)["state"] in ("ready", "showing"), seconds=30, what="the other version runs")
        assert health(product)["strikes"] == []
