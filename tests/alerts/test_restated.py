"""A night whose exports came late: what they move in a week that was over stands in the version, and is told once."""

import duckdb

from ingestion.catalogue import kpi_catalogue
from ingestion.settings import load_settings
from orchestration.alerts import nights
from orchestration.lib.closing import closing_lines
from orchestration.lib.job import Options, run_nightly

NEXT_MORNING = "2026-03-02T06:00:00+00:00"
#: Eight calls of a day three weeks before: six answered after 15 seconds, two given up after ten minutes.
HEADER = "call_id,arrived_at,direction,outcome,stage_reached,queue,queued_at,answered_at,ended_at,talk_seconds\n"
ARRIVED = "2026-02-10T09:0{n}:00Z"
ANSWERED = (
    f"L{{n}},{ARRIVED},inbound,answered,agent,Late,{ARRIVED},2026-02-10T09:0{{n}}:15Z,2026-02-10T09:1{{n}}:00Z,\n"
)
ABANDONED = f"L{{n}},{ARRIVED},inbound,abandoned,queue,Late,{ARRIVED},,2026-02-10T09:1{{n}}:00Z,\n"
#: What they add to numerator and denominator of their week; what is divided by contacts may be otherwise tomorrow.
MOVED = {
    "calls_offered": (8, None, "late_data"),
    "service_level": (6, 8, "late_data"),
    "average_speed_of_answer": (90, 6, "late_data"),
    "contact_volume": (8, None, "late_data"),
    "escalation_rate": (0, 8, "late_data or settling"),
}


def test_late_exports_move_a_week_that_was_over(home_after_first_night, receiver, monkeypatch):
    monkeypatch.setenv("SUPPORT_KPIS_ALERT_URLS", f"json://{receiver.place}")
    settings = load_settings(home=home_after_first_night)
    before = (settings.published / "current").resolve().name
    late = settings.landing / "generic" / "calls" / "late.csv"
    late.write_text(HEADER + "".join((ANSWERED if n < 6 else ABANDONED).format(n=n) for n in range(8)))
    outcome = run_nightly(Options(home=settings.home, as_of=NEXT_MORNING))
    assert outcome.error is None
    with duckdb.connect() as con:
        con.execute(f"create view moved as from '{settings.published}/current/restatement.parquet'")
        found = con.execute(
            "select kpi_id, numerator - previous_numerator, denominator - previous_denominator, reason from moved "
            "where grain = 'week' and period_start = '2026-02-09' and dimension = 'all'"
        ).fetchall()
        days = con.execute("select distinct period_start from moved where grain = 'day'").fetchall()
        versions = con.execute("select distinct previous_version, previous_as_of::varchar from moved").fetchall()
    assert MOVED.items() <= {kpi_id: tuple(moved) for kpi_id, *moved in found}.items()
    assert [str(day) for (day,) in days] == ["2026-02-10"]
    assert versions == [(before, "2026-03-02 00:00:00")]

    (message,) = receiver.messages
    title, restated, most = message.splitlines()
    assert title.endswith(" restated") and restated.endswith(f": late data (version {before})")
    assert " since the version as of 2026-03-02T00:00:00Z" in restated
    assert most.startswith("most: ") and most.count(" of 2026-02-") == 3
    assert any(line.startswith("restated   ") for line in closing_lines(outcome, settings, 1))
    nights.after_publication(settings, kpi_catalogue(), NEXT_MORNING, lambda _: None)
    assert len(receiver.messages) == 1
