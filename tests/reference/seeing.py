"""Which rows are seen at `as_of`, and which version of an entity counts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Entity:
    """One entity: the row that speaks for it, and whether that row was already written at `as_of`."""

    row: dict
    is_written: bool


def entities(rows: Iterable[dict], key: tuple[str, ...], version: str, as_of: datetime) -> list[Entity]:
    """One per key: the newest version written by `as_of`, else the oldest there is.

    A row without version is older than every row with one; what versions leave open, the order of loading decides: of
    rows of one version the last.
    """
    versions = defaultdict(list)
    for loaded, row in enumerate(rows):
        stamp = row.get(version)
        versions[tuple(row[column] for column in key)].append((stamp is not None, stamp, loaded, row))
    found = []
    for group in versions.values():
        written = [one for one in group if not one[0] or one[1] <= as_of]
        oldest = min(group, key=_rank)[:2]
        speaks = max(written or [one for one in group if one[:2] == oldest], key=_rank)
        found.append(Entity(speaks[3], bool(written)))
    return found


def _rank(one: tuple) -> tuple:
    has_stamp, stamp, loaded, _ = one
    return (has_stamp, stamp.timestamp() if has_stamp else 0, loaded)


def happened(instant: datetime | None, as_of: datetime) -> datetime | None:
    """An instant later than `as_of` is not known yet, even inside a row that is."""
    return instant if instant is not None and instant <= as_of else None
