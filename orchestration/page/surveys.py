"""What customers say, month by month, with how sure it is: few answers tell little, and the band shows it."""

from __future__ import annotations

from math import sqrt

from orchestration.lib.targets import show
from orchestration.page import charts
from orchestration.page.published import Figure, Published

MONTHS = 13
#: Of the normal distribution, for 95 % confidence.
Z = 1.959964


def satisfaction(published: Published) -> Figure | None:
    rows = published.rows(
        "select period_start as day, numerator, denominator as n from mart_kpi_timeseries where kpi_id = 'csat' "
        "and grain = 'month' and dimension = 'all' and period_start <= ? order by 1 desc limit ?",
        published.until, MONTHS,
    )  # fmt: skip
    points = [(row["day"], row["n"], row["numerator"] / row["n"], *wilson(row["numerator"], row["n"])) for row in rows]
    return _banded(published, "csat", "Satisfied customers, 95 % confidence", points)


def promoters(published: Published) -> Figure | None:
    rows = published.rows(
        "select date_trunc('month', answered_on)::date as day, count(*) as n, avg(nps_points) as mean, "
        "coalesce(stddev_pop(nps_points), 0) as spread from fct_survey_response where nps_points is not null "
        "and answered_on <= ? group by 1 order by 1 desc limit ?",
        published.until, MONTHS,
    )  # fmt: skip
    points = []
    for row in rows:
        value, margin = 100 * row["mean"], 100 * Z * row["spread"] / sqrt(row["n"])
        points.append((row["day"], row["n"], value, max(value - margin, -100), min(value + margin, 100)))
    return _banded(published, "nps", "Net promoter score, 95 % confidence", points)


def wilson(successes: float, of: float) -> tuple[float, float]:
    """Both ends of the Wilson score interval of a share at 95 % confidence."""
    share = successes / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    margin = Z / (1 + Z * Z / of) * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    return max(middle - margin, 0.0), min(middle + margin, 1.0)


def _banded(published: Published, kpi_id: str, title: str, points: list[tuple]) -> Figure | None:
    """`points`: month, answers, value, low and high, newest first."""
    if not points:
        return None
    unit = published.kpis[kpi_id]["unit"]
    rows = [
        {"day": f"{day}", "value": float(value), "low": float(low), "high": float(high)}
        for day, _, value, low, high in points
    ]
    table = [
        (f"{day:%b %Y}", show(value, unit), f"{show(low, unit)} to {show(high, unit)}", f"{n:,.0f}")
        for day, n, value, low, high in points
    ]
    note = f"by month, {sum(n for _, n, *_ in points):,.0f} answers"
    alt = f"{title}: {table[0][0] + ' ' + table[0][1]}, {table[0][2]}"
    return Figure(
        title, (kpi_id,), note, charts.line(rows, unit, alt), ("month", "value", "95 % confidence", "answers"), table
    )
