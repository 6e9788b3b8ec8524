"""A night that pulls: the command, Dagster's assets, and a vendor that is down."""

import json
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from ingestion.configuration.files import ConfigFile
from ingestion.configuration.settings_file import read_settings
from ingestion.errors import ConfigError
from ingestion.pulls import pull as module
from ingestion.settings import load_settings
from orchestration.definitions import build_defs
from orchestration.defs.pulls import COMPLETE, pull_key
from orchestration.defs.raw import raw_key
from tests.helpers import CHECKOUT
from tests.pulls.accounts import KEY, pulling
from tests.pulls.interruptions import KilledError
from tests.pulls.server import Answer
from tests.pulls.zendesk import TOKEN

SETTINGS = """
[pulls.zendesk]
url = "{url}"
since = 2026-02-01
streams = [{streams}]
"""


@pytest.fixture
def home(accounts, tmp_path):
    """A home that pulls from a running server; nothing has landed."""
    with pulling(tmp_path / "home", accounts["zendesk"]) as home:
        home.server.per_minute = None  # the command has a clock of its own
        yield home


def configure(home, *streams):
    home.settings.config.mkdir(parents=True)
    text = SETTINGS.format(url=home.server.url, streams=", ".join(f'"{stream}"' for stream in streams))
    (home.settings.config / "settings.toml").write_text(text)


def call(home, *arguments, **credentials):
    environment = {"PATH": "/usr/bin:/bin", "SUPPORT_KPIS_PII_KEY": KEY, **home.vendor.credentials, **credentials}
    command = [sys.executable, "-m", "orchestration.cli", *arguments, "--home", str(home.settings.home)]
    return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)


def test_a_night_pulls_loads_and_publishes_and_what_a_vendor_refuses_is_a_warning(home):
    configure(home, "groups", "brands", "schedules")
    home.server.answer = lambda request: Answer({}, 403) if "brands" in request.path else home.vendor.answer(request)
    done = call(home, "run", "--as-of", "2026-03-02T00:00:00Z")
    assert done.returncode == 0, done.stderr
    told = sum(len(home.vendor.records[name]) for name in ("groups", "schedules", "holidays"))
    assert f"{told} rows read, 0 rejected" in done.stderr
    assert "zendesk/groups: 2 pages, 4 rows in 2 requests" in done.stderr
    assert "pull/zendesk/brands, pull_is_complete: " in done.stderr
    assert "the vendor refuses these credentials (403); check SUPPORT_KPIS_ZENDESK_EMAIL and" in done.stderr
    with duckdb.connect(str(home.settings.warehouse), read_only=True) as con:
        found = con.execute("select distinct calendar_id from stg_zendesk__calendars").fetchall()
    assert found == [("zendesk/360001",)]
    kept = [path for path in home.settings.home.rglob("*") if path.is_file() and not path.is_symlink()]
    assert not [path for path in kept if TOKEN.encode() in path.read_bytes()]


def test_the_command_pulls_without_a_night_and_again_by_days(home):
    configure(home, "users")
    home.vendor.records["users"] = home.vendor.records["users"][:30]
    first = call(home, "pull")
    assert first.returncode == 0, first.stderr
    assert "zendesk/users: 2 pages, 30 rows in 2 requests" in first.stderr
    told = [
        one["text"] for one in json.loads(call(home, "doctor", "--json").stdout) if one["topic"] == "pull zendesk/users"
    ]
    assert [text.split(",")[0] for text in told] == ["caught up"]
    again = call(home, "pull", "zendesk")
    assert "zendesk/users: 1 pages, 0 rows in 1 requests" in again.stderr
    filled = call(home, "pull", "zendesk/users", "--from", "2026-01-01", "--until", "2026-02-12")
    assert filled.returncode == 0, filled.stderr
    names = {path.name for path in (home.settings.landing / "zendesk" / "users" / "pulled").iterdir()}
    assert any(name.startswith("20260101T000000Z_20260213T000000Z_") for name in names)


def test_what_the_command_cannot_do_is_said_before_anything_is_asked(home):
    configure(home, "users")
    home.server.answer = lambda request: pytest.fail("the vendor is asked")
    missing = call(home, "run", SUPPORT_KPIS_ZENDESK_API_TOKEN="")
    assert missing.returncode == 2
    assert "[pulls.zendesk] needs SUPPORT_KPIS_ZENDESK_API_TOKEN; set it in the environment or" in missing.stderr
    for wrong in (["--from", "2026-02-10"], ["generic"], ["acme"], ["--from", "soon", "--until", "later"]):
        refused = call(home, "pull", *wrong)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), refused.stderr


def test_pulls_are_assets_that_their_streams_depend_on(home):
    configure(home, "tickets", "schedules")
    graph = build_defs(load_settings(home=home.settings.home)).resolve_asset_graph()
    pulls = [pull_key(("zendesk", "schedules")), pull_key(("zendesk", "tickets"))]
    assert [key for key in sorted(graph.get_all_asset_keys()) if key.path[0] == "pull"] == pulls
    parents = {stream: graph.get(raw_key(("zendesk", stream))).parent_keys for stream in ("tickets", "holidays")}
    assert parents == {"tickets": {pulls[1]}, "holidays": {pulls[0]}}
    assert all(any(check.name == COMPLETE for check in graph.get_check_keys_for_assets({key})) for key in pulls)


def test_the_launch_form_pulls_days_again_and_a_second_run_goes_on_where_the_first_was_killed(home, monkeypatch):
    """As the UI does it: a run of the pull's assets alone, with days in the form."""
    configure(home, "users")
    home.vendor.records["users"] = home.vendor.records["users"][:30]
    for name, value in home.vendor.credentials.items():
        monkeypatch.setenv(name, value)
    job = build_defs(load_settings(home=home.settings.home)).resolve_job_def("nightly")
    form = {"home": str(home.settings.home), "pull_from": "2026-01-01", "pull_until": "2026-02-28"}

    def run():
        with dg.DagsterInstance.from_config(str(home.settings.dagster_home)) as instance:
            return job.execute_in_process(
                run_config={"resources": {"nightly_run": {"config": form}}},
                asset_selection=[pull_key(("zendesk", "users"))], instance=instance, raise_on_error=False,
            )  # fmt: skip

    with monkeypatch.context() as broken:
        broken.setattr(module, "_write", lambda path, body, write=module._write: _second(path, body, write))
        assert not run().success
    landed = home.settings.landing / "zendesk" / "users" / "pulled"
    assert len(list(landed.glob("*.gz"))) == 1
    done = run()
    assert done.success
    [seen] = done.asset_materializations_for_node("pull")
    assert (seen.metadata["pages"].value, seen.metadata["result"].value) == (1, "complete")
    names = sorted(path.name for path in landed.glob("*.gz"))
    assert [name.split("_")[0] for name in names] == ["20260101T000000Z"] * 2


def _second(path, body, write):
    """The process ends at the second page."""
    if path.name.endswith("_000002.json.gz"):
        raise KilledError
    write(path, body)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[pulls.acme]\nsince = 2026-01-01", "settings.toml:1: unknown API 'acme'"),
        ("[pulls.zendesk]\nurl = 'https://a.example'", "needs the day its first pull begins at; write since ="),
        ("[pulls.zendesk]\nsince = 2026-01-01", "needs the address of the account; write url ="),
        ("[pulls.zendesk]\nsince = 2026-01-01\nurl = 'https://me:word@a.example'", ":3: url 'https://me:word@a.exa"),
        ("[pulls.zendesk]\nsince = 2026-01-01\nurl = 'https://a.example'\nstreams = ['calls']", ":4: unknown stream"),
        ("[pulls.zendesk]\nsince = 2026-01-01T00:00:00Z\nurl = 'https://a.example'", "the day its first pull begins"),
        ("[pulls.zendesk]\nsince = 2026-01-01\nurl = 'https://a.example'\ntoken = 'x'", ":4: unknown key 'token'"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line_and_remedy(text, said):
    with pytest.raises(ConfigError) as error:
        read_settings(ConfigFile(Path("settings.toml"), "settings.toml", text.encode()))
    assert said in str(error.value)
