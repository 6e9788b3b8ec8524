"""Nights on the deployment of orchestration/deploy: launched by hand, by the schedule and from the command line, with
workers and the run's own process killed in the middle."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingestion.errors import ConfigError
from ingestion.settings import CHECKOUT, load_settings
from orchestration.deploy.broker import BROKER, app_args
from orchestration.lib import versions
from tests.conftest import AS_OF
from tests.deploy.services import DEPLOY, UNITS, Services, needs_celery, needs_redis, redis
from tests.drivers import PYTHON, environment
from tests.end_to_end.test_ui import LAUNCH, REPOSITORIES, STATUS
from tests.helpers import table_hashes
from tests.serving.servers import PASSWORD, QUOTED, Server, needs_server, postgres, support_kpis
from tests.serving.test_nights import someone

SERVICES = (
    "support-kpis-code", "support-kpis-webserver", "support-kpis-daemon", "support-kpis-ingest@1",
    "support-kpis-ingest@2", "support-kpis-warehouse",
)  # fmt: skip
SYSTEMD = shutil.which("systemd-analyze")
BROKER_PASSWORD = "br0ker-passw0rd"


def test_a_broker_without_its_driver_is_refused_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "dagster_celery", None)
    with pytest.raises(ConfigError, match="make driver-dagster"):
        app_args(load_settings(home=tmp_path, env={BROKER: "redis://127.0.0.1:6379/0"}))


@pytest.mark.skipif(not SYSTEMD, reason="no systemd-analyze here (Debian: apt-get install systemd)")
def test_systemd_takes_the_units(tmp_path):
    for unit in UNITS.iterdir():
        text = unit.read_text().replace("/srv/support-kpis/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text.replace("/srv/support-kpis", str(CHECKOUT)).replace("User=kpis\n", ""))
    names = [str(path).replace("@.", "@1.") for path in sorted(tmp_path.iterdir())]
    done = subprocess.run([SYSTEMD, "verify", "--man=no", *names], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and str(tmp_path) not in done.stderr, done.stderr


@dataclass
class Deployed:
    home: Path
    services: Services
    server: Server

    def sql(self, text):
        """Rows of Dagster's storage."""
        return self.server.sql(f"\\c dagster\n{text}")

    def launched(self, **form):
        """The run that the launchpad starts with these fields."""
        (repository,) = self.services.ask(REPOSITORIES)["repositoriesOrError"]["nodes"]
        selector = {"repositoryName": repository["name"], "repositoryLocationName": repository["location"]["name"]}
        params = {"selector": selector | {"jobName": "nightly"}, "mode": "default"}
        params["runConfigData"] = {"resources": {"nightly_run": {"config": form}}}
        launched = self.services.ask(LAUNCH, params=params)["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return launched["run"]["runId"]

    def end_of(self, run_id):
        def ended():
            status = self.services.ask(STATUS, id=run_id)["runOrError"]["status"]
            return status if status in ("SUCCESS", "FAILURE", "CANCELED") else None

        return self.services.wait_for(ended)

    def ends_whole(self, run_id, first_night):
        """Published, with the tables of a night in one process."""
        assert self.end_of(run_id) == "SUCCESS"
        assert self.current == run_id and table_hashes(self.home) == table_hashes(first_night.home)

    def workers(self, run_id):
        """Step -> the worker that has begun it."""
        rows = self.sql(
            "select step_key, event from event_logs where event like '%in celery worker%'"
            f" and dagster_event_type = 'ENGINE_EVENT' and run_id = '{run_id}'"
        )
        return {step: re.search(r"(ingest-\d|warehouse)@", event)[1] for step, event in rows}

    def begun(self, run_id, *steps):
        """The worker of the first of these steps that has begun."""

        def worker():
            found = self.workers(run_id)
            return next((found[step] for step in steps if step in found), None)

        return self.services.wait_for(worker)

    @property
    def current(self):
        return versions.current_version(self.home / "published")


@pytest.fixture(scope="module")
def deployed(first_night, tmp_path_factory):
    """The services over a new home with the same exports and key, which has not seen a night."""
    folder = tmp_path_factory.mktemp("deployed")
    home = folder / "home"
    shutil.copytree(first_night.home / "landing", home / "landing")
    shutil.copy(first_night.home / "pii.key", home)
    (home / "config").mkdir()
    shutil.copy(DEPLOY / "dagster.yaml", home / "config")
    with postgres() as server, redis(BROKER_PASSWORD) as broker:
        server.sql("create database dagster owner kpis")
        address = server.url().replace("postgresql:", "postgresql+psycopg2:").replace("/bi", "/dagster")
        env = {
            "SUPPORT_KPIS_HOME": str(home),
            "SUPPORT_KPIS_AS_OF": AS_OF,
            "SUPPORT_KPIS_DAGSTER_URL": address,
            BROKER: broker,
            "DAGSTER_HOME": str(home / "dagster"),
        }
        services = Services(env, folder / "logs")
        try:
            services.start(*SERVICES)
            services.wait_for(lambda: services.ask(REPOSITORIES)["repositoriesOrError"].get("nodes"))
            yield Deployed(home, services, server)
        finally:
            services.end()


@pytest.fixture(scope="module")
def after_a_night(deployed):
    """The same after a night that was launched from the UI."""
    run_id = deployed.launched()
    assert deployed.end_of(run_id) == "SUCCESS"
    return deployed, run_id


def of_the_deployment(test):
    return pytest.mark.long(needs_celery(needs_redis(needs_server(test))))


@of_the_deployment
def test_a_night_of_many_workers_publishes_what_one_process_does(after_a_night, first_night):
    deployed, run_id = after_a_night
    assert deployed.current == run_id
    assert table_hashes(deployed.home) == table_hashes(first_night.home)
    workers = deployed.workers(run_id)
    assert {workers[step] for step in workers if step.startswith("ingest_")} == {"ingest-1", "ingest-2"}
    others = {step for step in workers if not step.startswith("ingest_")}
    assert others == {"dbt_build", "kpi_targets", "data_quality", "published"}
    assert {workers[step] for step in others} == {"warehouse"}
    assert not list((deployed.home / "dagster").rglob("*.db")), "Dagster's storage is the server's"


@of_the_deployment
@pytest.mark.parametrize(
    ("form", "steps"),
    [({"full_refresh": True}, ["dbt_build"]), ({"reload": ["all"]}, ["ingest_generic", "ingest_zendesk"])],
)
def test_a_killed_worker_ends_the_night_and_the_next_is_whole(after_a_night, first_night, form, steps):
    deployed, _ = after_a_night
    before = deployed.current
    run_id = deployed.launched(**form)
    unit = "support-kpis-" + deployed.begun(run_id, *steps).replace("-", "@")
    deployed.services.kill(unit)
    assert deployed.end_of(run_id) == "FAILURE"
    assert deployed.current == before
    failures = f"run_id = '{run_id}' and dagster_event_type = 'PIPELINE_FAILURE'"
    assert "the worker's process was killed" in deployed.sql(f"select event from event_logs where {failures}")[0][0]
    deployed.services.start(unit)
    deployed.ends_whole(deployed.launched(), first_night)


@of_the_deployment
def test_a_run_whose_own_process_is_killed_fails_and_the_next_waits_for_its_step(after_a_night, first_night):
    deployed, _ = after_a_night
    run_id = deployed.launched(full_refresh=True)
    deployed.begun(run_id, "dbt_build")
    lock = json.loads((deployed.home / "run.lock").read_text())
    assert lock["run_id"] == run_id
    os.kill(lock["pid"], signal.SIGKILL)
    assert deployed.end_of(run_id) == "FAILURE"
    assert deployed.current != run_id
    deployed.ends_whole(deployed.launched(), first_night)


@of_the_deployment
def test_the_schedule_starts_a_night_and_old_runs_leave_the_server(after_a_night, first_night):
    deployed, old = after_a_night
    # As if the daemon had been down since yesterday: it starts what it has missed.
    deployed.services.stop("support-kpis-daemon")
    yesterday = r"""'"\1_timestamp": ' || extract(epoch from now() - interval '1 day')"""
    known = r"""'"(start|last_iteration)_timestamp": [\d.]+'"""
    deployed.sql(f"update instigators set instigator_body = regexp_replace(instigator_body, {known}, {yesterday}, 'g')")
    deployed.sql(f"update runs set create_timestamp = create_timestamp - interval '40 days' where run_id = '{old}'")
    deployed.services.start("support-kpis-daemon")

    def scheduled():
        rows = deployed.sql("select run_id from run_tags where key = 'dagster/schedule_name'")
        return rows[0][0] if rows else None

    run_id = deployed.services.wait_for(scheduled)
    deployed.ends_whole(run_id, first_night)
    for table in ("runs", "event_logs", "asset_check_executions"):
        assert deployed.sql(f"select count(*) from {table} where run_id = '{old}'") == [["0"]]


@of_the_deployment
def test_the_command_line_works_beside_it(after_a_night, first_night):
    deployed, _ = after_a_night
    env = deployed.services.env
    done = support_kpis("run", "--json", **env)
    assert done.returncode == 0, done.stderr
    run_id = json.loads(done.stdout)["run_id"]
    assert deployed.current == run_id and table_hashes(deployed.home) == table_hashes(first_night.home)
    assert deployed.sql(f"select status from runs where run_id = '{run_id}'") == [["SUCCESS"]]

    done = support_kpis("doctor", **env)
    assert "2 workers load exports, 1 opens the warehouse" in done.stdout
    assert "runs in PostgresRunStorage" in done.stdout

    email = someone(deployed.home)
    deployed.sql(f"insert into run_tags (run_id, key, value) values ('{run_id}', 'note', 'about {email}')")
    done = support_kpis("forget", "--email", email, **env)
    assert done.returncode == 0, done.stderr
    assert email not in deployed.sql("select value from run_tags where key = 'note'")[0][0]

    for path in deployed.home.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not any(word.encode() in content for word in (PASSWORD, QUOTED, BROKER_PASSWORD)), path


@of_the_deployment
def test_nothing_of_it_is_loaded_without_a_broker(tmp_path):
    look = (
        "import sys; from orchestration.definitions import defs_of; from ingestion.settings import load_settings;"
        "defs_of(load_settings()); print({'celery', 'dagster_celery', 'redis', 'dagster_postgres'} & {*sys.modules})"
    )
    env = environment(SUPPORT_KPIS_HOME=str(tmp_path / "home"))
    done = subprocess.run([PYTHON, "-c", look], capture_output=True, text=True, check=True, cwd=CHECKOUT, env=env)
    assert done.stdout == "set()\n"
