"""The marts that read KPIs together: the reference's rows beside the SQL's, by table, key and column."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from tests.reference.coaching import agent_coaching
from tests.reference.contacts import history_at
from tests.reference.evidence import issue_evidence
from tests.reference.interventions import intervention_impact, intervention_spans
from tests.reference.scorecard import scorecard, scorecard_spans
from tests.reference.spans import Spans
from tests.reference.staffing import staffing_gap
from tests.reference.world import World
from tests.worlds.comparing import RELATIVE, is_close
from tests.worlds.compiled import TIMESERIES

#: Table -> key of its rows.
MARTS = {
    "mart_kpi_scorecard": ("target_id",),
    "mart_intervention_impact": ("intervention_id",),
    "mart_agent_coaching": ("month_start", "agent", "kpi_id"),
    "mart_issue_evidence": ("week_start", "issue_type", "product"),
    "mart_staffing_gap": ("queue", "weekday", "half_hour"),
}
#: Found by steps that end somewhere: the percentile of Student's t.
APPROXIMATE = {"difference_low", "difference_high"}
CLOSE_ENOUGH = Fraction(1, 10**6)
#: Every row of the scorecard says the same.
SAID_ONCE = {"as_of"}


def reference_tables(world: World) -> dict[str, list[dict]]:
    history = history_at(world)
    spans = Spans(world, history, [*scorecard_spans(world), *intervention_spans(world)])
    return {
        TIMESERIES: spans.series,
        "mart_kpi_scorecard": scorecard(world, history, spans),
        "mart_intervention_impact": intervention_impact(world, history, spans),
        "mart_agent_coaching": agent_coaching(world, history, spans),
        "mart_issue_evidence": issue_evidence(world, history),
        "mart_staffing_gap": staffing_gap(world, history),
    }


def mart_differences(table: str, expected: list[dict], actual: list[dict]) -> Iterator[str]:
    """One readable line per row that is missing, extra or different."""
    key = MARTS[table]
    ours, theirs = _by_key(expected, key), _by_key(actual, key)
    if len(theirs) != len(actual):
        yield f"{table}: a key stands twice in the SQL"
    for named in sorted(ours.keys() | theirs.keys(), key=str):
        label = " · ".join(map(str, (table, *named)))
        if named not in theirs:
            yield f"missing in the SQL: {label}: {_short(ours[named], ours[named])}"
        elif named not in ours:
            yield f"extra in the SQL:   {label}: {_short(theirs[named], theirs[named])}"
        elif unlike := _unlike(ours[named], theirs[named]):
            yield f"differs: {label}: reference {_short(ours[named], unlike)}; SQL {_short(theirs[named], unlike)}"


def _by_key(rows: list[dict], key: tuple[str, ...]) -> dict[tuple, dict]:
    return {tuple(row[name] for name in key): row for row in rows}


def _unlike(mine: dict, other: dict) -> list[str]:
    """Columns that differ: numbers that are no counts to 1e-9 of their size, everything else exactly."""
    names = (mine.keys() | other.keys()) - SAID_ONCE
    return sorted(name for name in names if not _agree(name, mine.get(name), other.get(name)))


def _agree(name: str, mine, other) -> bool:
    is_number = isinstance(mine, (Fraction, float, Decimal)) and isinstance(other, (int, float, Decimal))
    if not is_number or isinstance(other, bool):
        return mine == other
    return is_close(mine, other, CLOSE_ENOUGH if name in APPROXIMATE else RELATIVE)


def _short(row: dict, names: Iterable[str]) -> str:
    return ", ".join(f"{name}={_told(row.get(name))}" for name in names)


def _told(value) -> str:
    return f"{float(value):.12g}" if isinstance(value, (Fraction, float, Decimal)) else str(value)
