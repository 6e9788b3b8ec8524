"""What a page is made from: the tables of a version, asked for the last four weeks before its last day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import duckdb

DAYS = 28


@dataclass(frozen=True)
class Figure:
    """A chart with the KPIs it shows (for their definitions), what it counts, and its numbers as a table."""

    title: str
    kpis: tuple[str, ...]
    note: str
    chart: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


@dataclass
class Published:
    """The tables of a version, and the last day that its targets look at. `kpis`: dim_kpi by id."""

    connection: duckdb.DuckDBPyConnection
    until: date
    kpis: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kpis = {row["kpi_id"]: row for row in self.rows("select * from dim_kpi order by kpi_id")}

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        result = self.connection.execute(sql, list(values))
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def window(self, days: int = DAYS) -> str:
        return f"{self.until - timedelta(days=days - 1):%-d %b} to {self.until:%-d %b %Y}"

    def cells(self, kpi_id: str, dimension: str) -> list[dict[str, Any]]:
        """`name`, `value` and `sample` of a KPI per value of a dimension, added up over the last four weeks."""
        return self.rows(
            "select dimension_value as name, sum(sample_size) as sample, any_value(coalesce(scale, 1)) * case "
            "when sum(denominator) is null then sum(numerator) else sum(numerator) / sum(denominator) end as value "
            "from mart_kpi_timeseries join dim_kpi using (kpi_id) where kpi_id = ? and dimension = ? and grain = 'day' "
            "and period_start between ? and ? group by all having value is not null order by sample desc, name",
            kpi_id, dimension, self.until - timedelta(days=DAYS - 1), self.until,
        )  # fmt: skip

    def name(self, kpi_id: str) -> str:
        return self.kpis[kpi_id]["name"] if kpi_id in self.kpis else kpi_id
