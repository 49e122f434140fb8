"""One picture shared between processes: a small file in memory with two slots, written by one process and read by any number.

Layout, little-endian 32-bit words: magic, version, width, height, published number, hardware generation, two spare; then two slots of
frame number, CRC-32, brightness, one spare, `width * height * 3` bytes RGB (rows from the top), padded to a word. Frame `n` lies in slot
`n % 2`; number 0 means that there is none yet. The rules that make it safe without a lock:

1. The writer fills the slot that is not published, then stores the published number with one aligned 4-byte store.
2. The CRC covers number, brightness and pixels, so a reader that was overtaken, or whose writer died half-way, notices and looks again.
3. The file is created complete and renamed into place; a reader finds a new file by its inode.
4. Readers use `pread`: a file that is cut short is "no frame", where a mapping would end the process with SIGBUS.
"""

from __future__ import annotations

import mmap
import os
import stat
import struct
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

MAGIC = 0x4653_444C  # "LDSF"
VERSION = 1
MAX_WIDTH, MAX_HEIGHT = 1024, 512

_HEADER = struct.Struct("<8I")
_SLOT = struct.Struct("<4I")
_STATE = struct.Struct("<2I")
_SHAPE_BYTES = 16  # magic, version, width and height
_WORD = 4
_PUBLISHED, _GENERATION = 4, 5
_MAX_NUMBER = 0xFFFF_FFFE
_READ_ATTEMPTS = 4
_INODE_CHECK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Frame:
    """One finished picture: `rgb` has `width * height * 3` bytes, brightness is 0 to 100, `number` grows by one a frame."""

    number: int
    width: int
    height: int
    brightness: int
    rgb: bytes
    hardware_generation: int


def file_size(width: int, height: int) -> int:
    """Return the size in bytes of a bus file for pictures of `width` x `height`."""
    return _HEADER.size + 2 * _slot_size(width, height)


def _slot_size(width: int, height: int) -> int:
    return _SLOT.size + -(-width * height * 3 // _WORD) * _WORD


def _checksum(number: int, brightness: int, rgb: bytes) -> int:
    return zlib.crc32(rgb, number ^ brightness << 25) & 0xFFFF_FFFF


class FrameWriter:
    """The one process that writes a bus. Use `create`, or `from_fd` for a file that another process created for us."""

    def __init__(self, fd: int, *, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._pixels = width * height * 3
        self._map = mmap.mmap(fd, file_size(width, height))
        self._bytes = memoryview(self._map)
        self._words = self._bytes.cast("I")
        self._slot_size = _slot_size(width, height)
        self.number = self._words[_PUBLISHED] or max(self._words[(_HEADER.size + slot * self._slot_size) // _WORD] for slot in (0, 1))

    @classmethod
    def create(cls, path: str | os.PathLike[str], *, width: int, height: int) -> Self:
        """Put a new, empty bus at `path`; its numbers go on from those of the file it replaces."""
        fd = create_bus_file(path, width=width, height=height)
        try:
            return cls(fd, width=width, height=height)
        finally:
            os.close(fd)

    @classmethod
    def from_fd(cls, fd: int) -> Self:
        """Write to an open bus file (read-write descriptor; it may be closed afterwards). Raise ValueError when it is none."""
        header = os.pread(fd, _HEADER.size, 0)
        shape = _shape_of(header, os.fstat(fd).st_size)
        if shape is None:
            raise ValueError("this descriptor is no frame bus")
        return cls(fd, width=shape[0], height=shape[1])

    def publish(self, rgb: bytes, *, brightness: int = 100) -> int:
        """Make one picture the current one and return its number. Raise ValueError for a wrong length or brightness."""
        if len(rgb) != self._pixels:
            raise ValueError(f"{len(rgb)} bytes are not {self.width}x{self.height} RGB pixels")
        if not 0 <= brightness <= 100:
            raise ValueError(f"brightness {brightness} is not between 0 and 100")
        number = self.number + 1 if self.number < _MAX_NUMBER else 1
        start = _HEADER.size + number % 2 * self._slot_size
        word = start // _WORD
        self._words[word] = number
        self._words[word + 1] = _checksum(number, brightness, rgb)
        self._words[word + 2] = brightness
        self._bytes[start + _SLOT.size : start + _SLOT.size + self._pixels] = rgb
        self._words[_PUBLISHED] = number
        self.number = number
        return number

    def set_hardware_generation(self, generation: int) -> None:
        """Tell the driver which settings of the hardware are in force; it leaves and is started again when this moves."""
        self._words[_GENERATION] = generation & 0xFFFF_FFFF

    def close(self) -> None:
        """Let the memory go; the file stays, with the last picture in it."""
        self._words.release()
        self._bytes.release()
        self._map.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def create_bus_file(path: str | os.PathLike[str], *, width: int, height: int) -> int:
    """Create an empty bus, complete before it gets its name, and return a read-write descriptor of it."""
    if not (0 < width <= MAX_WIDTH and 0 < height <= MAX_HEIGHT):
        raise ValueError(f"{width}x{height} is no size for a panel")
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.new")
    temporary.unlink(missing_ok=True)
    last = _last_number(target)
    fd = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
    try:
        os.ftruncate(fd, file_size(width, height))
        os.pwrite(fd, _HEADER.pack(MAGIC, VERSION, width, height, 0, 0, 0, 0), 0)
        os.pwrite(fd, _SLOT.pack(last, 0, 0, 0), _HEADER.size)  # the writer counts on from here; nothing is published yet
        temporary.rename(target)
    except OSError:
        os.close(fd)
        temporary.unlink(missing_ok=True)
        raise
    return fd


def _last_number(path: Path) -> int:
    with FrameReader(path) as reader:
        frame = reader.read()
    return frame.number if frame else 0


def _shape_of(header: bytes, size: int) -> tuple[int, int] | None:
    if len(header) != _HEADER.size:
        return None
    magic, version, width, height, *_ = _HEADER.unpack(header)
    if magic != MAGIC or version != VERSION or not (0 < width <= MAX_WIDTH and 0 < height <= MAX_HEIGHT):
        return None
    return (width, height) if size == file_size(width, height) else None


class FrameReader:
    """Read the newest picture of a bus that another process writes; trusts nothing in the file, follows no link, never raises OSError."""

    def __init__(self, path: str | os.PathLike[str], *, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = Path(path)
        self._clock = clock
        self._fd = -1
        self._inode = (0, 0)
        self._checked_at = 0.0
        self._last: Frame | None = None
        self._shape, self._shape_words = (0, 0), b""

    def read(self) -> Frame | None:
        """Return the newest picture (the same object as long as nothing changed), or None as long as there is none."""
        if not self._is_open():
            return None
        for _ in range(_READ_ATTEMPTS):
            header = os.pread(self._fd, _HEADER.size, 0)
            is_known = header[:_SHAPE_BYTES] == self._shape_words and len(header) == _HEADER.size
            if not is_known and not self._take_shape(header):
                return None
            number, generation = _STATE.unpack_from(header, _SHAPE_BYTES)
            if number == 0:
                return None
            if self._last is not None and self._last.number == number:
                return self._same_frame(generation)
            frame = self._read_slot(number, generation)
            if frame is not None:
                self._last = frame
                return frame
        return self._last

    def close(self) -> None:
        """Let the file go."""
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1
        self._last = None
        self._shape_words = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _same_frame(self, generation: int) -> Frame | None:
        if self._last is not None and self._last.hardware_generation != generation:
            self._last = replace(self._last, hardware_generation=generation)
        return self._last

    def _take_shape(self, header: bytes) -> bool:
        shape = _shape_of(header, os.fstat(self._fd).st_size)
        if shape is None:
            return False
        self._shape, self._shape_words = shape, header[:_SHAPE_BYTES]
        return True

    def _read_slot(self, number: int, generation: int) -> Frame | None:
        width, height = self._shape
        length = _SLOT.size + width * height * 3
        data = os.pread(self._fd, length, _HEADER.size + number % 2 * _slot_size(width, height))
        if len(data) != length:
            return None
        slot_number, checksum, brightness, _ = _SLOT.unpack_from(data)
        rgb = data[_SLOT.size :]
        if slot_number != number or brightness > 100 or _checksum(number, brightness, rgb) != checksum:
            return None
        return Frame(number, width, height, brightness, rgb, generation)

    def _is_open(self) -> bool:
        now = self._clock()
        if self._fd >= 0 and now - self._checked_at < _INODE_CHECK_SECONDS:
            return True
        self._checked_at = now
        try:
            found = self.path.lstat()
        except OSError:
            self.close()
            return False
        if self._fd >= 0 and (found.st_dev, found.st_ino) == self._inode:
            self._shape_words = b""  # and look at its size anew
            return True
        self.close()
        return stat.S_ISREG(found.st_mode) and self._open()

    def _open(self) -> bool:
        try:
            self._fd = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError:
            return False
        found = os.fstat(self._fd)
        self._inode = (found.st_dev, found.st_ino)
        return stat.S_ISREG(found.st_mode)
