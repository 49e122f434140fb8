"""The way of the database to this version: snapshot, failure put back, newer one refused; each with a real `manage.py`."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.fakes.product import BASE_DIR

pytestmark = pytest.mark.process


class Folder:
    """A data folder that `up --prepare-only` is called on."""

    def __init__(self, folder):
        self.data = folder / "var"
        self.database = self.data / "ledsite.sqlite3"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LEDSITE_")},
            "LEDSITE_DATA_DIR": str(self.data),
            "LEDSITE_RUN_DIR": str(folder / "run"),
            "LEDSITE_PLUGIN_DIR": str(folder / "root" / "plugin-repos"),
            "LEDSITE_ADMIN_PASSWORD": "correct horse battery",
        }

    def prepare(self):
        """Prepare and return exit code and all output."""
        done = subprocess.run(
            [sys.executable, "manage.py", "up", "--prepare-only"],
            cwd=BASE_DIR, env=self.environment, capture_output=True, text=True, timeout=100,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def sql(self, statement, *parameters):
        """Run one statement on the database."""
        with closing(sqlite3.connect(self.database)) as connection, connection:
            return connection.execute(statement, parameters).fetchall()

    def snapshots(self):
        """List the snapshots."""
        return sorted((self.data / "snapshots").iterdir())


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A folder after its first start; tests leave it as they found it."""
    folder = Folder(tmp_path_factory.mktemp("prepared"))
    code, output = folder.prepare()
    assert code == 0, output
    folder.first_snapshots = folder.snapshots()
    return folder


def test_the_first_start_makes_the_database_without_a_snapshot(prepared):
    assert prepared.sql("SELECT username, is_superuser FROM auth_user") == [("admin", 1)]
    assert [name for (name,) in prepared.sql("SELECT name FROM auth_group ORDER BY name")] == ["admin", "operator", "viewer"]
    assert prepared.first_snapshots == []


def test_the_second_start_changes_nothing_and_says_nothing(prepared):
    before = prepared.sql("SELECT password, last_login FROM auth_user"), prepared.sql("SELECT count(*) FROM django_migrations")
    assert prepared.prepare() == (0, "")
    assert (prepared.sql("SELECT password, last_login FROM auth_user"), prepared.sql("SELECT count(*) FROM django_migrations")) == before


def test_a_newer_database_is_refused_by_name(prepared):
    prepared.sql("INSERT INTO django_migrations (app, name, applied) VALUES ('plugins_app', '9999_later', '2030-01-01')")
    code, output = prepared.prepare()
    prepared.sql("DELETE FROM django_migrations WHERE name = '9999_later'")
    assert code == 1
    assert output.startswith(f"CommandError: The database {prepared.database} was made by a newer version (it has plugins_app.9999_later)")
    assert len(output.splitlines()) == 1


def test_a_failing_migration_is_put_back_with_one_line(prepared):
    prepared.sql("DELETE FROM django_migrations WHERE app = 'sessions'")  # its table is there: creating it again must fail
    code, output = prepared.prepare()
    users = prepared.sql("SELECT username FROM auth_user")
    missing = prepared.sql("SELECT count(*) FROM django_migrations WHERE app = 'sessions'")
    prepared.sql("INSERT INTO django_migrations (app, name, applied) VALUES ('sessions', '0001_initial', '2026-01-01')")
    assert code == 1
    assert "CommandError: The database could not be brought to this version" in output
    assert 'table "django_session" already exists' in output
    assert "it was put back as it was" in output
    assert "Traceback" not in output
    assert (users, missing) == ([("admin",)], [(0,)])
    assert len(prepared.snapshots()) == 1


def test_what_is_no_database_is_named(tmp_path):
    folder = Folder(tmp_path)
    folder.data.mkdir()
    folder.database.write_text("this is no database, whatever its name says" * 100)
    code, output = folder.prepare()
    assert code == 1
    assert f"{folder.database} cannot be read as a database" in output
    assert "Traceback" not in output
