"""What a version says of its own tables: a text for each, in the DuckDB file, that tells meaning, unit and nulls."""

import re
import sys

import duckdb
import pytest

from ingestion.settings import CHECKOUT
from orchestration.lib.docs import PAGE


@pytest.fixture(scope="module")
def version(first_night):
    with duckdb.connect(str(first_night.current / "support_kpis.duckdb"), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def columns(version):
    """(table, column) -> its type and text."""
    sql = "select table_name, column_name, data_type, comment from duckdb_columns() where not internal"
    found = {(table, column): (kind, text or "") for table, column, kind, text in version.execute(sql).fetchall()}
    assert len(found) > 500
    return found


def test_every_table_and_column_says_what_it_means(version, columns):
    tables = dict(version.execute("select table_name, comment from duckdb_tables() where not internal").fetchall())
    assert [name for name, text in tables.items() if not (text or "").startswith("One row per")] == []
    assert [name for name, (_, text) in columns.items() if not text] == []


def test_a_column_that_may_be_null_says_when(version, columns):
    """And one that says nothing of null has none: whoever reads the text may rely on it."""
    silent = {}
    for table, column in (name for name, (_, text) in columns.items() if not re.search(r"\bnull\b", text)):
        silent.setdefault(table, []).append(column)
    found = []
    for table, names in silent.items():
        counts = ", ".join(f'count(*) filter ("{name}" is null)' for name in names)
        nulls = version.execute(f"select {counts} from {table}").fetchall()[0]
        found += [f"{table}.{name}" for name, count in zip(names, nulls, strict=True) if count]
    assert found == []


def test_a_column_says_its_unit(columns):
    def silent(where, words):
        named = {name: text for name, (kind, text) in columns.items() if where(name[1], kind)}
        assert named
        return [name for name, text in named.items() if not re.search(words, text, re.I)]

    assert silent(lambda name, kind: kind == "TIMESTAMP", r"\bUTC\b") == []
    assert silent(lambda name, kind: "seconds" in name, r"\bseconds\b") == []
    assert silent(lambda name, kind: "revenue" in name or "price" in name, r"\bcurrency\b|`currency`") == []
    assert silent(lambda name, kind: name.endswith("_on"), r"\breporting time zone\b") == []


def test_the_docs_name_no_machine_and_no_moment(first_night):
    page = (first_night.current / PAGE).read_text()
    told = ("fct_contact", "Number of facts behind the value.", "exposure.support_kpis.alerts", "__overview__")
    assert [text for text in told if text not in page] == []
    # Neither where it was made, nor when, nor by whom; and nothing that it would have to fetch.
    places = map(str, (first_night.home, CHECKOUT, sys.prefix))
    assert [place for place in places if place in page] == []
    assert re.findall(r'"(?:generated_at|invocation_id|user_id|created_at)":(?!\{)|INLINE DATA', page) == []
    assert '"send_anonymous_usage_stats":false' in page
