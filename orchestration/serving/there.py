"""What stands in the schema of a server: tables with columns, keys and comments, and which version they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingestion.quoting import identifier
from orchestration.lib.descriptions import TABLE
from orchestration.serving.tables import of

if TYPE_CHECKING:
    import psycopg

SERVED = "served_version"

_COLUMNS = """
select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), col_description(c.oid, a.attnum)
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = %s::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and a.attnum > 0 and not a.attisdropped
order by c.relname, a.attnum
"""
_COMMENTS = "select relname, obj_description(oid, 'pg_class') from pg_class where relnamespace = %s::regnamespace"
_KEYS = """
select c.relname, k.conname, array_agg(a.attname order by n.place)
from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    cross join lateral unnest(k.conkey) with ordinality n(number, place)
    join pg_attribute a on a.attrelid = c.oid and a.attnum = n.number
where c.relnamespace = %s::regnamespace and k.contype = 'p'
group by 1, 2
"""


@dataclass
class There:
    """`hashes`: table -> hash of the served version, None where it has none; empty before the first."""

    is_there: bool = False
    run_id: str | None = None
    hashes: dict[str, str | None] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    comments: dict[str, dict[str, str]] = field(default_factory=dict)
    keys: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)


def look(connection: psycopg.Connection, schema: str) -> There:
    """Reads the catalogue; changes nothing."""
    found = There()
    if not connection.execute("select 1 from pg_namespace where nspname = %s", [schema]).fetchall():
        return found
    found.is_there, quoted = True, identifier(schema)
    for table, column, kind, text in connection.execute(_COLUMNS, [quoted]).fetchall():
        found.columns.setdefault(table, {})[column] = kind
        if text:
            found.comments.setdefault(table, {})[column] = text
    for table, text in connection.execute(_COMMENTS, [quoted]).fetchall():
        if text:
            found.comments.setdefault(table, {})[TABLE] = text
    for table, name, columns in connection.execute(_KEYS, [quoted]).fetchall():
        found.keys[table] = (name, tuple(columns))
    if SERVED in found.columns:
        rows = connection.execute(f"select run_id, hashes from {of(schema, SERVED)}").fetchall()
        if rows:
            found.run_id, found.hashes = rows[0]
    return found
