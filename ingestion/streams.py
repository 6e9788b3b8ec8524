"""How an adapter declares a stream: its raw shape, typed columns, key, version and row rules.

Only declarations belong here; reading, typing and storing follow from them (readers/, load.py). An adapter module
holds a tuple `STREAMS` of `Stream` objects and no code that touches a row.

What an expression sees: the raw record, one VARCHAR per raw field, never a number or a struct.
  csv   the header's columns by name (trimmed, case-sensitive), blank cells as ''; those of RECORD_FIELDS that the
        stream's `fields` name.
  json  the record's top-level keys. Strings without quotes, numbers with all their digits, objects and arrays as JSON
        text, null and absent keys as NULL. `json_text(x, '$.a.b')` reads inside one and gives NULL where x is no JSON.
        With `unnest='child_events'` there is one row per element of that array: the element is the raw field `child`.
  log   `log_fields` by position (missing ones NULL), and `_log_id`, the hash of the log's first reading.

Around an expression the machinery trims, turns blank into NULL, casts and checks; an expression only finds the text.

    Column("ticket_id", required=True)                                   the raw field of that name
    Column("ticket_id", expr="id", required=True)                        another raw field (list it in Stream.fields)
    Column("via_channel", expr="json_text(via, '$.channel')")
    Column("created_at", "instant", required=True)                       ISO 8601; naive only with a source time zone
    Column("generated_at", "epoch", expr="generated_timestamp")          seconds since 1970
    Column("via_from_email", expr="json_text(via, '$.source.from.address')", person="email")     a key is stored
    Column("fields", "json", expr=lambda source: chosen_fields_sql(source.field_ids))           depends on settings
    Column("text_match", "exact", expr=text_match("subject", "body"))    the fields are listed in Stream.free_text
    Column("status", required=True, allowed=("open", "solved"))

    Stream("zendesk", "tickets", "json", columns=..., key=("ticket_id",), version="generated_at", container="tickets",
           fields=("id", "via", "generated_timestamp"), ignored=("url", "subject", "description"))
    Stream("asterisk", "queue_log", "log", columns=..., log_fields=("time", "callid", "queue", "agent", "event"))
    Stream("generic", "calls", "csv", columns=..., key=("call_id",), version="updated_at",
           rules=(("ended_at < answered_at", "ended_at before answered_at"),))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ingestion import inside
from ingestion.people import KINDS

#: Source and name.
StreamId = tuple[str, str]

#: Declared type -> type in the lake. `seconds` are durations >= 0, `epoch` are instants given in seconds since 1970,
#: `instant` are UTC without zone, `json` is text that must be valid JSON, `email` an agent's address in lower case,
#: `exact` text with its outer blanks.
LAKE_TYPES = {
    "text": "VARCHAR",
    "exact": "VARCHAR",
    "email": "VARCHAR",
    "instant": "TIMESTAMP",
    "epoch": "TIMESTAMP",
    "local_date": "DATE",
    "integer": "BIGINT",
    "number": "DECIMAL(18,6)",
    "seconds": "DECIMAL(18,6)",
    "boolean": "BOOLEAN",
    "json": "VARCHAR",
}

#: What a csv reader finds beside the cells. `_header`: JSON, `rows` has an array of cells for each row of the header,
#: `columns` an array of the cells below each name, `paired` the same for the names that `paired_by` is about. Read by
#: paths it costs little, whole it stands beside every record;
#: `_line`: the how many-th record of the file with the same `numbered_by`, from 1; `_record`: JSON, cells by column.
RECORD_FIELDS = ("_header", "_line", "_record")

#: Columns of every lake file beside the declared ones. `_file`: content hash; `_load_no`: order of loading;
#: `_row_no`: 1-based position (csv: line number - 1; json: n-th record; log: line number); `_row_hash`: md5 of the
#: typed columns; `_extra`: JSON object of the undeclared columns that `keep_columns` names, else null.
META_COLUMNS = {
    "_file": "VARCHAR",
    "_load_no": "BIGINT",
    "_row_no": "BIGINT",
    "_row_hash": "VARCHAR",
    "_extra": "VARCHAR",
}


@dataclass(frozen=True)
class Source:
    """What the settings say about one source, for expressions and typing.

    `field_ids`: custom-field ids that the configuration names (`field:<id>` rows of issue_types and escalations that
    hold for this source, and `complexity_field`), sorted. `text_patterns`: the `text` rows of issue_types that hold for
    this source, in their order. `configuration` is the whole Configuration.
    """

    name: str
    time_zone: str | None = None
    country: str | None = None
    keep_columns: tuple[str, ...] = ()
    field_ids: tuple[str, ...] = ()
    text_patterns: tuple[str, ...] = ()
    configuration: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Column:
    """One typed column of a stream.

    `expr`: SQL over the raw fields that gives text, or a function of the `Source` that returns such SQL; default: the
    raw field of the column's name. `required`: null rejects the row (csv: a missing header rejects the file).
    `may_be_blank`: with `required`, only the header is; rules say which rows may leave the cell blank.
    `person`: a kind of `people.KINDS`; only a keyed hash is stored, as <name>_key. `allowed`: other values reject the
    row.
    """

    name: str
    type: str = "text"
    expr: str | Callable[[Source], str] | None = None
    required: bool = False
    may_be_blank: bool = False
    person: str | None = None
    allowed: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.type not in LAKE_TYPES:
            raise ValueError(f"column {self.name}: unknown type {self.type}")
        if self.person is not None and self.person not in KINDS:
            raise ValueError(f"column {self.name}: unknown kind of person {self.person}")

    @property
    def lake_name(self) -> str:
        return f"{self.name}_key" if self.person else self.name

    @property
    def lake_type(self) -> str:
        return "VARCHAR" if self.person else LAKE_TYPES[self.type]


@dataclass(frozen=True)
class Stream:
    """One stream of a source.

    shape       'csv', 'json' or 'log'.
    key         lake columns that identify the entity; for events their id. Staging deduplicates on key and version.
    version     lake column that says which row of a key is newer; None for immutable rows.
    snapshot    every export holds the full list (groups, schedules …): a shrunk one is reported.
    rules       (SQL over typed lake columns that is true when the row is bad, reason).
    fields      raw fields that expressions read beside those named like a column.
    ignored     raw fields that are known and dropped on purpose (bodies, links): never reported as new.
    free_text   raw fields that may hold a customer's words: read only while `text` rules need them, never stored.
    container   json: key whose array holds the records of a page; records that stand alone are read as well.
    unnest      json: array inside a record with the real rows; its element is the raw field `child`.
    delimiter   csv: one character.  quote: csv quote character, '' for formats without quoting.
    header_rows csv: rows above the first record; names stand in the first. 0: none, `fields` are by position.
    is_positional   csv: the header is in any language; `fields` are the first columns in their order.
    is_loose    csv: names of the header are known whatever their case and blanks.
    is_open     csv: every file has columns of its own, which expressions find in `_record`: none is reported as new.
    paired_by   csv: suffix of columns that belong to the one of the name before it.
    required_fields csv: raw fields without whose column the file is rejected, where an expression reads them.
    numbered_by csv: raw fields whose equal records are numbered within a file, for the raw field `_line`.
    fallback_encoding   csv: encoding of a file that is not UTF-8.
    log_fields, log_separator   log: names of the parts of a line.
    documents   raw field -> paths that expressions read in it; filled by `resolved`.
    """

    source: str
    name: str
    shape: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    version: str | None = None
    snapshot: bool = False
    rules: tuple[tuple[str, str], ...] = ()
    fields: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    free_text: tuple[str, ...] = ()
    container: str | None = None
    unnest: str | None = None
    delimiter: str = ","
    quote: str = '"'
    header_rows: int = 1
    is_positional: bool = False
    is_loose: bool = False
    is_open: bool = False
    paired_by: str = ""
    required_fields: tuple[str, ...] = ()
    numbered_by: tuple[str, ...] = ()
    fallback_encoding: str | None = None
    log_fields: tuple[str, ...] = ()
    log_separator: str = "|"
    documents: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.shape not in ("csv", "json", "log"):
            raise ValueError(f"{self.source}/{self.name}: unknown shape {self.shape}")
        names = [c.lake_name for c in self.columns]
        missing = [n for n in (*self.key, *((self.version,) if self.version else ())) if n not in names]
        if missing or len(set(names)) != len(names):
            raise ValueError(f"{self.source}/{self.name}: key or version names no column, or a name is there twice")

    @property
    def id(self) -> StreamId:
        return (self.source, self.name)

    @property
    def raw_fields(self) -> tuple[str, ...]:
        """Raw fields to read, in a fixed order; for logs those of the line."""
        if self.shape == "log":
            return self.log_fields
        own = [c.name for c in self.columns if c.expr is None]
        return tuple(dict.fromkeys([*own, *self.fields]))

    @cached_property
    def whole_fields(self) -> tuple[str, ...]:
        """Raw fields, `child` among them, that expressions read as they are and not only by paths in them."""
        expressions = [c.expr for c in self.columns if isinstance(c.expr, str)]
        own = {c.name for c in self.columns if c.expr is None}
        names = (*self.raw_fields, "child") if self.unnest else self.raw_fields
        return tuple(
            name
            for name in names
            if name not in self.documents or name in own or any(inside.mentions(e, name) for e in expressions)
        )

    @property
    def lake_columns(self) -> dict[str, str]:
        """Name -> DuckDB type of the lake file, the meta columns last."""
        return {c.lake_name: c.lake_type for c in self.columns} | META_COLUMNS

    def resolved(self, source: Source) -> Stream:
        """The same stream with every expression as SQL text over the columns of `raw`, free text among the fields that
        are read or ignored."""
        columns, documents = [], {}
        for column in self.columns:
            expression = column.expr(source) if callable(column.expr) else column.expr
            if expression is not None:
                expression, found = inside.paths_taken_out(expression)
                for document, path in found:
                    paths = documents.setdefault(document, [])
                    if path not in paths:
                        paths.append(path)
            columns.append(replace(column, expr=expression))
        texts = {"ignored": (*self.ignored, *self.free_text)}
        if source.text_patterns:
            texts = {"fields": tuple(dict.fromkeys([*self.fields, *self.free_text]))}
        return replace(self, columns=tuple(columns), documents=documents, **texts)
