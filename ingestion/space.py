"""How much disk the loading of what has landed may take, asked for before anything is written.

Not here: the limits themselves (limits.py).
"""

from __future__ import annotations

from ingestion.archives import is_packed
from ingestion.landing import LandedFile
from ingestion.limits import Limits
from ingestion.manifest import Manifest
from ingestion.settings import Settings
from ingestion.stream_run import BATCH_BYTES
from ingestion.streams import StreamId

#: Typed Parquet takes 0.1 to 0.5 of the text it comes from; a file that gives only rejected rows, more than itself.
LAKE_SHARE = 1
#: Exports are packed 5 to 15-fold. What is worse ends at the disk itself, with a message of its own.
UNPACKED = 15


def require_space(settings: Settings, limits: Limits, new: list[LandedFile], at_once: int) -> None:
    """Raises NoSpaceError where the lake or the folder of unpacked copies would not hold what is new.

    `at_once`: so many streams load side by side.
    """
    unpacked = [unpacked_size(file) for file in new]
    what = f"raw: loading {len(new)} new exports"
    limits.require_space(settings.lake, LAKE_SHARE * sum(unpacked), what)
    limits.require_space(settings.quarantine, 0, what)
    limits.require_space(settings.manifest_path.parent, 0, what)
    packed = [size for file, size in zip(new, unpacked, strict=True) if is_packed(file.path.suffix)]
    most = at_once * (max(packed, default=0) + BATCH_BYTES)
    limits.require_space(settings.tmp, min(sum(packed), most), what)


def unpacked_size(file: LandedFile) -> int:
    """Bytes of a file's text, about."""
    return file.size * UNPACKED if is_packed(file.path.suffix) else file.size


def new_files(manifest: Manifest, id: StreamId, files: list[LandedFile], *, reload: bool) -> list[LandedFile]:
    """Those of a stream's landed files that have not been read as they are now; all of them for a reload."""
    known = {} if reload else manifest.paths(id)
    return [file for file in files if known.get(file.name, ())[:2] != (file.size, file.mtime_ns)]
