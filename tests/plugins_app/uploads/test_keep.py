"""Uploads by API and page: kept or refused as a whole, named in settings, deleted when unused, gone with a purge."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from plugins_app.access import Role
from plugins_app.config.store import masked_settings, save_settings
from plugins_app.lifecycle import requests
from plugins_app.models import AuditEntry, Plugin, Tombstone
from plugins_app.operations.retention import tidy_up
from plugins_app.uploads import keep
from tests.fakes.people import client_of, make_user
from tests.fakes.pictures import bomb, picture
from tests.fakes.shop import Shop

pytestmark = pytest.mark.process


def sent(body: bytes | None = None, name: str = "a.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if body is None else body)


def folder_of(shop: Shop) -> Path:
    return shop.context.paths.assets / "plugins" / "album" / "uploads"


def names(shop: Shop) -> list[str]:
    return sorted(path.name for path in folder_of(shop).iterdir()) if folder_of(shop).exists() else []


def page_of(role: Role = Role.OPERATOR) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def test_the_api_keeps_lists_shows_and_deletes(shop: Shop, album: Plugin) -> None:
    client = client_of(Role.OPERATOR)
    answer = client.post("/api/v3/plugins/assets/upload", {"plugin_id": "album", "files": [sent(), sent(picture("GIF"), "../../x.png")]})
    assert answer.status_code == 201, answer.content
    first, second = answer.json()["results"]
    assert sorted(names(shop)) == sorted(Path(one["path"]).name for one in (first, second))
    assert {Path(one["path"]).suffix for one in (first, second)} == {".png", ".gif"}
    assert first["path"].startswith("assets/plugins/album/uploads/")
    assert client.get("/api/v3/plugins/assets/list", {"plugin_id": "album"}).json()["count"] == 2
    small = client.get(first["picture"])
    with Image.open(BytesIO(small.content)) as image:
        assert (small["Content-Type"], image.size) == ("image/webp", (16, 8))
    save_settings("album", {"images": [{"id": first["id"], "path": first["path"]}]}, partial=True, requested_by="test")
    refused = client.post("/api/v3/plugins/assets/delete", {"plugin_id": "album", "id": first["id"]}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "upload-in-use")
    by_name = client.post("/api/v3/plugins/assets/delete", {"plugin_id": "album", "id": Path(first["path"]).name}, format="json")
    assert (by_name.status_code, len(names(shop))) == (404, 2)
    left = client.post("/api/v3/plugins/assets/delete", {"plugin_id": "album", "id": second["id"]}, format="json").json()
    assert [(one["id"], one["is_used"]) for one in left["results"]] == [(first["id"], True)]
    assert [one.what for one in AuditEntry.objects.order_by("pk") if "upload" in one.what] == ["upload", "upload-deleted"]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (lambda: [sent(), sent(b"no picture", "evil\n.png")], "picture-invalid"),
        (lambda: [sent(), sent(bomb())], "picture-too-large"),
        (lambda: [sent() for _ in range(21)], "too-many-files"),
    ],
)
def test_one_bad_file_keeps_all_of_them_out(shop: Shop, album: Plugin, files: Any, code: str) -> None:
    answer = client_of(Role.OPERATOR).post("/api/v3/plugins/assets/upload", {"plugin_id": "album", "files": files()})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert names(shop) == []
    assert not AuditEntry.objects.filter(what="upload").exists()


@pytest.mark.parametrize("upload_id", ["../../../../var/secret.key", "0" * 32, "0" * 32 + ".png", ""])
def test_what_is_no_upload_is_not_deleted(shop: Shop, album: Plugin, upload_id: str) -> None:
    answer = client_of(Role.OPERATOR).post("/api/v3/plugins/assets/delete", {"plugin_id": "album", "id": upload_id}, format="json")
    assert answer.status_code in (400, 404)


def test_a_plain_form_adds_pictures_and_puts_them_in_order(shop: Shop, album: Plugin) -> None:
    client = page_of()
    address = "/admin/plugins/album/settings/"
    assert 'enctype="multipart/form-data"' in client.get(address).content.decode()
    two = [sent(picture(colour=(1, 1, 1))), sent(picture(colour=(2, 2, 2)))]
    answer = client.post(address, {"upload:/images": two, "upload:/cover": sent()})
    assert answer.status_code == 302
    saved = masked_settings(album)
    first, second = (one["path"] for one in saved["images"])
    assert [sorted(one) for one in saved["images"]] == [["display_order", "id", "path", "uploaded_at"]] * 2
    assert saved["cover"] in [one.path for one in keep.uploads_of(album) if one.is_used]
    shown = client.get(address).content.decode()
    assert f'value="{first}"' in shown and "no setting uses it" not in shown
    client.post(address, {"shown:/images": [first, second], "place:/images": ["2", "1"]})
    assert [one["path"] for one in masked_settings(album)["images"]] == [second, first]
    client.post(address, {"shown:/images": [second, first], "place:/images": ["1", "2"], "drop:/images": [second]})
    assert [one["path"] for one in masked_settings(album)["images"]] == [first]
    unused = next(one for one in keep.uploads_of(album) if not one.is_used)
    client.post(f"/admin/plugins/album/uploads/{unused.id}/delete")
    assert len(names(shop)) == 2


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"upload:/images": [sent(b"nothing")]}, "not a picture"),
        ({"upload:/images": [sent() for _ in range(4)]}, "3 pictures at most"),
        ({"upload:/images": [sent()], "/display_duration": "999"}, "Nothing is saved yet"),
        ({"upload:/images": [sent()], "/display_duration": "soon"}, "must be a number"),
        ({"upload:/images": [sent()], "upload:/cover": sent(b"nothing")}, "not a picture"),
    ],
)
def test_what_is_not_saved_is_not_kept(shop: Shop, album: Plugin, form: dict[str, Any], words: str) -> None:
    for files in form.values():
        for file in files if isinstance(files, list) else [files]:
            if not isinstance(file, str):
                file.seek(0)
    answer = page_of().post("/admin/plugins/album/settings/", form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert names(shop) == []
    assert masked_settings(album).get("images", []) == []


def test_pictures_for_settings_without_a_field_of_their_own_are_uploaded_beside(shop: Shop, album: Plugin) -> None:
    client = page_of()
    assert client.post("/admin/plugins/album/upload", {"files": [sent()]}).status_code == 302
    assert keep.uploads_of(album)[0].path in client.get("/admin/plugins/album/settings/").content.decode()


def test_a_large_picture_passes_the_gate_and_a_stranger_does_not(shop: Shop, album: Plugin) -> None:
    noise = BytesIO()
    Image.frombytes("RGB", (1250, 1250), os.urandom(1250 * 1250 * 3)).save(noise, "PNG")
    body = noise.getvalue()
    assert len(body) > 4 * 1024 * 1024  # more than any other form may send
    assert page_of().post("/admin/plugins/album/settings/", {"upload:/images": [sent(body)]}).status_code == 302
    for address in ("/admin/plugins/album/settings/", "/admin/plugins/album/upload"):
        assert Client().post(address, {"files": [sent(body)]}).status_code == 413
    assert len(names(shop)) == 1


def test_pictures_that_came_from_ledmatrix_are_seen(shop: Shop, album: Plugin) -> None:
    folder_of(shop).mkdir(parents=True)
    (folder_of(shop) / "image_1763.JPEG").write_bytes(picture("JPEG"))
    (folder_of(shop) / "notes.txt").write_text("")
    [one] = client_of(Role.VIEWER).get("/api/v3/plugins/assets/list", {"plugin_id": "album"}).json()["results"]
    assert (one["id"], one["path"]) == ("image_1763", "assets/plugins/album/uploads/image_1763.JPEG")
    assert client_of(Role.OPERATOR).get(one["picture"]).status_code == 200


def test_files_outlive_a_removal_that_can_be_undone_and_go_with_a_purge(shop: Shop, album: Plugin) -> None:
    keep.take(album, [sent()], requested_by="test")
    shop.finish(requests.request_uninstall("album", requested_by="test"))
    assert len(names(shop)) == 1
    shop.finish(requests.request_undo_uninstall("album", requested_by="test"))
    assert len(names(shop)) == 1
    shop.finish(requests.request_uninstall("album", requested_by="test"))
    shop.finish(requests.request_purge("album", requested_by="test"))
    assert not folder_of(shop).parent.exists()


@pytest.mark.parametrize(("preserved", "left"), [(True, 1), (False, 0)])
def test_files_stay_with_preserved_settings_when_an_undo_is_over(shop: Shop, album: Plugin, preserved: bool, left: int) -> None:
    keep.take(album, [sent()], requested_by="test")
    shop.finish(requests.request_uninstall("album", preserve_config=preserved, requested_by="test"))
    Tombstone.objects.update(removed_at=timezone.now() - timedelta(days=30))
    tidy_up(shop.context)
    assert len(names(shop)) == left
