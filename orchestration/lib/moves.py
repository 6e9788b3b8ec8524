"""What a preview found, for people and for programs. Not here: finding it (lib.preview)."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from orchestration.lib.preview import Moves
from orchestration.lib.targets import show


def moves_json(moves: Moves) -> str:
    """`targets`, `kpis` and `notes`."""
    return json.dumps(asdict(moves), default=str)


def moves_text(moves: Moves) -> str:
    """Targets first, then the KPIs of which numbers differ, the most moved number of each."""
    lines = [f"{_count(len(moves.targets), 'target')} would be other than they are"]
    lines += [f"  {_target(row)}" for row in moves.targets]
    numbers = sum(row["numbers"] for row in moves.kpis)
    told = f"{_count(numbers, 'number')} of {_count(len(moves.kpis), 'KPI')}"
    lines.append(f"{told} would be other than they are")
    lines += [f"  {_kpi(row)}" for row in moves.kpis]
    return "\n".join([*lines, *(f"note: {text}" for text in moves.notes)])


def _target(row: dict[str, Any]) -> str:
    before, after = (f"{row[f'status_{when}'] or 'not there'}".replace("_", " ") for when in ("before", "after"))
    status = before if before == after else f"{before} -> {after}"
    value = _change(row["value_before"], row["value_after"], row["unit"])
    goal = _change(row["target_before"], row["target_after"], row["unit"])
    return f"{row['target_id']} ({row['kpi_id']}): {status}, value {value}, target {goal}"


def _kpi(row: dict[str, Any]) -> str:
    value = _change(row["value_before"], row["value_after"], row["unit"])
    return f"{row['kpi_id']}: {_count(row['numbers'], 'number')}, most at {row['most_at']}: {value}"


def _count(number: int, of: str) -> str:
    return f"{number:,} {of}{'' if number == 1 else 's'}"


def _change(before: float | None, after: float | None, unit: str | None) -> str:
    return show(after, unit) if before == after else f"{show(before, unit)} -> {show(after, unit)}"
