"""The figures below the targets: what each shows of the last four weeks, read from the published tables.

A figure whose tables are empty is left out. How a chart looks is for charts.py; which KPIs there are for the marts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from orchestration.lib.targets import show
from orchestration.page import charts
from orchestration.page.published import DAYS, Figure, Published
from orchestration.page.surveys import promoters, satisfaction

ROLLING_DAYS = 180
MOST = 12
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BUCKETS = ("0-1h", "1-6h", "6-12h", "12-24h", "24-48h", "48h+", "unanswered")
STAGES = ("greeting", "ivr", "queue")
COMPLEXITIES = ("simple", "moderate", "complex")


def figures(published: Published) -> Iterator[tuple[str, list[Figure]]]:
    """Headings with their figures, without those that have nothing to show."""
    for heading, makers in SECTIONS.items():
        made = [figure for maker in makers if (figure := maker(published)) is not None]
        if made:
            yield heading, made


def _cells(
    kpi_id: str, dimension: str, title: str, draw: Callable[..., str], order: tuple[str, ...] = (), most: int = MOST
) -> Callable[[Published], Figure | None]:
    """A figure of one KPI by one dimension: in the given `order`, else the `most` frequent values."""

    def make(published: Published) -> Figure | None:
        rows = published.cells(kpi_id, dimension)
        rows = sorted((r for r in rows if r["name"] in order), key=lambda r: order.index(r["name"])) if order else rows
        rows = rows[:most] if not order else rows
        if not rows:
            return None
        unit = published.kpis[kpi_id]["unit"]
        table = [(row["name"], show(row["value"], unit), f"{row['sample']:,.0f}") for row in rows]
        drawn, drawn_unit = _drawable(rows, unit)
        sample = sum(row["sample"] for row in rows)
        return Figure(
            title, (kpi_id,), f"{published.window()}, {sample:,.0f} facts",
            draw(drawn, drawn_unit, f"{title}: {_told(table)}"), (dimension.replace("_", " "), "value", "facts"), table,
        )  # fmt: skip

    return make


def _drawable(rows: list[dict[str, Any]], unit: str) -> tuple[list[dict[str, Any]], str]:
    """Durations in the unit that people would use; numbers that JSON knows."""
    most = max(abs(row["value"]) for row in rows)
    divisor, name = next(
        (one for one in ((3600, "hours"), (60, "minutes")) if unit == "seconds" and most >= 2 * one[0]), (1, unit)
    )
    return [row | {"value": float(row["value"]) / divisor, "sample": float(row["sample"])} for row in rows], name


def _told(table: list[tuple[str, ...]]) -> str:
    return "; ".join(f"{row[0]} {row[1]}" for row in table)


def _heat(published: Published) -> Figure | None:
    rows = published.rows(
        "select weekday::bigint as day, hour::bigint as hour, count(*) as contacts, count(distinct arrived_on) as days "
        "from fct_contact where arrived_on between ? and ? group by all order by all",
        published.until - timedelta(days=DAYS - 1), published.until,
    )  # fmt: skip
    if not rows:
        return None
    weeks = DAYS / 7
    drawn = [{"name": WEEKDAYS[row["day"] - 1], "hour": row["hour"], "value": row["contacts"] / weeks} for row in rows]
    by_day = {day: sum(row["value"] for row in drawn if row["name"] == day) for day in WEEKDAYS}
    table = [(day, f"{value:,.1f}", _busiest(drawn, day)) for day, value in by_day.items()]
    note = f"{published.window()}, {sum(row['contacts'] for row in rows):,} contacts; per hour of an average week"
    alt = f"Contacts per hour and weekday: {_told(table)}"
    return Figure(
        "When contacts arrive", ("contact_volume",), note, charts.heat(drawn, WEEKDAYS, alt),
        ("weekday", "contacts", "busiest hour"), table,
    )  # fmt: skip


def _busiest(rows: list[dict[str, Any]], day: str) -> str:
    found = max((row for row in rows if row["name"] == day), key=lambda row: row["value"], default=None)
    return f"{found['hour']}:00, {found['value']:,.1f}" if found else "none"


def _funnel(published: Published) -> Figure | None:
    rows = published.rows(
        "select dimension_value as stage, sum(denominator) as reached, sum(numerator) as abandoned from "
        "mart_kpi_timeseries where kpi_id = 'stage_abandonment_rate' and dimension = 'stage' and grain = 'day' "
        "and period_start between ? and ? group by 1 having reached > 0",
        published.until - timedelta(days=DAYS - 1), published.until,
    )  # fmt: skip
    rows = sorted((row for row in rows if row["stage"] in STAGES), key=lambda row: STAGES.index(row["stage"]))
    if not rows:
        return None
    table = [
        (row["stage"], f"{row['reached']:,.0f}", f"{row['abandoned']:,.0f}", f"{row['abandoned'] / row['reached']:.1%}")
        for row in rows
    ]
    drawn = [
        {"name": row["stage"], "step": step, "value": value}
        for row in rows
        for step, value in (("went on", row["reached"] - row["abandoned"]), ("hung up", row["abandoned"]))
    ]
    title = "Callers who hang up, stage by stage"
    alt = f"{title}: " + "; ".join(f"{row[0]} {row[3]} of {row[1]}" for row in table)
    return Figure(
        title, ("stage_abandonment_rate",), published.window(), charts.funnel(drawn, ("went on", "hung up"), alt),
        ("stage", "reached", "hung up", "share"), table,
    )  # fmt: skip


def _waits(published: Published) -> Figure | None:
    rows = published.cells("first_response_bucket_rate", "channel_bucket")
    for row in rows:
        row["name"], _, row["step"] = row["name"].rpartition(":")
        row["value"], row["sample"] = float(row["value"]), float(row["sample"])
    if not rows:
        return None
    found = {(row["name"], row["step"]): row["value"] for row in rows}
    names = list(dict.fromkeys(row["name"] for row in rows))[:MOST]
    table = [(name, *(f"{found.get((name, step), 0):.0%}" for step in BUCKETS)) for name in names]
    title = "How long first responses take"
    drawn = [row for row in rows if row["name"] in names]
    alt = f"{title}, within an hour: " + "; ".join(f"{row[0]} {row[1]}" for row in table)
    return Figure(
        title, ("first_response_bucket_rate",), published.window(), charts.shares(drawn, BUCKETS, alt),
        ("channel", *BUCKETS), table,
    )  # fmt: skip


def _rolling(kpi_id: str, title: str, dimension: str = "all") -> Callable[[Published], Figure | None]:
    """A figure of a KPI that looks back from each day: its days as a line, one for each value of a dimension."""

    def make(published: Published) -> Figure | None:
        rows = published.rows(
            "select period_start as day, dimension_value as series, value, sample_size as sample from "
            "mart_kpi_timeseries where kpi_id = ? and dimension = ? and grain = 'day' and period_start between ? and ? "
            "and value is not null order by 1, 2",
            kpi_id, dimension, published.until - timedelta(days=ROLLING_DAYS - 1), published.until,
        )  # fmt: skip
        if not rows:
            return None
        unit = published.kpis[kpi_id]["unit"]
        newest = [row for row in rows if row["day"] == rows[-1]["day"]]
        table = [(row["series"], show(row["value"], unit), f"{row['sample']:,.0f}") for row in newest]
        drawn = [{"day": f"{row['day']}", "series": row["series"], "value": float(row["value"])} for row in rows]
        if dimension == "all":
            drawn = [{name: row[name] for name in ("day", "value")} for row in drawn]
        note = f"as of each day since {rows[0]['day']:%-d %b %Y}; {table[0][2]} facts at the end"
        return Figure(
            title, (kpi_id,), note, charts.line(drawn, unit, f"{title}, now: {_told(table)}"),
            (dimension, "value now", "facts"), table,
        )  # fmt: skip

    return make


_HOURS = tuple(str(hour) for hour in range(24))
SECTIONS: dict[str, list[Callable[[Published], Figure | None]]] = {
    "Contacts": [
        _heat,
        _cells("first_contact_resolution_rate", "channel", "Resolved at first contact, by channel", charts.bars),
        _cells("first_contact_resolution_rate", "issue_type", "Resolved at first contact, by issue", charts.bars),
    ],
    "Responses and resolution": [
        _waits,
        _cells("resolution_time_mean", "complexity", "Time to resolve, by complexity", charts.bars, COMPLEXITIES),
        _cells("resolution_business_time_mean", "complexity", "Business time to resolve", charts.bars, COMPLEXITIES),
    ],
    "Telephone": [
        _funnel,
        _cells("service_level", "hour", "Service level over the day", charts.columns, _HOURS),
        _cells("average_speed_of_answer", "hour", "Average speed of answer over the day", charts.columns, _HOURS),
    ],
    "What customers say": [
        satisfaction,
        promoters,
        _cells("complaint_rate", "channel", "Complaints per contact, by channel", charts.bars),
    ],
    "Marketplaces": [
        _rolling("order_defect_rate", "Order defect rate, 60 days", "marketplace"),
        _cells("on_time_shipment_rate", "marketplace", "Shipped on time", charts.bars),
        _cells("cancellation_rate", "marketplace", "Cancelled by the shop", charts.bars),
    ],
    "Repeat and cross-sell": [
        _rolling("repeat_purchase_rate", "Customers who buy again"),
        _rolling("cross_sell_rate", "Repeat customers who buy of another category"),
        _rolling("upsell_rate", "Repeat customers who buy dearer"),
    ],
}
