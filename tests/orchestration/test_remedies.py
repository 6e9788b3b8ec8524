"""A night that failed says what to do next, by the kind of the error."""

import pytest

from orchestration.lib.remedies import is_disk_full, with_next_step

CASES = {
    'IO Error: Could not write file "/h/lake/a.parquet": No space left on device': "free disk space",
    "(sqlite3.OperationalError) database or disk is full": "free disk space",
    "(sqlite3.OperationalError) disk I/O error": "free disk space",
    "raw: loading 3 new exports may need 1 MiB and 256 MiB have to stay free, but 3 MiB are free under /h": "free disk",
    "/h/warehouse.duckdb is held open by process 7 (python) and was for 60 s": "end that process",
    'IO Error: Could not set lock on file "/h/w": Conflicting lock is held in python (PID 7)': "end that process",
    'IO Error: The file "/h/w.duckdb" exists, but it is not a valid DuckDB database file!': "--full-refresh",
    "IO Error: Corrupt database file: computed checksum 7 does not match stored checksum 8": "--full-refresh",
    'IO Error: Could not read enough bytes from file "/h/w.duckdb": attempted to read 262144 bytes': "--full-refresh",
    "Out of Memory Error: failed to pin block of size 256.0 KiB (1.0 GiB/1.0 GiB used)": "raise memory_mib",
    "dbt build: dbt was killed by signal 9 (SIGKILL)": "ran out of memory",
    "[Errno 13] Permission denied: '/h/landing/generic/calls/a.csv'": "right to read",
    "too many retries for DB connection": "config/dagster.yaml",
    "anything else": "mend what the log shows",
}


@pytest.mark.parametrize(("reason", "step"), CASES.items())
def test_each_kind_of_error_has_its_next_step(reason, step):
    line = with_next_step(reason)
    assert line.startswith(f"{reason}. Next: ")
    assert step in line.split(". Next: ")[1]


def test_only_writes_that_failed_are_a_full_disk():
    assert [is_disk_full(reason) for reason in CASES] == [True] * 3 + [False] * (len(CASES) - 3)
