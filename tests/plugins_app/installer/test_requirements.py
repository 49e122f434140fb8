"""Requirements: only plain lines, only what is missing, only wheels, only into the target."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import socket
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from plugins_app.installer import requirements as module
from plugins_app.installer import wheels
from plugins_app.installer.locks import hold, is_held
from plugins_app.installer.requirements import host_distributions, install_requirements, is_satisfied, read_requirements


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("requests>=2.0", ["requests"]),
        ("  requests >= 2.0 ; python_version > '3'  # why", ["requests"]),
        ("requests; python_version < '3'", []),
        ("requests[socks]>=2,\\\n<99", ["requests"]),
        ("# only words", []),
        ("\ufeffrequests", ["requests"]),
    ],
)
def test_plain_lines_are_read(tmp_path, line, names):
    (tmp_path / "requirements.txt").write_text(line + "\n", encoding="utf-8")
    found, warnings = read_requirements(tmp_path / "requirements.txt")
    assert ([requirement.name for requirement in found], warnings) == (names, [])


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        "-r other.txt",
        "-e .",
        "./local",
        "/etc/passwd",
        "https://example.org/x.whl",
        "x @ https://example.org/x.whl",
        "git+https://example.org/x",
        "requests --hash=sha256:00",
        "requests; import os",
        "requests >= not-a-version",
    ],
)
def test_everything_else_is_refused_with_a_warning_and_the_rest_goes_on(tmp_path, line):
    (tmp_path / "requirements.txt").write_text(f"{line}\npillow\n")
    found, warnings = read_requirements(tmp_path / "requirements.txt")
    assert [requirement.name for requirement in found] == ["pillow"]
    assert len(warnings) == 1 and "refused" in warnings[0]


def test_no_file_and_odd_bytes_are_no_error(tmp_path):
    assert read_requirements(tmp_path / "requirements.txt") == ([], [])
    (tmp_path / "requirements.txt").write_bytes(b"\xff\xfe\x00")
    assert read_requirements(tmp_path / "requirements.txt")[0] == []
    (tmp_path / "requirements.txt").write_bytes(b"#" * (module.MAX_BYTES + 1))
    assert read_requirements(tmp_path / "requirements.txt")[1] == ["requirements.txt is ignored: it is larger than 256 KiB."]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Pillow", True),
        ("pillow>=10", True),
        ("pillow>=999", False),
        ("no-such-distribution-of-anyone", False),
        ("requests[socks]", False),
        ("requests[no-such-extra]", True),
    ],
)
def test_what_the_host_has_is_known(text, answer):
    assert is_satisfied(Requirement(text), host_distributions()) is answer


def test_a_developers_tools_do_not_count():
    assert "pytest" not in host_distributions()
    assert "pytest" in host_distributions(Path("/nowhere"))


def make_wheel(folder, name: str, number: str, *, requires: str = "") -> None:
    info = f"{name}-{number}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n" + (f"Requires-Dist: {requires}\n" if requires else "")
    files = {
        f"{name}.py": f"VERSION = '{number}'\n",
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digests = {path: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode() for path, text in files.items()}
    record = "".join(f"{path},sha256={digests[path]},{len(text)}\n" for path, text in files.items()) + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(folder / f"{name}-{number}-py3-none-any.whl", "w") as wheel:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            wheel.writestr(path, text)


@pytest.fixture
def install(tmp_path, monkeypatch):
    wheels, tree = tmp_path / "wheels", tmp_path / "tree"
    wheels.mkdir()
    tree.mkdir()
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    for name, value in {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "UV_NO_INDEX": "1", "UV_FIND_LINKS": str(wheels)}.items():
        monkeypatch.setenv(name, value)

    def run(text: str, **options):
        (tree / "requirements.txt").write_text(text)
        lines: list[str] = []
        with hold(tmp_path / "lock") as lock:
            provided = install_requirements(tree, target=tree / ".deps", lock_fd=lock.fd, on_line=lines.append, **options)
        run.provided = provided
        return tree / ".deps", provided.warnings, lines

    run.wheels = wheels
    return run


@pytest.mark.process
def test_it_installs_what_is_missing_and_nothing_that_the_host_has(install):
    make_wheel(install.wheels, "ledsite_sample", "1.2", requires="packaging")
    make_wheel(install.wheels, "packaging", version("packaging"))
    target, warnings, _ = install("pillow\nledsite-sample>=1\n")
    assert warnings == []
    assert (target / "ledsite_sample.py").read_text() == "VERSION = '1.2'\n"
    assert not any(path.name.startswith("packaging") for path in target.iterdir())


@pytest.mark.process
def test_nothing_is_started_when_everything_is_there(install):
    target, warnings, lines = install("pillow\nrequests\n")
    assert (target.exists(), warnings, lines) == (False, [], [])


@pytest.mark.process
def test_a_version_that_the_host_has_not_is_a_warning(install):
    target, warnings, _ = install("pillow>=999\n")
    assert (target.exists(), len(warnings)) == (False, 1)
    assert "comes with this product" in warnings[0]


@pytest.mark.process
def test_a_failed_installation_is_a_warning_and_leaves_nothing(install):
    target, warnings, lines = install("no-such-distribution-of-anyone\n")
    assert warnings == ["no-such-distribution-of-anyone could not be installed; the plugin may lack something. The log says why."]
    assert lines and not target.exists()
    assert (install.provided.lacking, install.provided.is_for_now) == ("no-such-distribution-of-anyone", False)


@pytest.mark.process
def test_an_index_that_does_not_answer_is_told_from_a_package_that_is_not_there(install, monkeypatch):
    for name in ("PIP_NO_INDEX", "UV_NO_INDEX"):
        monkeypatch.delenv(name)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/simple"
    settings = {"PIP_INDEX_URL": nobody, "PIP_RETRIES": "0", "UV_DEFAULT_INDEX": nobody, "UV_HTTP_RETRIES": "0"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    target, warnings, _ = install("ledsite-sample>=1\n")
    assert (install.provided.lacking, install.provided.is_for_now, target.exists()) == ("ledsite-sample>=1", True, False)
    assert "the package index does not answer" in warnings[0]


@pytest.mark.parametrize(
    ("line", "is_network"),
    [
        ("WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError'", True),
        ("  cause: dns error", True),
        ("ERROR: HTTP error 503 while getting http://x/simple", True),
        ("  cause: HTTP status server error (502 Bad Gateway) for url", True),
        ("ReadTimeoutError: Read timed out.", True),
        ("ERROR: No matching distribution found for lxml==5.0.3", False),
        ("  cause: HTTP status client error (404 Not Found) for url", False),
    ],
)
def test_words_of_a_network_that_is_down(line, is_network):
    ear = wheels._Ear(lambda _: None)
    ear(line)
    assert ear.is_network is is_network


@pytest.mark.process
def test_sources_are_never_built(install, tmp_path):
    make_sdist = shutil.make_archive(str(install.wheels / "sourceonly-1.0"), "gztar", root_dir=tmp_path, base_dir="wheels")
    assert make_sdist.endswith(".tar.gz")
    target, warnings, _ = install("sourceonly\n")
    assert len(warnings) == 1 and not target.exists()


@pytest.mark.process
def test_the_lock_is_free_as_soon_as_the_installing_process_is_dead(tmp_path, monkeypatch):
    monkeypatch.setattr(wheels, "_installers", lambda *_: iter([["/bin/sh", "-c", "sleep 30"]]))
    (tmp_path / "requirements.txt").write_text("no-such-distribution-of-anyone\n")
    with hold(tmp_path / "lock") as lock:
        child = os.fork()
        if child == 0:
            install_requirements(tmp_path, target=tmp_path / ".deps", lock_fd=lock.fd, on_line=lambda _: None)
            os._exit(0)
    assert is_held(tmp_path / "lock")
    os.kill(child, 9)
    os.waitpid(child, 0)
    with hold(tmp_path / "lock", wait=10):
        pass


@pytest.mark.process
def test_its_time_is_limited(install, monkeypatch):
    monkeypatch.setattr(wheels, "_installers", lambda *_: iter([["/bin/sh", "-c", "sleep 30"]]))
    _, warnings, _ = install("no-such-distribution-of-anyone\n", seconds=0.2)
    assert warnings == ["Installing no-such-distribution-of-anyone took longer than 0.2 s and was stopped."]
