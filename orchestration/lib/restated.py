"""What is told of a version's restatement.parquet: settled weeks and months that moved. Not here: writing it
(lib.restatement)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from ingestion.quoting import literal
from orchestration.lib.restatement import FILE
from orchestration.lib.targets import show

#: Of itself. Less is one late call among hundreds, which nobody decides anything by.
SMALLEST_MOVE = 0.01
MOST = 3
#: Numbers of which it is known, or cannot be told from late data, that they moved as they were meant to.
EXPECTED = ("settling", "retention", "late_data or settling", "late_data or retention")

_TOLD = f"""
from (
    select *, case when previous_value <> 0 and value is not null then abs(value - previous_value) / abs(previous_value)
                   else 'infinity'::double end as moved
    from read_parquet({{file}})
    where grain in ('week', 'month') and dimension = 'all' and value is distinct from previous_value
        and not list_contains({list(EXPECTED)}, reason)
)
where moved >= {SMALLEST_MOVE}
"""


@dataclass(frozen=True)
class Move:
    """One number, before and after; None where it is new or gone."""

    name: str
    grain: str
    period_start: date
    before: float | None
    after: float | None
    unit: str

    def __str__(self) -> str:
        values = f"{show(self.before, self.unit)} -> {show(self.after, self.unit)}"
        return f"{self.name}, {self.grain} of {self.period_start}, {values}"


@dataclass(frozen=True)
class Restated:
    """How many numbers of how many KPIs, why, since which version (its `as_of` in UTC), and of the KPIs that moved most
    the number that moved most."""

    numbers: int
    kpis: int
    reasons: list[str]
    version: str
    as_of: datetime
    most: list[Move]

    def __str__(self) -> str:
        counts = f"{self.numbers:,} numbers of {self.kpis} KPIs" if self.numbers > 1 else "1 number"
        reasons = "; ".join(reason.replace("_", " ") for reason in self.reasons)
        return f"{counts} since the version as of {self.as_of.isoformat()}Z: {reasons}"


def restated(connection: duckdb.DuckDBPyConnection, version: Path) -> Restated | None:
    """What is to be told of the `version` that `connection` has open; None for nothing."""
    if not (version / FILE).exists():
        return None
    told = _TOLD.format(file=literal(str(version / FILE)))
    counts = connection.execute(
        "select count(*), count(distinct kpi_id), list(distinct reason order by reason), any_value(previous_version), "
        f"any_value(previous_as_of) {told}"
    ).fetchall()[0]
    if not counts[0]:
        return None
    most = connection.execute(
        f"with told as (select * {told}) select coalesce(name, kpi_id), grain, period_start, previous_value, value, "
        "told.unit from told left join main.dim_kpi using (kpi_id) "
        "qualify row_number() over (partition by kpi_id order by moved desc, grain, period_start desc) = 1 "
        f"order by moved desc, kpi_id limit {MOST}"
    ).fetchall()
    return Restated(*counts, [Move(*row) for row in most])
