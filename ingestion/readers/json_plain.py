"""SQL that reads NDJSON of plain records in one pass: the fields that are read whole as text, documents as STRUCTs.

What only looks like plain records makes DuckDB raise: a document that is no object, a page among the lines, a line
without any field of the stream. Such a file is read the careful way (json.py).
"""

from __future__ import annotations

from pathlib import Path

from ingestion import inside
from ingestion.quoting import identifier, literal
from ingestion.readers.common import MAX_LINE, Reader, file_literal, json_path


def relation(path: Path, columns: dict[str, str]) -> str:
    """The FROM clause of a file, one row per line. `columns`: name -> type."""
    listed = ", ".join(f"{literal(name)}: {literal(type_)}" for name, type_ in columns.items())
    return (
        f"read_json({file_literal(path)}, format='newline_delimited', records=true, "
        f"columns={{{listed}}}, maximum_object_size={MAX_LINE}, compression='uncompressed', hive_partitioning=false)"
    )


def documents(path: Path, form: str = "newline_delimited") -> str:
    """SELECT of the top-level values of a file as `doc`; raises for one that is longer than MAX_LINE."""
    read = (
        f"read_json({file_literal(path)}, format='{form}', records=false, columns={{doc: 'JSON'}}, "
        f"maximum_object_size={MAX_LINE}, compression='uncompressed', hive_partitioning=false)"
    )
    # DuckDB's own limit lets pass what fits in its buffer.
    return f"SELECT doc FROM {read} WHERE CASE WHEN strlen(doc) > {MAX_LINE} THEN error('too long') ELSE true END"


def texts(reader: Reader, path: Path) -> str:
    """SELECT of n and the text of the n-th row that `select` gives of a stream with `unnest`."""
    unnest = reader.stream.unnest
    at = json_path(unnest)
    children = f"CASE WHEN json_type(doc, {at}) = 'ARRAY' THEN from_json(doc -> {at}, '[\"JSON\"]') ELSE [NULL] END"
    one = f"json_merge_patch(doc, json_object({literal(unnest)}, json_array(child)))::VARCHAR"
    return (
        f"SELECT row_number() OVER () AS n, CASE WHEN child IS NULL THEN doc::VARCHAR ELSE {one} END AS text "
        f"FROM (SELECT doc, unnest({children}) AS child FROM ({documents(path)}))"
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
    if stream.unnest:
        columns[stream.unnest] = f"{structs.get('child', 'JSON')}[]"
    strange = f"({' AND '.join(f'{identifier(name)} IS NULL' for name in columns)})"
    if stream.container:
        columns[stream.container] = "JSON"
        strange += f" OR {identifier(stream.container)} IS NOT NULL"
    read = f"(SELECT * FROM {relation(path, columns)} WHERE CASE WHEN {strange} THEN error('no record') ELSE true END)"
    if stream.unnest:
        read = _children(stream.unnest, reader.fields, read, cast="child" not in structs)
    others = {document: paths for document, paths in stream.documents.items() if document not in structs}
    texts, read = inside.in_text(others, read)
    found = iter(texts)
    paths = (inside.in_struct(identifier(d), path) if d in structs else next(found) for d, path in reader.paths)
    return f"SELECT {', '.join([str(file_no), 'NULL', *reader.kept, *paths, 'NULL'])} FROM {read}"


def _children(unnest: str, fields: tuple[str, ...], records: str, *, cast: bool) -> str:
    """One row per element of an array, beside its record's fields; a record without the array is a row of its own."""
    array = identifier(unnest)
    length = " + ".join(f"coalesce(strlen({identifier(name)}::VARCHAR), 0)" for name in fields)
    too_long = f"len({array}) * ({length}) > {2 * MAX_LINE}"
    checked = f"CASE WHEN {array} IS NULL THEN [NULL] WHEN {too_long} THEN error('too many') ELSE {array} END"
    child = "child::VARCHAR" if cast else "child"
    return f"(SELECT * EXCLUDE (child), {child} AS child FROM (SELECT *, unnest({checked}) AS child FROM {records}))"
