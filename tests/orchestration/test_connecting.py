"""A warehouse that somebody has open: waited for, then one line with the process. Nothing else is tried again."""

import subprocess
import sys
import time

import duckdb
import pytest

from orchestration.lib.connecting import LockedError, connect

READER = """
import sys, time, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print("open", flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def warehouse(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    duckdb.connect(str(path)).close()
    return path


@pytest.fixture
def reader(warehouse):
    started = []

    def start(seconds):
        process = subprocess.Popen(
            [sys.executable, "-c", READER, warehouse, str(seconds)], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout.readline() == "open\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_curious_reader_is_waited_for(warehouse, reader):
    process, said = reader(1.0), []
    with connect(warehouse, {}, wait_seconds=30, say=said.append) as connection:
        connection.execute("create table t (i int)")
    assert len(said) == 1 and f"process {process.pid}" in said[0] and str(warehouse) in said[0]


def test_a_reader_that_stays_is_named(warehouse, reader):
    process = reader(60)
    with pytest.raises(LockedError) as error, connect(warehouse, {}, wait_seconds=0.4):
        pass
    assert f"process {process.pid}" in str(error.value)
    assert "was for 0.4 s" in str(error.value)


def test_what_no_wait_mends_is_not_tried_again(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(b"no database" * 1000)
    started = time.monotonic()
    with pytest.raises(duckdb.IOException, match="not a valid DuckDB database file"), connect(path, {}):
        pass
    assert time.monotonic() - started < 5


def test_the_connection_thinks_in_utc_within_its_limits(warehouse):
    with connect(warehouse, {"memory_limit": "123MiB"}) as connection:
        settings = "select current_setting('TimeZone'), current_setting('memory_limit')"
        assert connection.execute(settings).fetchall() == [("UTC", "123.0 MiB")]
