"""A real Superset, connected as README says, reads what is published: before, while and after a night publishes.

`make test-all` puts it into .venv-superset; without it the tests are skipped. Not here: its pages in a browser.
"""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import duckdb
import pytest

from ingestion.settings import CHECKOUT
from tests.helpers import support_kpis

SUPERSET = CHECKOUT / ".venv-superset"
START_SECONDS = 180
README = (CHECKOUT / "README.md").read_text()
URI = re.search(r"`(duckdb:////srv/support-kpis/\S+)`", README)[1]
CACHE_TIMEOUT = int(re.search(r"\*Chart cache timeout\* `(\S+)`", README)[1])
SCHEMA = re.search(r"schema `(\S+)`", README)[1]
ROLL_UP = re.search(r"the metric `(.+?)`", README)[1]
DATASETS = ("mart_kpi_scorecard", "mart_kpi_timeseries", "fct_contact")
CONTACTS = "select channel, count(*) from fct_contact group by 1"
SCORECARD = "select target_id, value from mart_kpi_scorecard"

# Answers are kept for a day: what the recipe shows is new although a cache is there.
CONFIG = """
SECRET_KEY = {key!r}
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
DATA_CACHE_CONFIG = {{"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": "{folder}/cache", "CACHE_DEFAULT_TIMEOUT": 86400}}
WTF_CSRF_ENABLED = False
"""
NEXT_DAY = "2026-03-03T00:00:00Z"
CALLS_OF_THE_DAY = """\
call_id,arrived_at,direction,outcome,stage_reached,queue,queued_at,answered_at,ended_at,talk_seconds
C1,2026-03-02T09:00:00+01:00,inbound,answered,agent,Sales,2026-03-02T09:00:10+01:00,2026-03-02T09:00:25+01:00,2026-03-02T09:04:25+01:00,240
C2,2026-03-02T09:01:00+01:00,inbound,abandoned,queue,Sales,2026-03-02T09:01:05+01:00,,2026-03-02T09:02:00+01:00,
"""

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not (SUPERSET / "installed").exists(),
        reason="no Superset in .venv-superset; make test-all puts it there if it finds a Python 3.11 or 3.12",
    ),
]


class Client:
    """Superset's REST API over HTTP, as one user."""

    def __init__(self, address):
        self.address, self.token = address, None

    def send(self, path, body=None, method=None):
        """Status and answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(f"{self.address}/api/v1/{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=180) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    def ask(self, path, body=None, method=None):
        """The answer of what must succeed."""
        status, said = self.send(path, body, method)
        assert status in (200, 201), said
        return said

    def chart(self, dataset, metric, column, **filters):
        """Value of the column -> metric, as a chart asks for them. `metric` is the name of a saved one, or `custom`."""
        query = {
            "columns": [column],
            "metrics": [metric],
            "filters": [{"col": name, "op": "==", "val": value} for name, value in filters.items()],
            "row_limit": 10000,
        }
        asked = {"datasource": {"id": self.datasets[dataset], "type": "table"}, "queries": [query]}
        (result,) = self.ask("chart/data", asked | {"result_format": "json", "result_type": "full"})["result"]
        return {row[column]: row[metric if isinstance(metric, str) else "custom"] for row in result["data"]}

    def contacts(self):
        return self.chart("fct_contact", custom("count(*)"), "channel")

    def scorecard(self):
        return self.chart("mart_kpi_scorecard", custom("max(value)"), "target_id")


def custom(sql):
    return {"expressionType": "SQL", "sqlExpression": sql, "label": "custom"}


@pytest.fixture(scope="module")
def home(first_night, tmp_path_factory):
    return shutil.copytree(first_night.home, tmp_path_factory.mktemp("bi") / "home", symlinks=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A Superset with one user, as its makers have it served: one process for many requests. Its address and log."""
    folder = tmp_path_factory.mktemp("superset")
    config, log = folder / "superset_config.py", folder / "log"
    password = secrets.token_hex()
    config.write_text(CONFIG.format(key=secrets.token_hex(32), folder=folder))
    env = os.environ | {"FLASK_APP": "superset", "SUPERSET_HOME": str(folder), "SUPERSET_CONFIG_PATH": str(config)}
    user = ["--username", "bi", "--firstname", "b", "--lastname", "i", "--email", "bi@example.com"]
    for command in (["db", "upgrade"], ["fab", "create-admin", *user, "--password", password], ["init"]):
        done = subprocess.run([SUPERSET / "bin/superset", *command], env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [SUPERSET / "bin/gunicorn", "--threads", "8", "--timeout", "600", "--bind", bind]
    with log.open("w") as file:
        process = subprocess.Popen([*command, "superset.app:create_app()"], env=env, stdout=file, stderr=file)
    try:
        client = Client(f"http://{bind}")
        deadline = time.monotonic() + START_SECONDS
        while client.token is None:
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            try:
                told = client.ask("security/login", {"username": "bi", "password": password, "provider": "db"})
                client.token = told["access_token"]
            except OSError:
                time.sleep(0.5)
        yield client, log
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture(scope="module")
def superset(server, home):
    """The recipe followed: connection, datasets, the metric."""
    client, _ = server
    uri = URI.replace("/srv/support-kpis", str(home))
    connection = {"database_name": "support_kpis", "sqlalchemy_uri": uri, "cache_timeout": CACHE_TIMEOUT}
    client.database = client.ask("database/", connection | {"expose_in_sqllab": True})["id"]
    assert SCHEMA in client.ask(f"database/{client.database}/schemas/")["result"]
    client.datasets = {
        name: client.ask("dataset/", {"database": client.database, "schema": SCHEMA, "table_name": name})["id"]
        for name in DATASETS
    }
    metric = {"metric_name": "rolled_up", "expression": ROLL_UP}
    client.ask(f"dataset/{client.datasets['mart_kpi_timeseries']}", {"metrics": [metric]}, "PUT")
    return client


def published(home, sql):
    """What DuckDB reads from the current version."""
    with duckdb.connect(str(home / "published/current/support_kpis.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_datasets_have_every_column_with_a_type(superset, home):
    for name, number in superset.datasets.items():
        columns = superset.ask(f"dataset/{number}")["result"]["columns"]
        assert [column["column_name"] for column in columns] == [row[0] for row in published(home, f"describe {name}")]
        assert all(column["type_generic"] is not None for column in columns), columns
    assert {c["column_name"] for c in columns if c["is_dttm"]} == {"arrived_at", "arrived_on"}


def test_charts_show_the_numbers_of_the_version(superset, home):
    assert superset.scorecard() == dict(published(home, SCORECARD))
    assert superset.contacts() == dict(published(home, CONTACTS))
    chosen = {"kpi_id": "average_handle_time", "grain": "week", "dimension": "all"}
    weeks = superset.chart("mart_kpi_timeseries", "rolled_up", "period_start", **chosen)
    where = " and ".join(f"{column} = '{value}'" for column, value in chosen.items())
    values = published(home, f"select epoch_ms(period_start), value from mart_kpi_timeseries where {where}")
    assert len(values) > 3 and weeks == pytest.approx(dict(values))
    teams = superset.chart("mart_kpi_timeseries", "rolled_up", "kpi_id", **chosen | {"dimension": "team"})
    whole = superset.chart("mart_kpi_timeseries", "rolled_up", "kpi_id", **chosen)
    assert teams == pytest.approx(whole), "teams rolled up are all"


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_text('{home}/published/current/manifest.json')",
        "copy (select 1) to '{home}/stolen.csv'",
        "attach '{home}/warehouse/warehouse.duckdb' as working (read_only)",
        "set enable_external_access = true",
        "delete from fct_contact",
    ],
)
def test_sql_lab_reads_the_tables_and_nothing_else(superset, home, statement):
    asked = {"database_id": superset.database, "schema": "main", "runAsync": False}
    allowed = superset.ask("sqllab/execute/", asked | {"sql": "select count(*) as n from fct_contact"})
    assert [(row["n"],) for row in allowed["data"]] == published(home, "select count(*) from fct_contact")
    status, said = superset.send("sqllab/execute/", asked | {"sql": statement.format(home=home)})
    assert status >= 400 and "run_id" not in json.dumps(said.get("data")), said
    assert not (home / "stolen.csv").exists()


def test_the_next_query_after_a_publication_reads_the_new_version(server, superset, home):
    def contacts_until(over):
        seen = [superset.contacts()]
        while not over.is_set():
            seen.append(superset.contacts())
        return seen

    old = dict(published(home, CONTACTS)), dict(published(home, SCORECARD))
    assert (superset.contacts(), superset.scorecard()) == old
    (home / "landing/generic/calls/of_the_day.csv").write_text(CALLS_OF_THE_DAY)
    over = Event()
    path = home / "published/current/support_kpis.duckdb"
    with duckdb.connect(str(path), read_only=True) as reader, ThreadPoolExecutor(3) as pool:
        viewers = [pool.submit(contacts_until, over) for _ in range(3)]
        try:
            night = support_kpis("run", "--home", home, "--as-of", NEXT_DAY)
        finally:
            over.set()
        assert night.returncode == 0, night.stderr
        new = dict(published(home, CONTACTS)), dict(published(home, SCORECARD))
        assert new[0]["phone"] == old[0]["phone"] + 2 and new[1] != old[1]
        assert (superset.contacts(), superset.scorecard()) == new
        for seen in (viewer.result() for viewer in viewers):
            assert seen == [old[0]] * seen.count(old[0]) + [new[0]] * seen.count(new[0]), "the old ones, then the new"
            assert seen[0] == old[0]
        assert dict(reader.execute(CONTACTS).fetchall()) == old[0], "who has the old version open goes on with it"
    assert support_kpis("rollback", "--home", home).returncode == 0
    assert (superset.contacts(), superset.scorecard()) == old
    assert server[1].read_text().count("Booting worker") == 1, "one process answered all"
