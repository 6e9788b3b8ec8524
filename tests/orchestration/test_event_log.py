"""SQLite files that Dagster opens in a process of ours."""

import sqlite3

import pytest
import sqlalchemy
from dagster._core.storage.event_log.sqlite import sqlite_event_log

from orchestration.lib import event_log

NORMAL = 1


@pytest.fixture(autouse=True)
def spared():
    event_log.spare_syncs()
    with event_log.closed_after():
        yield


def written(folder, name: str, value: int):
    """As Dagster writes an event: a file opened, one row, the file closed. Gives the wait for the disk it asks for."""
    engine = sqlalchemy.create_engine(f"sqlite:///{folder}/{name}.db", poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS events (value INTEGER)")
        connection.exec_driver_sql("INSERT INTO events VALUES (?)", (value,))
        return connection.exec_driver_sql("PRAGMA synchronous").scalar()


def in_wal_mode(folder, name: str):
    with sqlalchemy.create_engine(f"sqlite:///{folder}/{name}.db").connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")


def test_commits_of_an_engine_do_not_wait_for_the_disk(tmp_path):
    event_log.spare_syncs()
    assert written(tmp_path, "runs", 1) == NORMAL


def test_a_file_in_use_stays_open_until_all_are_closed(tmp_path):
    written(tmp_path, "index", 1)
    assert not (tmp_path / "index.db-wal").exists(), "a file of another mode is not kept"
    in_wal_mode(tmp_path, "index")
    with event_log.closed_after():
        for value in (2, 3):
            written(tmp_path, "index", value)
            assert (tmp_path / "index.db-wal").exists(), "closing brought it to the disk"
    assert [path.name for path in tmp_path.iterdir()] == ["index.db"]
    with sqlalchemy.create_engine(f"sqlite:///{tmp_path}/index.db").connect() as connection:
        assert connection.exec_driver_sql("SELECT sum(value) FROM events").scalar() == 6


def test_few_files_are_kept_open_at_a_time(tmp_path):
    names = [f"run-{number}" for number in range(event_log.KEPT + 3)]
    for name in names:
        in_wal_mode(tmp_path, name)
        written(tmp_path, name, 1)
    assert sorted(path.stem for path in tmp_path.glob("*.db-wal")) == names[3:]


def test_a_file_of_events_has_one_engine(tmp_path):
    """Dagster asks for one with every event, by a name of its own that a release might drop."""
    asked = {"poolclass": sqlalchemy.NullPool, "connect_args": {"timeout": 1}}
    files = [f"sqlite:///{tmp_path}/{name}.db" for name in "abcdefg"]
    first = sqlite_event_log.create_engine(files[0], **asked)
    assert sqlite_event_log.create_engine(files[0], **asked) is first
    assert len({id(sqlite_event_log.create_engine(file, **asked)) for file in files}) == len(files)
    assert sqlite_event_log.create_engine(files[0], **asked) is not first


def test_a_connection_outlives_the_engine_that_dagster_disposes_of(tmp_path):
    opened = []
    for _ in range(3):
        engine = sqlite_event_log.create_engine(f"sqlite:///{tmp_path}/index.db", poolclass=sqlalchemy.NullPool)
        if not opened:
            sqlalchemy.event.listen(engine, "connect", lambda connection, _: opened.append(connection))
        with engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("SELECT 1")
        engine.dispose()
    with event_log.closed_after():
        assert len(opened) == 1
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")
