"""Archives: good ones come out byte for byte, one of every bad kind is refused with its code, nothing leaves the destination."""

from __future__ import annotations

import io
import random
import stat
import struct
import subprocess
import zipfile

import pytest

from plugins_app.exceptions import PackageError
from plugins_app.installer import unpack as unpack_module
from plugins_app.installer import zipread
from plugins_app.installer.unpack import unpack
from tests.fakes.archives import SHA, make_tree, monorepo_zip, plugin_files, plugin_zip, raw_zip


def unpacked(tmp_path, body: bytes, *, subfolder: str = "") -> unpack_module.Unpacked:
    (tmp_path / "archive.zip").write_bytes(body)
    return unpack(tmp_path / "archive.zip", tmp_path / "tree", subfolder=subfolder)


def test_a_repository_comes_out_without_its_top_folder(tmp_path):
    result = unpacked(tmp_path, plugin_zip({"manifest.json": "{}", "data/a.bin": bytes(range(256)) * 900}))
    assert sorted(result.files) == ["data/a.bin", "manifest.json"]
    assert (result.commit, result.total_bytes) == (SHA, 2 + 256 * 900)
    assert (tmp_path / "tree/data/a.bin").read_bytes() == bytes(range(256)) * 900


def test_only_the_wanted_folder_of_a_monorepo_is_taken(tmp_path):
    body = monorepo_zip({"one": plugin_files("one"), "two": plugin_files("two"), "one-more": plugin_files("one-more")})
    assert sorted(unpacked(tmp_path, body, subfolder="plugins/one").files) == ["manager.py", "manifest.json"]


@pytest.mark.parametrize("root", ["", "hello"])
def test_an_upload_may_have_a_top_folder_or_none(tmp_path, root):
    assert sorted(unpacked(tmp_path, plugin_zip(plugin_files(), root=root, comment="")).files) == ["manager.py", "manifest.json"]


def test_what_a_mac_adds_is_left_out(tmp_path):
    body = raw_zip([("hello/manifest.json", "{}"), ("__MACOSX/hello/._manifest.json", "x")])
    assert sorted(unpacked(tmp_path, body).files) == ["manifest.json"]


def test_generated_folders_are_left_out(tmp_path):
    body = plugin_zip({"manifest.json": "{}", ".deps/x.py": "", "__pycache__/m.pyc": "", "a/.git/config": ""})
    assert sorted(unpacked(tmp_path, body).files) == ["manifest.json"]


def test_executable_bits_are_kept_and_nothing_else(tmp_path):
    script = zipfile.ZipInfo("r/run.sh")
    script.external_attr = (stat.S_IFREG | 0o4755) << 16
    unpacked(tmp_path, raw_zip([("r/manifest.json", "{}"), (script, "#!/bin/sh\n")]))
    mode = (tmp_path / "tree/run.sh").stat().st_mode
    assert mode & 0o100 and not mode & (stat.S_ISUID | stat.S_IWOTH)


@pytest.mark.process
def test_an_archive_of_git_itself_is_fine(tmp_path):
    repository = make_tree(tmp_path / "repository", {**plugin_files(), "ü.txt": "x" * 5000, "empty": ""})
    git = ["git", "-C", str(repository), "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], check=True)
    body = subprocess.run([*git, "archive", "--format=zip", "--prefix=r-main/", "HEAD"], check=True, capture_output=True).stdout
    commit = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    result = unpacked(tmp_path, body)
    assert (sorted(result.files), result.commit) == (["empty", "manager.py", "manifest.json", "ü.txt"], commit)


def test_an_archive_written_to_a_pipe_is_fine(tmp_path):
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise OSError

        def tell(self):
            raise OSError

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in plugin_files().items():
            archive.writestr(f"r/{name}", body)
    assert sorted(unpacked(tmp_path, pipe.getvalue()).files) == ["manager.py", "manifest.json"]


# -- bad ones


def typed(kind: int, name: str = "r/odd") -> bytes:
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o755) << 16
    return raw_zip([("r/manifest.json", "{}"), (info, "/etc/passwd")])


def named(name: str) -> bytes:
    """Return a zip whose name is exactly this, zipfile's own clean-up undone."""
    stand_in = "r/" + "q" * (len(name.encode()) - 2)
    return raw_zip([("r/manifest.json", "{}"), (stand_in, "x")]).replace(stand_in.encode(), name.encode())


def patched(offset_from: bytes, offset: int, value: bytes) -> bytes:
    body = bytearray(plugin_zip(plugin_files()))
    at = body.index(offset_from) + offset
    body[at : at + len(value)] = value
    return bytes(body)


def with_flag(flag: int) -> bytes:
    body = bytearray(plugin_zip(plugin_files()))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := body.find(mark, at + 1)) >= 0:
            body[at + place] |= flag
    return bytes(body)


def overlapping() -> bytes:
    """Let a second directory entry point at the first one's data (a quoted overlap)."""
    body = bytearray(raw_zip([("r/a", "same"), ("r/b", "same")]))
    second = body.rindex(b"PK\x01\x02")
    body[second + 42 : second + 46] = struct.pack("<L", 0)
    return bytes(body)


def hidden_between() -> bytes:
    body = raw_zip([("r/manifest.json", "{}")])
    at = body.index(b"PK\x01\x02")
    end = body.rindex(b"PK\x05\x06")
    moved = bytearray(body[:at] + b"hidden" * 10 + body[at:])
    moved[end + 60 + 16 : end + 60 + 20] = struct.pack("<L", at + 60)
    return bytes(moved)


def lying_size() -> bytes:
    body = bytearray(raw_zip([("r/manifest.json", "x" * 5000)]))
    at = body.index(b"PK\x01\x02")
    body[at + 24 : at + 28] = struct.pack("<L", 10)
    return bytes(body)


def lzma() -> bytes:
    return raw_zip([("r/manifest.json", "{}" * 100)], compression=zipfile.ZIP_LZMA)


def many(count: int) -> bytes:
    return raw_zip([(f"r/{number}", "") for number in range(count)], compression=zipfile.ZIP_STORED)


GOOD = plugin_zip(plugin_files())
BAD = {
    "empty": (b"", "not-a-zip"),
    "a page instead of an archive": (b"<html><body>Not here</body></html>", "not-a-zip"),
    "no entries": (raw_zip([]), "bad-archive"),
    "cut short": (GOOD[:-30], "not-a-zip"),
    "beginning cut off": (GOOD[20:], "bad-archive"),
    "junk before": (b"#!/bin/sh\n" + GOOD, "bad-archive"),
    "junk after": (GOOD + b"x", "not-a-zip"),
    "a second end in the comment": (raw_zip([("a", "")], comment="PK\x05\x06" + "\0" * 18), "not-a-zip"),
    "up": (named("r/../../evil"), "bad-name"),
    "up at the end": (named("r/x/.."), "bad-name"),
    "absolute": (named("/etc/evil"), "bad-name"),
    "drive": (named("C:/evil"), "bad-name"),
    "backslash": (named("r\\..\\evil"), "bad-name"),
    "nul": (named("r/evil\0.py"), "bad-name"),
    "control character": (named("r/evil\x1b[2J"), "bad-name"),
    "newline": (named("r/evil\nname"), "bad-name"),
    "dot": (named("r/./evil"), "bad-name"),
    "double slash": (named("r//evil"), "bad-name"),
    "long name": (named("r/" + "n" * 250), "bad-name"),
    "bad name outside the wanted folder": (raw_zip([("r/p/manifest.json", "{}"), ("r/q\\x", "")]), "bad-name"),
    "deep": (named("r/" + "d/" * 13 + "f"), "too-deep"),
    "twice": (raw_zip([("r/b", "1"), ("r/c", "2")]).replace(b"r/c", b"r/b"), "duplicate-name"),
    "twice but for case": (raw_zip([("r/Readme", "1"), ("r/README", "2")]), "duplicate-name"),
    "twice but for composition": (raw_zip([("r/\u00e9", "1"), ("r/e\u0301", "2")]), "duplicate-name"),
    "a file that is a folder too": (raw_zip([("r/a", "1"), ("r/a/b", "2")]), "duplicate-name"),
    "symbolic link": (typed(stat.S_IFLNK), "bad-entry-type"),
    "device": (typed(stat.S_IFCHR), "bad-entry-type"),
    "fifo": (typed(stat.S_IFIFO), "bad-entry-type"),
    "folder that claims to be a file": (typed(stat.S_IFDIR), "bad-entry-type"),
    "link that claims to be a folder": (typed(stat.S_IFLNK, "r/odd/"), "bad-entry-type"),
    "encrypted": (with_flag(0x1), "encrypted"),
    "strongly encrypted": (with_flag(0x40), "encrypted"),
    "patched data": (with_flag(0x20), "bad-method"),
    "lzma": (lzma(), "bad-method"),
    "overlapping entries": (overlapping(), "overlap"),
    "hidden data": (hidden_between(), "overlap"),
    "names that disagree": (patched(b"repo-main/manager.py", 0, b"repo-main/m_nager.py"), "header-mismatch"),
    "several disks": (patched(b"PK\x05\x06", 4, b"\x01"), "bad-archive"),
    "wrong checksum": (patched(b"PK\x01\x02", 16, b"\0\0\0\0"), "damaged"),
    "larger than declared": (lying_size(), "size-mismatch"),
    "bomb": (raw_zip([("r/zeros", b"\0" * (2 * 1024 * 1024))]), "zip-bomb"),
    "too many files": (many(2001), "too-many-files"),
    "more entries than any repository": (many(20_001), "bad-archive"),
}


@pytest.mark.parametrize("kind", BAD)
def test_it_refuses(kind, tmp_path):
    body, code = BAD[kind]
    with pytest.raises(PackageError) as caught:
        unpacked(tmp_path, body)
    assert caught.value.code == code
    assert caught.value.hint
    assert {path.name for path in tmp_path.iterdir()} <= {"archive.zip", "tree"}


def test_it_refuses_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(PackageError) as caught:
        unpacked(tmp_path, GOOD, subfolder="plugins/other")
    assert caught.value.code == "not-in-archive"


def test_it_refuses_a_file_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(unpack_module, "MAX_FILE_BYTES", 100)
    with pytest.raises(PackageError) as caught:
        unpacked(tmp_path, raw_zip([("r/a", random.Random(1).randbytes(200))]))
    assert caught.value.code == "too-large"


def test_it_refuses_a_plugin_that_is_too_large_in_all(tmp_path, monkeypatch):
    monkeypatch.setattr(unpack_module, "MAX_TOTAL_BYTES", 300)
    with pytest.raises(PackageError) as caught:
        unpacked(tmp_path, raw_zip([("r/a", "a" * 200), ("r/b", "b" * 200)]))
    assert caught.value.code == "too-large"


def test_it_refuses_an_archive_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(zipread, "MAX_ARCHIVE_BYTES", 100)
    with pytest.raises(PackageError) as caught:
        unpacked(tmp_path, GOOD)
    assert caught.value.code == "too-large"


def test_links_and_many_files_elsewhere_in_a_repository_do_not_matter(tmp_path):
    link = zipfile.ZipInfo("r/docs/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    others = [(f"r/other/{number}", "") for number in range(2001)]
    body = raw_zip([("r/p/manifest.json", "{}"), (link, "../x"), *others], compression=zipfile.ZIP_STORED)
    assert sorted(unpacked(tmp_path, body, subfolder="p").files) == ["manifest.json"]
