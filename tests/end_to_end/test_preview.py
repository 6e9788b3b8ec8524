"""`support-kpis preview`: says what the next night then says, and leaves the home as it was."""

import json

import duckdb
import pytest

from ingestion.settings import SHIPPED_CONFIG
from orchestration.lib.job import Options, run_nightly
from tests.conftest import AS_OF
from tests.helpers import support_kpis

SCORECARD = "select target_id, status, value, target from mart_kpi_scorecard order by all"


@pytest.fixture
def changed(tmp_path):
    """A targets.csv that asks for more of one target, drops one and adds one; a channels.csv with a shorter promise."""
    targets = (SHIPPED_CONFIG / "targets.csv").read_text().splitlines()
    kept = [line for line in targets if not line.startswith(("fcr,", "qa,"))]
    added = [
        "fcr,first_contact_resolution_rate,,,28,>=,0.99,,warn,,,tried out",
        "fcr_chat,first_contact_resolution_rate,channel,chat,28,>=,0.10,,warn,,,tried out",
    ]
    channels = (SHIPPED_CONFIG / "channels.csv").read_text()
    assert "zendesk,via,mail,email,86400," in channels
    texts = {
        "targets.csv": "\n".join([*kept, *added, ""]),
        "channels.csv": channels.replace("zendesk,via,mail,email,86400,", "zendesk,via,mail,email,60,"),
    }
    (tmp_path / "new").mkdir()
    for name, text in texts.items():
        (tmp_path / "new" / name).write_text(text)
    return [tmp_path / "new" / name for name in texts]


def scorecard(home):
    with duckdb.connect(str(home / "published" / "current" / "support_kpis.duckdb"), read_only=True) as connection:
        return {row[0]: row[1:] for row in connection.execute(SCORECARD).fetchall()}


def contents(home):
    kept = [path for path in home.rglob("*") if path.is_file() and path.name != "run.lock"]
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in kept if "state" not in path.parts}


def test_it_says_what_the_next_night_says_and_changes_nothing(home_after_first_night, changed):
    home = home_after_first_night
    before, stood = scorecard(home), contents(home)
    done = support_kpis("preview", *changed, "--home", home, "--json")
    assert done.returncode == 0, done.stderr
    assert contents(home) == stood and not list((home / "tmp").glob("preview*"))
    said = json.loads(done.stdout)
    for path in changed:
        (home / "config").mkdir(exist_ok=True)
        path.rename(home / "config" / path.name)
    outcome = run_nightly(Options(home=home, as_of=AS_OF))
    assert outcome.error is None, outcome.error
    after = scorecard(home)
    moved = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert {"fcr", "fcr_chat", "qa", "email_reply_24h"} <= moved
    assert {row["target_id"]: (row["status_before"], row["status_after"]) for row in said["targets"]} == {
        name: (before.get(name, (None,))[0], after.get(name, (None,))[0]) for name in moved
    }
    assert {row["target_id"]: row["value_after"] for row in said["targets"]} == {
        name: after.get(name, (None, None))[1] for name in moved
    }
    assert [row["kpi_id"] for row in said["kpis"]] == ["response_within_target_rate"]
    assert said["kpis"][0]["numbers"] > 10 and said["kpis"][0]["value_after"] < said["kpis"][0]["value_before"]


def test_what_is_asked_while_loading_is_told_apart(home_after_first_night, tmp_path):
    text = (SHIPPED_CONFIG / "issue_types.csv").read_text()
    header = text.splitlines()[0].split(",")
    rule = {"match_field": "text", "match_value": "(?i)never seen", "issue_type": "other", "issue_category": "other"}
    path = tmp_path / "issue_types.csv"
    path.write_text(text.rstrip("\n") + "\n" + ",".join(rule.get(name, "") for name in header) + "\n")
    done = support_kpis("preview", path, "--home", home_after_first_night)
    assert done.returncode == 0, done.stderr
    assert "run --reload all" in done.stdout


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [("targets.csv", "target_id\n", "config/targets.csv:1"), ("other.csv", "", "other.csv is no configuration file")],
)
def test_a_wrong_file_is_said_with_its_line(home_after_first_night, tmp_path, name, text, said):
    (tmp_path / name).write_text(text)
    done = support_kpis("preview", tmp_path / name, "--home", home_after_first_night)
    assert done.returncode == 2 and said in done.stderr and len(done.stderr.splitlines()) == 1


def test_without_a_night_there_is_nothing_to_preview(tmp_path):
    done = support_kpis("preview", SHIPPED_CONFIG / "targets.csv", "--home", tmp_path / "home")
    assert done.returncode == 2 and "support-kpis run" in done.stderr
    assert not (tmp_path / "home").exists()
