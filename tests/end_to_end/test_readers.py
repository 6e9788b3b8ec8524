"""What others read a version with: DuckDB from 1.1 to 2.0, pandas, polars and Tableau's Hyper; whole versions and
added-to ones, and one that takes the place of another.

`make test-all` puts the other DuckDBs, polars and Hyper into .venv-readers/; without them their tests are skipped.
"""

import json
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import duckdb
import pandas
import pytest

from ingestion.settings import CHECKOUT
from orchestration.lib import additions, tables, versions
from orchestration.lib.descriptions import TABLE

READERS = CHECKOUT / ".venv-readers"
COUNTED = """
import json, sys
sys.path.insert(0, sys.argv[1])
import duckdb
assert duckdb.__file__.startswith(sys.argv[1]), duckdb.__file__
con = duckdb.connect(sys.argv[2], read_only=True)
comments = "select comment from duckdb_tables() union all select comment from duckdb_columns() where not internal"
told = {"comments": sorted(str(text) for (text,) in con.execute(comments).fetchall())}
for (name,) in con.execute("select table_name from information_schema.tables order by 1").fetchall():
    columns = [row[0] for row in con.execute(f'describe "{name}"').fetchall()]
    filled = ", ".join(f'count(t."{column}"), count(distinct t."{column}")' for column in columns)
    told[name] = con.execute(f'select count(*), {filled} from "{name}" as t').fetchall()[0]
print(json.dumps([duckdb.__version__, told]))
"""
RECONNECTED = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
import duckdb
def published():
    con = duckdb.connect(sys.argv[2], read_only=True)
    return con, con.execute("select run from version").fetchall()[0][0]
first, began = published()
print("open", flush=True)
input()
second, meanwhile = published()
told = began, meanwhile, first.execute("select run from version").fetchall()[0][0]
first.close()
second.close()
print(json.dumps([*told, published()[1]]))
"""
HYPER = re.search(r"\*\*Tableau\.\*\*.*?```python\n(.*?)```", (CHECKOUT / "README.md").read_text(), re.DOTALL)[1]
HYPER_COUNTED = """
with (
    HyperProcess(Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU, parameters={"log_config": ""}) as hyper,
    Connection(hyper.endpoint, "support_kpis.hyper") as con,
):
    names = [name.name.unescaped for name in con.catalog.get_table_names("public")]
    told = {name: con.execute_scalar_query(f'select count(*) from "{name}"') for name in names}
    sums = con.execute_list_query("select sum(numerator), sum(denominator), sum(sample_size) from mart_kpi_timeseries")
print(json.dumps([told, sums]))
"""


@pytest.fixture(scope="module")
def added_to(first_night, tmp_path_factory):
    """The version of a first night, then one that adds to it: rows gone and new in each of its larger tables."""
    folder = tmp_path_factory.mktemp("versions")
    source = str(first_night.current / "support_kpis.duckdb")
    before = None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(additions, "FEWEST_ROWS", 1000)
        for number in range(2):
            warehouse, version = folder / f"{number}.duckdb", folder / f"{number}"
            version.mkdir()
            with duckdb.connect(str(warehouse)) as con:
                con.execute(f"attach '{source}' as published (read_only)")
                con.execute(f'copy from database published to "{number}"')
                con.execute("detach published")
                names = [
                    name for (name,) in con.execute("select table_name from duckdb_tables() order by 1").fetchall()
                ]
                for name in names if number else ():
                    con.execute(f'delete from "{name}" where rowid % 10 = 3')
                    con.execute(f'insert into "{name}" select * from "{name}" where rowid % 50 = 1')
            with duckdb.connect() as con:
                texts = {(name, TABLE): f"Told by version {number}." for name in names}
                facts = tables.copy_tables(warehouse, names, version, con, before, texts)
            before = additions.Before(version, {name: asdict(fact) for name, fact in facts.items()})
    return before.folder


def counted(folder, path):
    command = [sys.executable, "-S", "-c", COUNTED, str(folder), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("release", ["1.1.3", "1.4.5", "2.0.0"])
def test_other_duckdbs_read_the_same(first_night, added_to, release):
    folder = READERS / release
    if not folder.exists():
        pytest.skip(f"no DuckDB {release} in .venv-readers; make test-all puts it there")
    for version in (first_night.current, added_to):
        path = version / "support_kpis.duckdb"
        said, found = counted(folder, path)
        assert said == release
        assert found == counted(Path(duckdb.__file__).parent.parent, path)[1]


@pytest.mark.parametrize(
    ("release", "meanwhile"),
    [("1.1.3", "first"), ("1.4.5", "first"), (duckdb.__version__, "second"), ("2.0.0", "second")],
)
def test_a_new_connection_reads_the_new_version(tmp_path, release, meanwhile):
    """Before DuckDB 1.5 only once the process has closed all it had open; an open one stays with its version."""
    folder = Path(duckdb.__file__).parent.parent if release == duckdb.__version__ else READERS / release
    if not folder.exists():
        pytest.skip(f"no DuckDB {release} in .venv-readers; make test-all puts it there")

    def publish(run):
        def write(version):
            with duckdb.connect() as con:
                con.execute(
                    f"attach '{version}/support_kpis.duckdb' as made (storage_version '{tables.STORAGE_VERSION}')"
                )
                con.execute(f"create table made.version as select '{run}' as run")

        versions.publish(tmp_path, run, write)

    publish("first")
    path = str(tmp_path / "current" / "support_kpis.duckdb")
    command = [sys.executable, "-S", "-c", RECONNECTED, str(folder), path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout.readline() == "open\n"
        publish("second")
        told, _ = reader.communicate("\n")
    assert json.loads(told) == ["first", meanwhile, "first", "second"]


def test_pandas_reads_the_parquet_files(first_night):
    cells = pandas.read_parquet(first_night.current / "parquet" / "mart_kpi_timeseries.parquet")
    with duckdb.connect(str(first_night.current / "support_kpis.duckdb"), read_only=True) as con:
        rows, total = con.execute("select count(*), sum(sample_size) from mart_kpi_timeseries").fetchall()[0]
    assert (len(cells), cells["sample_size"].sum()) == (rows, total)


def test_polars_reads_the_parquet_files(first_night, added_to):
    folder = READERS / "polars"
    if not folder.exists():
        pytest.skip("no polars in .venv-readers; make test-all puts it there")
    code = "import sys; sys.path.insert(0, sys.argv[1]); import polars; print(polars.read_parquet(sys.argv[2]).height)"
    for version in (first_night.current, added_to):
        for path in sorted((version / "parquet").glob("*.parquet")):
            command = [sys.executable, "-S", "-c", code, str(folder), str(path)]
            height = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            assert height == duckdb.execute(f"select count(*) from '{path}'").fetchall()[0][0], path.name


def test_tableau_reads_a_hyper_file_made_as_readme_says(first_night, tmp_path):
    folder = READERS / "tableauhyperapi"
    if not folder.exists():
        pytest.skip("no tableauhyperapi in .venv-readers; make test-all puts it there")
    code = "import json, sys\nsys.path.insert(0, sys.argv[1])\n" + HYPER + HYPER_COUNTED
    code = code.replace("/srv/support-kpis", str(first_night.home))
    command = [sys.executable, "-S", "-c", code, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    told, (sums,) = json.loads(done.stdout)
    with duckdb.connect(str(first_night.current / "support_kpis.duckdb"), read_only=True) as con:
        names = [name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()]
        assert told == {name: con.execute(f'select count(*) from "{name}"').fetchall()[0][0] for name in names}
        columns = "sum(numerator), sum(denominator), sum(sample_size)"
        (expected,) = con.execute(f"select {columns} from mart_kpi_timeseries").fetchall()
    assert sums == pytest.approx(list(expected))
