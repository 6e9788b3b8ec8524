"""Runs one landing file through a declared stream: reader and typing, without manifest, lake or configuration files."""

from __future__ import annotations

import json

import duckdb
import pytest

from ingestion.inside import MACROS
from ingestion.people import People
from ingestion.readers import open_reader
from ingestion.streams import Source, Stream
from ingestion.typed import make_typed

PII_KEY = "k" * 64


@pytest.fixture
def typed(tmp_path):
    """typed(stream, content, field_ids=…, text_patterns=…) → typed rows as dicts in file order; `_reason` says why one
    is rejected."""

    def _typed(
        stream: Stream, content, field_ids: tuple[str, ...] = (), text_patterns: tuple[str, ...] = ()
    ) -> list[dict]:
        text = content if isinstance(content, str) else json.dumps(content)
        path = tmp_path / "export"
        path.write_text(text)
        source = Source(stream.source, country="49", field_ids=field_ids, text_patterns=text_patterns)
        con = duckdb.connect()
        con.execute("SET TimeZone = 'UTC'")
        con.execute(MACROS)
        resolved = stream.resolved(source)
        reader = open_reader(con, resolved, source)
        reader.begin()
        reader.read(path, 1, path.stat().st_size, log_id="log")
        # As the loader numbers them.
        con.execute("UPDATE raw SET _row_no = rowid + 1 WHERE _row_no IS NULL")
        make_typed(con, resolved, source, People(PII_KEY))
        result = con.execute("SELECT * EXCLUDE (_file_no, _extra, _row_hash) FROM typed ORDER BY _row_no")
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    return _typed
