"""Nights one after the other: each says what is new and no more, and none fails for an alert."""

import json
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from ingestion.catalogue import kpi_catalogue
from ingestion.settings import load_settings
from orchestration.alerts import nights
from orchestration.alerts.memory import Memory
from orchestration.lib.job import Options, run_nightly
from tests.conftest import AS_OF


@pytest.fixture
def alerted(home_after_first_night, receiver, monkeypatch):
    monkeypatch.setenv("SUPPORT_KPIS_ALERT_URLS", f"json://{receiver.place}")
    monkeypatch.setenv("SUPPORT_KPIS_DEAD_MAN_URL", f"http://{receiver.place}/alive")
    return load_settings(home=home_after_first_night)


@pytest.fixture
def missed(alerted):
    """The version says that a target is missed which nobody could meet."""
    with duckdb.connect(str(alerted.published / "current" / "support_kpis.duckdb")) as connection:
        connection.execute(
            "update mart_kpi_scorecard set status = 'missed', target = 0.999 where target_id in ('fcr', 'csat')"
        )
    return alerted


def publication(settings, as_of=AS_OF):
    said = []
    nights.after_publication(settings, kpi_catalogue(), as_of, said.append)
    return said


def test_nights_through_dagster_alert_once_and_say_why_one_stopped(alerted, receiver):
    """Published, the same again, stopped by a blocking check, stopped again, published."""
    tight = Memory(targets={"fcr": {"status": "missed", "since": "2026-02-01T00:00:00+00:00"}})
    tight.keep(alerted)
    assert run_nightly(Options(home=alerted.home, as_of=AS_OF)).error is None
    assert len(receiver.posted) == 1 and receiver.asked == ["/alive"]
    assert receiver.messages[0].startswith("Support KPIs: 1 recovered\nRECOVERED: First contact resolution (fcr), all")
    assert run_nightly(Options(home=alerted.home, as_of=AS_OF)).error is None
    assert len(receiver.posted) == 1 and receiver.asked == ["/alive", "/alive"]
    assert len({path.stat().st_ino for path in alerted.published.glob("versions/*/restatement.parquet")}) == 1
    broken = alerted.landing / "generic" / "calls" / "broken.csv"
    header = "call_id,arrived_at,direction,outcome,stage_reached,ended_at\n"
    broken.write_text(header + "".join(f"x{n},no instant,inbound,answered,agent,\n" for n in range(60)))
    later = (datetime.fromisoformat(AS_OF).astimezone(UTC) + timedelta(hours=1)).isoformat()
    for _ in range(2):
        assert run_nightly(Options(home=alerted.home, as_of=later)).error
        assert len(receiver.posted) == 2 and len(receiver.asked) == 2
        broken.write_text(broken.read_text().replace("x1,", "y1,"))
    assert receiver.messages[1].startswith("Support KPIs: 1 night stopped")
    assert "rejected" in receiver.messages[1]


def test_without_an_address_nothing_is_kept_or_sent(alerted, receiver, monkeypatch):
    monkeypatch.delenv("SUPPORT_KPIS_ALERT_URLS")
    monkeypatch.delenv("SUPPORT_KPIS_DEAD_MAN_URL")
    assert publication(alerted) == []
    nights.after_failure(alerted, "ingest: broken", lambda _: None)
    assert receiver.posted == receiver.asked == []
    assert not alerted.manifest_path.with_name("alerts.json").exists()


def test_what_could_not_be_sent_is_said_by_the_next_night_and_sent_then(alerted, receiver):
    Memory(failure="ingest: broken").keep(alerted)
    receiver.status = 503
    said = publication(alerted)
    assert any("alert 1 (json): not sent" in line for line in said)
    assert len(Memory.of(alerted).unsent) == 1
    receiver.status = 200
    said = publication(alerted)
    assert any("could not send" in line and "publishing again" in line for line in said)
    assert "Not sent before" in receiver.messages[-1] and "PUBLISHING AGAIN" in receiver.messages[-1]
    assert Memory.of(alerted).unsent == []
    assert publication(alerted) == []


def test_offenders_come_from_the_published_numbers(missed, receiver):
    publication(missed)
    title, *lines = receiver.messages[0].splitlines()
    assert title == "Support KPIs: 2 missed"
    told = [line for line in lines if line.startswith("most from: ")]
    assert len(told) == 2 and all(1 <= line.count(" facts)") <= 3 for line in told)


def test_a_lost_memory_is_news_once_more(missed, receiver):
    publication(missed)
    assert publication(missed) == []
    path = missed.manifest_path.with_name("alerts.json")
    path.write_text("{")
    publication(missed)
    assert receiver.messages[0] == receiver.messages[1]
    assert json.loads(path.read_text())["targets"]


def test_a_failure_is_told_once(alerted, receiver):
    for reason in ("dbt_build: a", "dbt_build: a", "dbt_build: b"):
        nights.after_failure(alerted, reason, lambda _: None)
    assert [text.splitlines()[1] for text in receiver.messages] == [
        "NIGHT STOPPED: dbt_build: a", "NIGHT STOPPED: dbt_build: b",
    ]  # fmt: skip
