"""Unions by name, which need the columns of each side, and what cannot be read. The other rules: test_agreement.py."""

import duckdb
import pytest
from sqlglot.errors import SqlglotError

from orchestration.spark.dialect import to_spark


def columns(query: str) -> list[str]:
    """What the engine would say: these queries read no table and are both engines' SQL."""
    return duckdb.sql(query.replace("`", '"')).columns


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("select 1 as a, 2 as b union all by name select 3 as b, 4 as c", [(1, 2, None), (None, 3, 4)]),
        (
            "with x as (select 1 as a), y as (select * from x union all by name select 2 as b union all by name"
            " select 3 as a) select * from y",
            [(1, None), (None, 2), (3, None)],
        ),
        ("with x as (select 1 as a) select * from x union by name select 1 as a", [(1,)]),
        (
            "select * from (with x as (select 5 as b) select * from x union all by name select 6 as a) as z",
            [(5, None), (None, 6)],
        ),
    ],
)
def test_each_side_of_a_union_by_name_has_all_columns(sql, rows):
    said = to_spark(sql, columns)
    assert "by name" not in said.lower()
    ours, theirs = (sorted(map(str, duckdb.sql(text.replace("`", '"')).fetchall())) for text in (sql, said))
    assert ours == theirs == sorted(map(str, rows))


def test_what_cannot_be_read_names_its_place():
    with pytest.raises(SqlglotError, match="Line 1"):
        to_spark("select from where (", columns)


def test_frames_of_peers_that_are_not_next_are_refused():
    with pytest.raises(NotImplementedError, match="groups"):
        to_spark("select count(*) over (order by moment groups between 2 preceding and current row) from t", columns)
