"""Asking for pictures: few at a time, the same one once, nothing of a secret in rows."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from plugins_app.drawing.ask import MOST_OPEN, ask, find, key_of
from plugins_app.drawing.keep import drop_old, folder, picture_of
from plugins_app.drawing.wish import Data, Wish
from plugins_app.exceptions import Conflict, NotFound
from plugins_app.models import Drawing, DrawingStatus, Plugin
from tests.fakes.rows import make_plugin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings: Any) -> Path:
    settings.LEDSITE = dataclasses.replace(settings.LEDSITE, data_dir=tmp_path)
    return tmp_path


def wish(**values: Any) -> Wish:
    return Wish(**{"width": 64, "height": 32, "settings": {"enabled": True, "message": "Hi", "api_key": "S3cret"}, **values})


def drawn(drawing: Drawing) -> Drawing:
    assert drawing.claim()
    drawing.finish(mode="hello")
    folder().mkdir(exist_ok=True)
    picture_of(drawing).write_bytes(b"RIFF")
    drawing.refresh_from_db()
    return drawing


def test_a_worker_is_told_once_and_the_settings_are_sealed():
    first = ask(make_plugin(), wish(), requested_by="ann")
    assert ask(Plugin.objects.get(), wish(), requested_by="ann") == first
    (task,) = [row.task for row in OrmQ.objects.all()]
    assert (task["func"], task["args"]) == ("plugins_app.tasks.draw_picture", (first.pk,))
    row = Drawing.objects.values().get()
    assert (row["status"], row["requested_by"]) == ("waiting", "ann")
    assert "S3cret" not in str(row)


def test_the_same_picture_is_not_drawn_again_until_it_is_old_or_shall_be_new():
    plugin = make_plugin()
    first = drawn(ask(plugin, wish(), requested_by="ann"))
    assert first.sealed_settings == ""
    assert ask(plugin, wish(), requested_by="ben") == first
    anew = ask(plugin, wish(), requested_by="ben", anew=True)
    assert (anew.pk != first.pk, anew.key == first.key, picture_of(first).exists()) == (True, True, False)
    drawn(anew)
    Drawing.objects.update(finished_at=timezone.now() - timedelta(minutes=5))
    assert ask(plugin, wish(), requested_by="ben").pk != anew.pk


@pytest.mark.parametrize("other", [{"width": 65}, {"mode": "x"}, {"data": Data.NOTHING}, {"settings": {"message": "Ho"}}, {"seconds": 2.0}])
def test_everything_that_a_picture_depends_on_is_in_its_key(other):
    plugin = make_plugin()
    assert key_of(plugin, wish()) == key_of(plugin, wish())
    assert key_of(plugin, wish(**other)) != key_of(plugin, wish())
    plugin.active_generation = "g2"
    assert key_of(plugin, wish()) != key_of(make_plugin("other"), wish())


def test_only_a_few_are_drawn_at_a_time():
    plugin = make_plugin()
    for number in range(MOST_OPEN):
        ask(plugin, wish(width=64 + number), requested_by="ann")
    with pytest.raises(Conflict) as caught:
        ask(plugin, wish(width=100), requested_by="ann")
    assert caught.value.code == "too-many-drawings"
    Drawing.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert ask(plugin, wish(width=100), requested_by="ann").is_open
    assert Drawing.objects.count() == 1


def test_one_that_a_killed_worker_left_is_not_waited_for():
    plugin = make_plugin()
    drawing = ask(plugin, wish(), requested_by="ann")
    assert drawing.claim()
    assert not drawing.claim()
    assert not drawing.is_abandoned
    Drawing.objects.update(started_at=timezone.now() - timedelta(minutes=1))
    assert drawing.is_abandoned
    assert not Drawing.objects.open().exists()
    assert ask(plugin, wish(), requested_by="ann").pk != drawing.pk


def test_old_pictures_and_stray_files_go():
    plugin = make_plugin()
    kept, old = (drawn(ask(plugin, wish(width=width), requested_by="ann")) for width in (64, 65))
    Drawing.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=2))
    (folder() / "stray.webp").touch()
    drop_old()
    assert [path.name for path in folder().iterdir()] == [picture_of(kept).name]
    assert find(plugin, kept.key).status == DrawingStatus.DONE
    with pytest.raises(NotFound):
        find(plugin, old.key)


def test_the_folder_of_a_killed_worker_goes_and_that_of_one_at_work_stays():
    left = folder() / ".drawing-x" / "drawn"
    left.mkdir(parents=True)
    at_work = ask(make_plugin(), wish(), requested_by="ann")
    assert at_work.claim()
    drop_old()
    assert left.is_dir()
    at_work.finish(problem="It shows nothing.")
    drop_old()
    assert list(folder().iterdir()) == []


def test_a_plugin_without_files_cannot_be_drawn():
    with pytest.raises(Conflict, match="gone"):
        ask(make_plugin(missing=True), wish(), requested_by="ann")
