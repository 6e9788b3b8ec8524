"""A world as the CSV files somebody would land: the generic streams, whole or in parts, with people in the clear.

The opposite of loading: keys become addresses and numbers again. What loading makes of the files is not known here.
"""

import csv
import gzip
import io
from datetime import UTC, date, datetime, tzinfo
from random import Random

from ingestion.adapters import STREAMS
from tests.reference.world import SOURCE, World

_KEY_OF = "key of "
#: Path under landing/ -> content.
Files = dict[str, bytes]


def whole_files(world: World) -> Files:
    """One file per stream, in the order of the world, instants in UTC."""
    return {f"{SOURCE}/{stream}/all.csv": _csv(_header(stream), rows) for stream, rows in _exports(world, UTC).items()}


def split_files(world: World, pick: Random, parts: int) -> Files:
    """`parts` files per stream: rows, columns and names in any order, every third file gzip'd, instants in local time.

    A file begins with the last row of the part before, as exports that overlap do.
    """
    found = {}
    for stream, rows in _exports(world, world.zone).items():
        shuffled, header = pick.sample(rows, len(rows)), _header(stream)
        borders = [len(rows) * part // parts for part in range(parts + 1)]
        for part, number in enumerate(pick.sample(range(100, 1000), parts)):
            content = _csv(pick.sample(header, len(header)), shuffled[max(borders[part] - 1, 0) : borders[part + 1]])
            name = f"{SOURCE}/{stream}/export_{number}.csv"
            found |= {f"{name}.gz": gzip.compress(content)} if part % 3 == 2 else {name: content}
    return found


def _exports(world: World, zone: tzinfo) -> dict[str, list[dict[str, str]]]:
    """Stream -> rows of text, one cell per column of the export."""
    return {stream: [_cells(stream, row, zone) for row in rows] for stream, rows in world.streams.items()}


def _header(stream: str) -> list[str]:
    declared = STREAMS[SOURCE, stream]
    return list(dict.fromkeys(column.name for column in declared.columns if column.name in declared.raw_fields))


def _cells(stream: str, row: dict, zone: tzinfo) -> dict[str, str]:
    columns = STREAMS[SOURCE, stream].columns
    unknown = row.keys() - {column.lake_name for column in columns}
    assert not unknown, f"{stream} has no column {unknown}"
    cells = dict.fromkeys(_header(stream), "")
    for column in columns:
        if (value := row.get(column.lake_name)) is not None:
            cells[column.name] = in_the_clear(column.person, value) if column.person else _text(value, zone)
    return cells


def in_the_clear(kind: str, key: str) -> str:
    """What a key was made of: an agent's address stands in it, a customer is known by its first character."""
    if key.startswith(_KEY_OF):
        return key.removeprefix(_KEY_OF)
    return {"email": f"{key[0]}@customer.example", "phone": f"+49 30 {key[0] * 7}", "customer_id": key[0]}[kind]


def _text(value, zone: tzinfo) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _csv(header: list[str], rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, header)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
