"""What README says of the published tables is so: the list of KPIs, and how the tables join.

After a KPI is new or changed: `make nightly`, then `.venv/bin/python tests/end_to_end/test_readme.py`, which writes the
list anew from the version that `var/` publishes (or another home, given as argument). Look at the difference.
"""

import re
import sys
from pathlib import Path

import duckdb
import pytest

from ingestion.settings import CHECKOUT

README = CHECKOUT / "README.md"
LIST = re.compile(r"(?<=computes them</summary>\n\n).*?(?=</details>)", re.DOTALL)
PICTURE = re.compile(r"```mermaid\nerDiagram\n(.*?)```", re.DOTALL)
ENTITY = re.compile(r"(\w+) \{ (.*) \}")
KEY = re.compile(r"(\w+) (\w+) PK")
JOIN = re.compile(r'(\w+) (\|\||\|o|\}o|\}\|)--(\|\||o\||o\{|\|\{) (\w+) : "(.+)"')


def list_of_kpis(connection: duckdb.DuckDBPyConnection) -> str:
    """The rows of dim_kpi as a Markdown table, a mart's name on its first row only."""
    sql = "select mart, kpi_id, name, description, unit from dim_kpi order by mart, kpi_id"
    rows = connection.execute(sql).fetchall()
    lines = ["| mart | KPI | name | what it is | unit |", "|---|---|---|---|---|"]
    for number, (mart, kpi_id, *said) in enumerate(rows):
        first = number == 0 or rows[number - 1][0] != mart
        cells = [f"`{mart}`" if first else "", f"`{kpi_id}`", *(text.replace("|", "\\|") for text in said)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n\n"


@pytest.fixture(scope="module")
def version(first_night):
    with duckdb.connect(str(first_night.current / "support_kpis.duckdb"), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def picture():
    """The lines of the diagram: keys by table, and joins as (left, its mark, right's mark, right, pairs of columns)."""
    keys, joins = {}, []
    for line in PICTURE.search(README.read_text()).group(1).splitlines():
        if found := ENTITY.fullmatch(line.strip()):
            keys[found.group(1)] = KEY.findall(found.group(2))
            assert " ".join(f"{kind} {name} PK" for kind, name in keys[found.group(1)]) == found.group(2)
        else:
            left, left_mark, right_mark, right, label = JOIN.fullmatch(line.strip()).groups()
            pairs = [(pair.split(" = ") * 2)[:2] for pair in label.split(", ")]
            joins.append((left, left_mark, right_mark, right, pairs))
    return keys, joins


def test_the_list_of_kpis_is_dim_kpi(version):
    assert LIST.search(README.read_text()).group(0) == list_of_kpis(version)


def test_the_picture_has_every_fact_and_dimension_with_its_key(version, picture):
    keys, joins = picture
    sql = "select table_name, column_name, lower(data_type) from duckdb_columns() where not internal"
    columns = {(table, name): kind for table, name, kind in version.execute(sql).fetchall()}
    assert {table for table, _ in columns if table.startswith(("dim_", "fct_"))} <= keys.keys()
    assert {one for left, _, _, right, _ in joins for one in (left, right)} == keys.keys()
    for table, key in keys.items():
        assert [columns[table, name] for _, name in key] == [kind for kind, _ in key], table
        names = ", ".join(name for _, name in key)
        twice = f"select count(*) from (select 1 from {table} group by {names} having count(*) > 1)"
        assert version.execute(twice).fetchall() == [(0,)], table


def test_the_tables_join_as_the_picture_says(version, picture):
    """A side with one row at most has its columns once; a side with one at least misses no row of the other."""
    for left, left_mark, right_mark, right, pairs in picture[1]:
        of_left, of_right = zip(*pairs, strict=True)
        right_mark = right_mark[::-1].replace("{", "}")
        sides = [(left, left_mark, of_left, right, of_right), (right, right_mark, of_right, left, of_left)]
        for table, mark, names, other, others in sides:
            columns, there = ", ".join(names), " and ".join(f"{name} is not null" for name in names)
            if mark in ("||", "|o"):
                twice = f"select count(*) - count(distinct ({columns})) from {table} where {there}"
                assert version.execute(twice).fetchall() == [(0,)], (left, right, table)
            if mark in ("||", "}|"):
                on = " and ".join(f"a.{one} = b.{name}" for one, name in zip(others, names, strict=True))
                lost = f"select count(*) from {other} as a anti join {table} as b on {on}"
                assert version.execute(lost).fetchall() == [(0,)], (left, right, other)


if __name__ == "__main__":
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else CHECKOUT / "var"
    with duckdb.connect(str(home / "published" / "current" / "support_kpis.duckdb"), read_only=True) as published:
        listed = list_of_kpis(published)
    README.write_text(LIST.sub(lambda _: listed, README.read_text()))
