"""Packed files: their bytes, unpacked under caps, as far as they can be. Nested archives are not unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

import zstandard

from ingestion.errors import LandingError

#: One frame of input may blow up 32,000-fold: small bites keep the memory bounded until the ratio is judged.
BITE = 4096
MAX_BYTES = 20 << 30
MAX_RATIO = 200
RATIO_FREE_BYTES = 64 << 20

_FRAMES = {
    ".gz": lambda: zlib.decompressobj(wbits=31),
    ".zst": lambda: zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj(),
}


def is_packed(suffix: str) -> bool:
    return suffix.lower() in _FRAMES


def unpacked(blocks: Iterable[bytes], suffix: str, packed_size: int) -> Iterator[bytes]:
    """The bytes of an archive of any number of frames; zeros may follow those of a .gz, as gzip has it.

    Raises LandingError once all that can be unpacked was given: truncated, broken, or larger than the caps.
    """
    new_frame, frame, size, frames = _FRAMES[suffix.lower()], None, 0, 0
    try:
        for block in blocks:
            for start in range(0, len(block), BITE):
                bite = block[start : start + BITE]
                while bite:
                    if frame is None and frames and suffix.lower() == ".gz" and not (bite := bite.lstrip(b"\0")):
                        break
                    frame = frame or new_frame()
                    yield (out := frame.decompress(bite))
                    size += len(out)
                    _refuse_bomb(size, packed_size)
                    bite = frame.unused_data if frame.eof else b""
                    frames, frame = (frames + 1, None) if frame.eof else (frames, frame)
    except (zlib.error, zstandard.ZstdError) as error:
        raise LandingError("the archive is truncated or broken; land it again") from error
    if frame is not None or not frames:
        raise LandingError("the archive is truncated or broken; land it again")


def _refuse_bomb(size: int, packed_size: int) -> None:
    if size > MAX_BYTES:
        raise LandingError(f"unpacks to more than {MAX_BYTES >> 30} GiB: refused")
    if size > RATIO_FREE_BYTES and size > MAX_RATIO * packed_size:
        raise LandingError(f"unpacks to more than {MAX_RATIO} times its size: refused")
