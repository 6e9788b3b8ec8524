"""Customers in a whole home: who may read what, that nobody stands anywhere, and that who is forgotten is gone."""

import json
import stat

import duckdb
import pytest

from ingestion.people import person_key
from orchestration.lib.forget import forget
from orchestration.lib.job import Options, run_nightly
from tests.conftest import AS_OF
from tests.faults.forget import ASKING
from tests.faults.searching import found_in
from tests.faults.traces import RAW, emails_in_esat, needles_of


def test_a_night_leaves_no_trace_of_any_customer(first_night):
    needles = needles_of(first_night.home / "landing")
    assert len(needles) > 100
    assert not found_in(first_night.home, needles, RAW)
    assert not found_in(first_night.home, [(first_night.home / "pii.key").read_text().strip()], ("landing", "pii.key"))
    assert not emails_in_esat(first_night.home)


def test_readers_see_the_published_files_and_nobody_anything_else(first_night):
    home = first_night.home
    assert stat.S_IMODE(home.stat().st_mode) == 0o711
    for path in home.rglob("*"):
        mode, top = stat.S_IMODE(path.lstat().st_mode), path.relative_to(home).parts[0]
        if top == "published" and not path.is_symlink():
            assert mode == (0o755 if path.is_dir() else 0o644), path
        elif top not in ("published", "landing", "config"):
            assert not mode & 0o077, path


@pytest.mark.long
def test_a_forgotten_customer_is_gone_and_the_other_numbers_stay(first_night, home_after_first_night):
    home = home_after_first_night
    email = _one_with_contacts(first_night)
    before = _numbers(home)
    done = forget(home, "email", f" {email.upper()}", 5)
    assert done.error is None
    assert any("files of the landing area still name" in line for line in done.lines)
    key = person_key("email", email, (home / "pii.key").read_text().strip())
    assert not found_in(home, [email, key], ("landing",))
    assert len(list((home / "published" / "versions").iterdir())) == 1
    assert _numbers(home) == before
    restatement = home / "published" / "current" / "restatement.parquet"
    assert duckdb.sql(f"from '{restatement}'").fetchall() == [], "what moved would tell of the customer's days"
    (line,) = (home / "state" / "forgotten.jsonl").read_text().splitlines()
    assert json.loads(line)["counts"]["lake_rows"] > 0
    outcome = run_nightly(Options(home=home, as_of=AS_OF))
    assert outcome.published and outcome.rows_read == 0
    assert not found_in(home, [email, key], ("landing",))


def _one_with_contacts(night) -> str:
    """The address that most tickets of the exports name."""
    emails = [name for name in needles_of(night.home / "landing") if "@" in name]
    text = "".join(path.read_text() for path in (night.home / "landing" / "generic" / "tickets").glob("*.csv"))
    return max(emails, key=text.count)


def _numbers(home) -> list[tuple]:
    with duckdb.connect(str(home / "published" / "current" / "support_kpis.duckdb"), read_only=True) as connection:
        sql = "select * from mart_kpi_timeseries where not list_contains(?, kpi_id) order by all"
        return connection.execute(sql, [list(ASKING)]).fetchall()
