"""From a file's bytes to rows of text: one module per shape. No types, no rules, no accounting.

`open_reader(con, stream, source)` gives the reader of a stream's shape. A reader fills the temporary table `raw`:
`_file_no`, `_row_no` (null: the n-th inserted row of its file), the raw fields that are read whole and one column for
each path that is read in a document, all VARCHAR, and `_extra`. What is no record goes to `Read.rejects`; a file that
cannot be read at all raises LandingError.
"""

from __future__ import annotations

import duckdb

from ingestion.readers.common import Read, Reader, Reject
from ingestion.readers.csv import CsvReader
from ingestion.readers.json import JsonReader
from ingestion.readers.log import LogReader
from ingestion.streams import Source, Stream

__all__ = ["Read", "Reader", "Reject", "open_reader"]

_READERS = {"csv": CsvReader, "json": JsonReader, "log": LogReader}


def open_reader(con: duckdb.DuckDBPyConnection, stream: Stream, source: Source) -> Reader:
    """The reader of the stream's shape; `raw` is made anew by its `begin()`."""
    return _READERS[stream.shape](con, stream, source)
