"""The usual script with pandas, for four figures, beside a whole night for all of them.

Mean first response time and resolution time of the Zendesk tickets from the vendor's own metrics, abandonment and
service level of the Amazon Connect calls: every file read, latest row kept, one number each.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas

from tests.benchmarks import home
from tests.benchmarks.measure import Row, alternating
from tests.benchmarks.night import ours

SERVICE_LEVEL_SECONDS = 20
__all__ = ["four_figures", "ours", "rows"]


def rows(folder: Path, scale: float, times: int) -> Iterator[Row]:
    given = home.published(folder, scale)
    timed = alternating(__name__, ("ours", "four_figures"), given, times)
    ours_, script = timed["ours"], timed["four_figures"]
    told = f"four figures by pandas {script}, {script.mib:,} MiB"
    yield Row("every KPI of a whole night", f"{ours_}, {ours_.mib:,} MiB", told, ours_.seconds / script.seconds, "")


def four_figures(given: Path, work: Path) -> None:
    landing = home.landing_of(given)
    tickets = _latest(landing / "zendesk" / "tickets", "id", "generated_timestamp")
    metrics = pandas.json_normalize(tickets["metric_set"].dropna().tolist())
    contacts = _latest(landing / "amazon_connect" / "contact_records", "ContactId", "LastUpdateTimestamp")
    inbound = contacts[contacts["InitiationMethod"] == "INBOUND"]
    queued = inbound[inbound["Queue"].notna()]
    waited = pandas.json_normalize(queued["Queue"].tolist())["Duration"].to_numpy()
    is_answered = queued["Agent"].notna().to_numpy()
    figures = {
        "first response, minutes": metrics["reply_time_in_minutes.calendar"].mean(),
        "full resolution, minutes": metrics["full_resolution_time_in_minutes.calendar"].mean(),
        "abandonment": 1 - is_answered.mean(),
        "service level": (is_answered & (waited <= SERVICE_LEVEL_SECONDS)).mean(),
    }
    (work / "figures.txt").write_text(repr(figures))


def _latest(folder: Path, key: str, version: str) -> pandas.DataFrame:
    parts = [pandas.read_json(path, lines=True) for path in sorted(folder.iterdir())]
    return pandas.concat(parts).sort_values(version).drop_duplicates(key, keep="last")
