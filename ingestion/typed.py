"""From rows of text to typed rows with a verdict: the one machinery for all shapes, as one SQL statement.

`make_typed` turns the temporary table `raw` into `typed`: the stream's lake columns, `_file_no`, `_row_no`, `_extra`,
`_reason` (why the row is rejected, or null) and `_row_hash`. The first failing rule gives the reason; a reason names
columns, never values.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from ingestion.forgotten_text import ForgottenText
from ingestion.people import People
from ingestion.quoting import identifier, literal
from ingestion.streams import Column, Source, Stream

#: White space at the ends that means nothing; written as code points, for the eye cannot tell them apart.
_BLANKS = ("' '", "chr(9)", "chr(10)", "chr(13)", "chr(160)", "chr(65279)")
#: ISO 8601 in its extended and its basic form (20260302T081407Z); it knows a fraction after a comma, too.
_INSTANT = r"(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?|\d{8}T\d{4}(\d{2}([.,]\d+)?)?)"
_USUAL_INSTANT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}([.]\d+)?(Z|[+-]\d{2}:?\d{2})"
#: What nearly all instants look like. Digits in front and after the T, and a cast that succeeds, say the rest: alone it
#: would take a blank there or, without the fraction that stands for the Z, after the seconds.
_COMMON_INSTANT = "____-__-__T__:__:__Z"
_OFFSET = r" ?(Z|z|[+-]\d{2}(:?\d{2})?)"
_NUMBER = r"[+-]?(\d+[.]?\d*|[.]\d+)([eE][+-]?\d{1,2})?"

#: How the reason begins where a required column has nothing.
MISSING = "missing "

#: Raise it when a rule below changes so that rejected rows may pass: they are tried again then.
MACHINERY = 3


def make_typed(con: duckdb.DuckDBPyConnection, stream: Stream, source: Source, people: People) -> None:
    """Makes `typed` from `raw`. The stream's expressions must be resolved. Raises duckdb.Error for a wrong one."""
    _make_people(con, stream, source, people)
    _scrub_extra(con, source, people)
    found = ", ".join(f"{_found(c)} AS _x{i}" for i, c in enumerate(stream.columns))
    texts = ", ".join(f"{_text(c, f'_x{i}')} AS _t{i}" for i, c in enumerate(stream.columns))
    casts, joins, reasons = [], [], []
    for i, column in enumerate(stream.columns):
        casts.append(f"{_cast(column, i, source)} AS {identifier(column.lake_name)}")
        if column.person:
            joins.append(f"LEFT JOIN _people_{i} ON _people_{i}.text = _t{i}")
        reasons.append(_reasons(stream, column, i, source))
    reasons += [f"WHEN {condition} THEN {literal(reason)}" for condition, reason in stream.rules]
    names = ", ".join(identifier(c.lake_name) for c in stream.columns)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE typed AS SELECT _file_no, _row_no, {names}, _extra, _reason, "
        f"CASE WHEN _reason IS NULL THEN {row_hash(stream)} END AS _row_hash FROM ("
        f"SELECT *, CASE {' '.join(reasons)} END AS _reason FROM ("
        f"SELECT _file_no, _row_no, _extra, {', '.join(f'_t{i}' for i in range(len(casts)))}, {', '.join(casts)} "
        f"FROM (SELECT _file_no, _row_no, _extra, {texts} FROM "
        f"(SELECT _file_no, _row_no, _extra, {found} FROM raw)) "
        f"{' '.join(joins)}))"
    )
    if stream.shape == "log":
        _number_equal_lines(con)


def _found(column: Column) -> str:
    """The text an expression finds."""
    expression = column.expr if isinstance(column.expr, str) else identifier(column.name)
    return f"({expression})::VARCHAR"


def _text(column: Column, found: str) -> str:
    return found if column.type == "exact" else _clean(found)


def _clean(text: str) -> str:
    """Trimmed, blank as NULL. A look at both ends spares most values the trim, which costs several times as much."""
    ends = " OR ".join(f"ends_with({text}, {blank})" for blank in _BLANKS)
    trimmed = f"nullif(trim({text}, {' || '.join(_BLANKS)}), '')"
    return f"CASE WHEN {text} BETWEEN '!' AND '~' AND NOT ({ends}) THEN {text} ELSE {trimmed} END"


def _cast(column: Column, i: int, source: Source) -> str:
    text = f"_t{i}"
    if column.person:
        return f"_people_{i}.key"
    match column.type:
        case "instant":
            naive = "NULL"
            if source.time_zone:
                local = f"try_cast({_canonical(text)} AS TIMESTAMP)"
                naive = f"({local} AT TIME ZONE {literal(source.time_zone)}) AT TIME ZONE 'UTC'"
            common = (
                f"{text} LIKE '{_COMMON_INSTANT}' AND {text} BETWEEN '0' AND ':' AND substring({text}, 12, 1) >= '0'"
            )
            return (
                f"CASE WHEN {common} THEN try_cast(replace({text}, 'Z', '.0') AS TIMESTAMP) "
                f"WHEN regexp_full_match({text}, '{_USUAL_INSTANT}') "
                f"THEN try_cast({text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' "
                f"WHEN {_is_aware(text)} THEN try_cast({_canonical(text)} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' "
                f"WHEN {_is_naive(text)} THEN {naive} END"
            )
        case "epoch":
            micros = f"(try_cast({text} AS DECIMAL(18,6))::DECIMAL(24,6) * 1000000)::BIGINT"
            whole = f"try_cast({text} AS BIGINT) * 1000000"
            return (
                f"CASE WHEN regexp_full_match({text}, '\\d{{1,10}}') THEN make_timestamp({whole}) "
                f"WHEN {_is_number(text)} THEN try(make_timestamp({micros})) END"
            )
        case "local_date":
            return f"CASE WHEN length({text}) = 10 THEN try_cast({text} AS DATE) END"
        case "integer":
            return f"CASE WHEN regexp_full_match({text}, '[+-]?\\d+([.]0*)?') THEN try_cast({text} AS BIGINT) END"
        case "number" | "seconds":
            return f"CASE WHEN {_is_number(text)} THEN try_cast({text} AS DECIMAL(18,6)) END"
        case "boolean":
            return f"CASE lower({text}) WHEN 'true' THEN true WHEN '1' THEN true WHEN 'yes' THEN true " \
                   "WHEN 'false' THEN false WHEN '0' THEN false WHEN 'no' THEN false END"  # fmt: skip
        case "json":
            return f"CASE WHEN json_valid({text}) THEN {text} END"
        case "email":
            return f"lower({text})"
        case _:
            return text


def _canonical(text: str) -> str:
    """YYYY-MM-DDTHH:MM:SS… in capitals and without blanks: DuckDB 1.5 reads no instant without seconds."""
    minutes = rf"regexp_replace({text}, '^(\d{{4}})(\d\d)(\d\dT\d\d)(\d\d)', '\1-\2-\3:\4')"
    extended = rf"replace(regexp_replace({minutes}, '^(.{{16}})(\d\d)', '\1:\2'), ',', '.')"
    clock = f"replace({extended}[12:], ' ', '')"
    seconds = f"CASE WHEN {clock}[6] = ':' THEN '' ELSE ':00' END"
    return f"upper({extended}[:10] || 'T' || {clock}[:5] || {seconds} || {clock}[6:])"


def _is_aware(text: str) -> str:
    return f"regexp_full_match({text}, '{_INSTANT}{_OFFSET}')"


def _is_naive(text: str) -> str:
    return f"regexp_full_match({text}, '{_INSTANT}')"


def _is_number(text: str) -> str:
    return f"regexp_full_match({text}, '{_NUMBER}')"


def column_reasons(stream: Stream, source: Source) -> dict[str, str]:
    """Reasons that say a column's text is missing or of another type -> the column's name in the lake."""
    return {
        reason: column.lake_name
        for i, column in enumerate(stream.columns)
        for _, reason in _type_branches(stream, column, i, source)
    }


def _type_branches(stream: Stream, column: Column, i: int, source: Source) -> list[tuple[str, str]]:
    """(condition, reason) of what is missing or of another type, most basic first."""
    name, value, text = column.name, identifier(column.lake_name), f"_t{i}"
    branches = []
    if column.required and not column.may_be_blank:
        branches.append((f"{text} IS NULL", f"{MISSING}{name}"))
    if stream.shape == "json" and (column.person or column.type in ("text", "email")):
        # "[1]" may be a name, too: only what holds texts or objects is told from one. The comparison alone, as cheap as
        # none, is false for nearly all texts.
        opened = f"({text} BETWEEN '[' AND '\\' OR {text} BETWEEN '{{' AND '|')"
        kind = f"({text} LIKE '{{%' OR {text} LIKE '[%\"%') AND json_valid({text})"
        branches.append((f"{opened} AND {kind}", f"{name} is no text"))
    if column.person is None:
        if column.type == "instant" and not source.time_zone:
            branches.append((f"{value} IS NULL AND {_is_naive(text)}", f"{name} has no offset from UTC and "
                             f"[sources.{source.name}] no time_zone"))  # fmt: skip
        if column.type != "text":
            wanted = {"local_date": "date", "epoch": "instant", "json": "JSON", "seconds": "number"}
            kind = wanted.get(column.type, column.type)
            branches.append((f"{text} IS NOT NULL AND {value} IS NULL", f"{name} is no {kind}"))
    return branches


def _reasons(stream: Stream, column: Column, i: int, source: Source) -> str:
    """The WHEN branches of one column, most basic first."""
    name, value, text = column.name, identifier(column.lake_name), f"_t{i}"
    branches = _type_branches(stream, column, i, source)
    if column.person is None:
        if column.type == "seconds":
            branches.append((f"{value} < 0", f"negative duration in {name}"))
        if column.allowed is not None:
            listed = ", ".join(literal(v) for v in column.allowed)
            branches.append((f"{text} NOT IN ({listed})", f"unknown value in {name}"))
    return " ".join(f"WHEN {condition} THEN {literal(reason)}" for condition, reason in branches)


def row_hash(stream: Stream) -> str:
    """md5 of an unambiguous text of the typed columns; a log's identity is no part of what a line says."""
    parts = ", ".join(f"{identifier(c.lake_name)}::VARCHAR" for c in stream.columns if c.expr != "_log_id")
    return f"md5(json_array({parts})::VARCHAR || coalesce(_extra, ''))"


def _number_equal_lines(con: duckdb.DuckDBPyConnection) -> None:
    """Equal lines of one log are different events: the n-th of them has n in its hash."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE typed AS SELECT * REPLACE (CASE WHEN _reason IS NULL THEN "
        "md5(_row_hash || ':' || row_number() OVER (PARTITION BY _file_no, _row_hash ORDER BY _row_no)) END "
        "AS _row_hash) FROM typed"
    )


def _make_people(con: duckdb.DuckDBPyConnection, stream: Stream, source: Source, people: People) -> None:
    """One table per person column, text -> key, over the distinct texts: each is hashed once, in Python."""
    for i, column in enumerate(stream.columns):
        if not column.person:
            continue
        distinct = con.sql(
            f"SELECT DISTINCT {_clean('found')} AS text FROM (SELECT DISTINCT {_found(column)} AS found FROM raw)"
        ).to_arrow_table()
        texts = [text for text in distinct.column("text").to_pylist() if text is not None]
        keys = people.keys(column.person, texts, source.country)
        con.register("chunk", pa.table({"text": pa.array(texts, pa.string()), "key": pa.array(keys, pa.string())}))
        con.execute(f"CREATE OR REPLACE TEMP TABLE _people_{i} AS SELECT * FROM chunk")
        con.unregister("chunk")


def _scrub_extra(con: duckdb.DuckDBPyConnection, source: Source, people: People) -> None:
    """A kept column may name a forgotten customer, too."""
    if not people.forgotten or not source.keep_columns:
        return
    search = ForgottenText(people, [source.country])
    for (text,) in con.execute("SELECT DISTINCT _extra FROM raw WHERE _extra IS NOT NULL").fetchall():
        if (scrubbed := search.scrubbed(text)) != text:
            con.execute(f"UPDATE raw SET _extra = {literal(scrubbed)} WHERE _extra = {literal(text)}")
