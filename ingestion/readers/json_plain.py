"""SQL that reads NDJSON of plain records in one pass: the fields that are read whole as text, documents as STRUCTs.

A record whose document is no object makes DuckDB raise; the file is then read the careful way (json.py), which gives
the same rows.
"""

from __future__ import annotations

from pathlib import Path

from ingestion import inside
from ingestion.readers.common import MAX_LINE, Reader, file_literal, identifier, literal


def relation(path: Path, columns: dict[str, str], *, records: bool = True) -> str:
    """The FROM clause of a file, one row per line. `columns`: name -> type."""
    listed = ", ".join(f"{literal(name)}: {literal(type_)}" for name, type_ in columns.items())
    return (
        f"read_json({file_literal(path)}, format='newline_delimited', records={str(records).lower()}, "
        f"columns={{{listed}}}, maximum_object_size={MAX_LINE}, compression='uncompressed', hive_partitioning=false)"
    )


def select(reader: Reader, path: Path, file_no: int) -> str:
    """SELECT of all columns of `raw`, in their order."""
    stream = reader.stream
    structs = {
        document: type_
        for document, paths in stream.documents.items()
        if document not in stream.whole_fields and (type_ := inside.struct_of(paths))
    }
    columns = {name: structs.get(name, "VARCHAR") for name in reader.fields}
    rows = "(SELECT * FROM {})"
    if stream.unnest:
        columns[stream.unnest] = f"{structs.get('child', 'JSON')}[]"
        rows = _children(stream.unnest, reader.fields, cast="child" not in structs)
    read = rows.format(relation(path, columns))
    others = {document: paths for document, paths in stream.documents.items() if document not in structs}
    texts, read = inside.in_text(others, read)
    found = iter(texts)
    paths = (inside.in_struct(identifier(d), path) if d in structs else next(found) for d, path in reader.paths)
    return f"SELECT {', '.join([str(file_no), 'NULL', *reader.kept, *paths, 'NULL'])} FROM {read}"


def _children(unnest: str, fields: tuple[str, ...], *, cast: bool) -> str:
    """One row per element of an array, beside its record's fields; a record without the array is a row of its own."""
    array = identifier(unnest)
    length = " + ".join(f"coalesce(strlen({identifier(name)}::VARCHAR), 0)" for name in fields)
    too_long = f"len({array}) > 100 AND len({array}) * ({length}) > {2 * MAX_LINE}"
    checked = f"CASE WHEN {array} IS NULL THEN [NULL] WHEN {too_long} THEN error('too many') ELSE {array} END"
    child = "child::VARCHAR" if cast else "child"
    return f"(SELECT * EXCLUDE (child), {child} AS child FROM (SELECT *, unnest({checked}) AS child FROM {{}}))"
