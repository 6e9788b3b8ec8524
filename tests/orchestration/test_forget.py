"""The command around forgetting: what it refuses, waits for and says; traces of runs; a night that finishes it."""

import json
import sqlite3
from contextlib import closing

import pytest

from ingestion.adapters import STREAMS
from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.forget import forget_in_lake, keys_of, known_people
from ingestion.forgotten_text import ForgottenText
from ingestion.run import ingest
from ingestion.settings import load_settings
from orchestration import cli
from orchestration.lib import forget_finish
from orchestration.lib.forget import forget
from orchestration.lib.forget_finish import finishing, open_forgets
from orchestration.lib.forget_traces import remove_traces
from orchestration.lib.launch_form import parse_reloads
from orchestration.lib.run_lock import hold

EXPORT = (
    "ticket_id,created_at,updated_at,status,channel,requester_email\n"
    "1,2026-03-02T08:00:00Z,2026-03-02T08:00:00Z,open,email,kim@example.org\n"
)


@pytest.fixture
def settings(tmp_path):
    """A home with one ticket in its lake, nothing published."""
    settings = load_settings(home=tmp_path / "home", env={})
    export = settings.landing / "generic" / "tickets" / "t.csv"
    export.parent.mkdir(parents=True)
    export.write_text(EXPORT)
    ingest(settings, configuration_of(settings), run_id="first")
    return settings


def configuration_of(settings):
    return load_configuration(settings, kpi_catalogue())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [([], "either --email or --phone"), (["--email", "a@b.example", "--phone", "+491"], "either --email or --phone"),
     (["--email", "kim"], "kim@example.org"), (["--phone", "kim"], "+49 30 123456")],
)  # fmt: skip
def test_wrong_usage_is_exit_2_in_one_line(arguments, said, settings, capfd):
    assert cli.main(["forget", *arguments, "--home", str(settings.home)]) == 2
    told = capfd.readouterr()
    assert said in told.err and len(told.err.strip().splitlines()) == 1 and told.out == ""
    assert not open_forgets(settings) and not known_people(settings).forgotten


@pytest.mark.parametrize("arguments", [["run"], ["run", "--reload", "generic/tickets"], ["forget", "--phone", "+491"]])
def test_another_key_is_exit_2_and_nothing_is_done(arguments, settings, capfd, monkeypatch):
    monkeypatch.setenv("SUPPORT_KPIS_PII_KEY", "another key than the one in this home")
    assert cli.main([*arguments, "--home", str(settings.home)]) == 2
    told = capfd.readouterr().err
    assert "restore the key" in told and "--reload all" in told and len(told.strip().splitlines()) == 1
    assert not list(settings.logs.iterdir()) and not known_people(settings).forgotten


def test_reload_all_is_every_stream():
    assert parse_reloads(["all"]) == set(STREAMS)


def test_busy_is_exit_3_and_nothing_is_done(settings, capfd):
    arguments = ["forget", "--email", "kim@example.org", "--home", str(settings.home), "--wait", "0"]
    held = hold(settings.lock_path, wait_seconds=0, run_id="other")
    with held:
        from orchestration.lib import run_lock

        run_lock._held.clear()  # as another process would find it
        assert cli.main(arguments) == 3
    assert "another run is active" in capfd.readouterr().err
    assert not known_people(settings).forgotten


def test_forgotten_and_said(settings, capfd):
    assert cli.main(["forget", "--email", "KIM@example.org", "--home", str(settings.home)]) == 0
    told = capfd.readouterr().out
    assert "1 rows in 1 files have lost their customer" in told
    assert "1 files of the landing area still name" in told and "generic/tickets/t.csv" in told
    (line,) = [json.loads(line) for line in (settings.home / "state" / "forgotten.jsonl").read_text().splitlines()]
    assert line["kind"] == "email" and line["counts"]["lake_rows"] == 1
    assert "kim" not in json.dumps(line)
    assert not open_forgets(settings)


def test_an_unknown_person_is_said_and_remembered(settings, capfd):
    assert cli.main(["forget", "--phone", "+49 30 123456", "--home", str(settings.home)]) == 0
    assert "nobody is known by this" in capfd.readouterr().out
    assert list(known_people(settings).forgotten.values()) == ["phone"]


def test_traces_in_logs_and_databases_are_written_over(settings):
    forget(settings.home, "email", "kim@example.org", 5)
    log = settings.logs / "old.log"
    log.write_text("one\nno answer from Kim@Example.org, giving up\n")
    with closing(sqlite3.connect(settings.dagster_home / "events.db")) as db:
        db.execute("create table events (id integer primary key, body text)")
        db.execute("insert into events (body) values ('fine'), ('{\"to\": \"kim@example.org\"}')")
        db.commit()
    other = settings.dagster_home / "other.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute("pragma journal_mode=wal")
        db.execute("create table fine (id integer)")
        # As a killed process leaves them: who opens the database next takes them away.
        left = {path: path.read_bytes() for path in settings.dagster_home.glob("other.db-*")}
    for path, content in left.items():
        path.write_bytes(content)
    text = ForgottenText(known_people(settings), [None])
    assert remove_traces(settings, text) == 2
    assert log.read_text() == "one\nno answer from [forgotten], giving up\n"
    with closing(sqlite3.connect(settings.dagster_home / "events.db")) as db:
        assert db.execute("select body from events order by id").fetchall() == [("fine",), ('{"to": "[forgotten]"}',)]
    assert b"kim@" not in (settings.dagster_home / "events.db").read_bytes()
    assert remove_traces(settings, text) == 0


@pytest.mark.parametrize("publishes", [True, False])
def test_a_night_finishes_what_a_killed_call_left(settings, publishes, monkeypatch):
    """The lake is done, the rest is not: a whole night does it and closes it once it has published."""
    configuration = configuration_of(settings)
    keys = keys_of("email", "kim@example.org", settings, configuration)
    forget_in_lake(settings, configuration, keys, "killed")
    settings.warehouse.touch()
    monkeypatch.setattr(forget_finish, "_is_published", lambda *_: False)
    with finishing(settings, configuration, is_whole=False):
        assert settings.warehouse.exists()
    with finishing(settings, configuration, is_whole=True):
        assert not settings.warehouse.exists()
        if publishes:
            version = settings.published / "versions" / "night"
            version.mkdir(parents=True)
            (version / "manifest.json").write_text('{"published_at": "2026-03-02"}')
            (settings.published / "current").symlink_to(version)
    assert bool(open_forgets(settings)) is not publishes
    assert (settings.home / "state" / "forgotten.jsonl").exists() is publishes
