"""SQLite files that Dagster opens in a process of ours."""

import sqlalchemy

from orchestration.lib.event_log import spare_syncs

NORMAL = 1


def test_commits_of_an_engine_do_not_wait_for_the_disk(tmp_path):
    spare_syncs()
    spare_syncs()
    with sqlalchemy.create_engine(f"sqlite:///{tmp_path}/runs.db").connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == NORMAL
