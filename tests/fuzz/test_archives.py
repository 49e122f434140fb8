"""Archives put together from bad parts, and good ones with bytes changed: unpacked or refused, and nothing outside of the destination."""

from __future__ import annotations

import random
import shutil
import struct
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins_app.exceptions import LedsiteError
from plugins_app.installer.unpack import unpack
from tests.fakes.archives import plugin_zip
from tests.fuzz.runner import run

pytestmark = pytest.mark.timeout(3600)

GOOD = plugin_zip({"manifest.json": "{}", "manager.py": "x = 1\n" * 50, "data/a.bin": bytes(range(256))})
PLAIN = ("r/a.py", "r/manifest.json", "r/d/", "r/d/e/f", "r/A.py", "r/\u00e9", "r/e\u0301", "./r/a", "r//a", "", "/")
LEADING_OUT = ("r/../../x", "../x", "/etc/x", "C:/x", "r\\..\\x", "..", "r/..", "r/.git/config")
SPECIAL = ("r/\x00x", "r/a\nb", "r/con", "r/a.", "r/\u202ea", "r/" + "d/" * 20 + "x", "r/" + "n" * 250)
NAMES = (*PLAIN, *LEADING_OUT, *SPECIAL)
MODES = (0o100644, 0o100755, 0o40755, 0o120777, 0o60644, 0o10644, 0o20666, 0o104755, 0)


@pytest.fixture
def workshop() -> Iterator[Path]:
    """Return a folder in memory where there is one: every archive is flushed to the medium."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


def built(dice: random.Random) -> bytes:
    """Write a zip by hand: names, kinds, methods, sizes and flags may be wrong, and not the same in both places."""
    body, directory = b"", b""
    count, badness = dice.randint(1, 6), dice.choice((0.01, 0.05, 0.4))

    def or_bad(good: Any, *bad: Any) -> Any:
        return dice.choice(bad) if dice.random() < badness else good

    for number in range(count):
        name = or_bad(f"r/f{number}", *NAMES).encode()
        data = dice.choice((b"", b"text", b"x" * 3000, b"../../etc/passwd"))
        method = or_bad(dice.choice((0, 8)), 12, 99)
        packed = zlib.compressobj(9, zlib.DEFLATED, -15) if method == 8 else None
        raw = packed.compress(data) + packed.flush() if packed else data
        size = or_bad(len(data), 0, 1, 2**31, 2**32 - 1)
        flags = or_bad(0x800, 0, 1, 8, 0x840)
        facts = struct.pack("<5H3L2H", 20, flags, method, 0, 33, or_bad(zlib.crc32(data), 7), len(raw), size, len(name), 0)
        mode, place = or_bad(0o100644, *MODES) << 16, or_bad(len(body), 0, len(body) + 9)
        directory += b"PK\x01\x02" + struct.pack("<H", 20 | 3 << 8) + facts + struct.pack("<3H2L", 0, 0, 0, mode, place) + name
        body += b"PK\x03\x04" + facts + or_bad(name, b"x" * len(name)) + raw
    said = or_bad(count, 0, 1, 65535)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, said, said, len(directory), len(body), 0)
    return body + directory + end


def changed(body: bytes, dice: random.Random) -> bytes:
    """Return an archive with bytes flipped, cut, doubled, or junk around it."""
    result = bytearray(body)
    for _ in range(dice.randint(1, 6)):
        at, way = dice.randrange(len(result)), dice.randrange(8)
        if way < 5:
            result[at] = dice.randrange(256)
        elif way == 5:
            del result[at : at + dice.randint(1, 20)]
        elif way == 6:
            result[at:at] = result[max(0, at - 30) : at]
        else:
            result = dice.choice((bytearray(b"MZ") + result, result + bytearray(b"end"), result[:at]))
        if not result:
            break
    return bytes(result)


def test_archives(workshop: Path) -> None:
    box = workshop / "box"

    def case(dice: random.Random) -> str:
        body = built(dice) if dice.random() < 0.6 else GOOD
        if body is GOOD or dice.random() < 0.4:
            body = changed(body, dice)
        box.mkdir()
        (box / "archive.zip").write_bytes(body)
        try:
            files = unpack(box / "archive.zip", box / "tree", subfolder=dice.choice(("", "", "", "r", "d", "data"))).files
        except LedsiteError:
            files = None
        try:
            check(box, files)
        finally:
            shutil.rmtree(box)
        assert list(workshop.iterdir()) == []
        return "refused" if files is None else "unpacked"

    assert set(run("archives", case, few=1200, many=50_000)) == {"unpacked", "refused"}


def check(box: Path, files: dict[str, str] | None) -> None:
    """Nothing but the tree, in it nothing but plain files and folders, and exactly those that were reported."""
    assert {path.name for path in box.iterdir()} <= {"archive.zip", "tree"}
    found = list(box.rglob("*"))
    assert not any(path.is_symlink() or not (path.is_file() or path.is_dir()) for path in found)
    if files is not None:
        tree = box / "tree"
        assert sorted(path.relative_to(tree).as_posix() for path in found if path.is_file() and path.is_relative_to(tree)) == sorted(files)
