"""What must hold between the cells of a row, between rows and between files. Single cells are judged in `cells`.

Every function raises ConfigError at the first fault, naming file and line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import duckdb

from ingestion.configuration.files import ConfigFile, Row
from ingestion.configuration.vocabulary import CHANNEL_GROUPS, CHANNELS, suggestion
from ingestion.errors import ConfigError
from ingestion.quoting import literal

Files = dict[str, ConfigFile]
Rows = dict[str, list[Row]]

PERIODS = {
    "targets": ("effective_from", "effective_to"),
    "channels": ("valid_from", "valid_to"),
    "calendars": ("valid_from", "valid_to"),
    "holidays": ("starts_on", "ends_on"),
    "queues": ("valid_from", "valid_to"),
    "agents": ("valid_from", "valid_to"),
}
ZENDESK_CALENDAR = "zendesk/"


def check_all(rows: Rows, files: Files, catalogue: dict[str, dict[str, Any]]) -> None:
    """Every rule of this module, row by row first, so that the overlap of broken periods is not reported."""
    for name, period in PERIODS.items():
        for row in rows[name]:
            _check_period(row, files[name].label, *period)
    for row in rows["targets"]:
        _check_scope(row, files["targets"].label, catalogue, is_target=True)
    for row in rows["interventions"]:
        _check_scope(row, files["interventions"].label, catalogue)
    for row in rows["targets"]:
        _check_limits(row, files["targets"].label, catalogue[row.values["kpi_id"]])
    for name in ("channels", "issue_types", "escalations"):
        for row in rows[name]:
            if row.values["match_field"] == "recipient":
                row.values["match_value"] = row.values["match_value"].strip().lower()
    for row in rows["issue_types"]:
        _check_issue_type(row, files["issue_types"].label)
    _check_calendars(rows["calendars"], files["calendars"].label)
    _check_calendar_names(rows, files)
    for name, key in (("targets", ("target_id",)), ("agents", ("source", "agent")), ("queues", ("source", "queue"))):
        _check_overlap(rows[name], files[name].label, key, *PERIODS[name])
    _check_interventions(rows["interventions"], files["interventions"].label)


def _check_period(row: Row, file: str, starts: str, ends: str) -> None:
    first, last = row.values[starts], row.values[ends]
    if first is not None and last is not None and first > last:
        raise ConfigError(f"{starts} {first} is later than {ends} {last}; swap or correct them", file, row.line)


def _check_scope(row: Row, file: str, catalogue: dict[str, dict[str, Any]], is_target: bool = False) -> None:
    """The KPI exists and has the dimension. `all` and blank are one thing; the row keeps it as None.

    A target may also name where all of the KPI lies: the messenger's rate of the channel facebook_messenger.
    """
    kpi_id, dimension, value = (row.values[name] for name in ("kpi_id", "dimension", "dimension_value"))
    if kpi_id not in catalogue:
        raise ConfigError(f"unknown kpi_id '{kpi_id}'{suggestion(kpi_id, catalogue)}", file, row.line)
    if dimension in (None, "all"):
        if value not in (None, "all"):
            raise ConfigError(f"dimension_value '{value}' without a dimension; name the dimension", file, row.line)
        row.values.update(dimension=None, dimension_value=None)
        return
    known = catalogue[kpi_id]["dimensions"]
    if is_target and (dimension, value) in catalogue[kpi_id].get("lies_in", {}).items():
        return
    if dimension not in known:
        remedy = suggestion(dimension, ["all", *known])
        raise ConfigError(f"dimension '{dimension}' is unknown for {kpi_id}{remedy}", file, row.line)
    if value is None:
        raise ConfigError(f"dimension '{dimension}' has no dimension_value; fill it in", file, row.line)
    closed = {"channel": CHANNELS, "channel_group": CHANNEL_GROUPS}.get(dimension)
    if closed and value not in closed:
        raise ConfigError(f"unknown {dimension} '{value}'{suggestion(value, closed)}", file, row.line)


def _check_limits(row: Row, file: str, kpi: dict[str, Any]) -> None:
    comparator, target, warn_at = (row.values[name] for name in ("comparator", "target", "warn_at"))
    for name in ("target", "warn_at"):
        limit = row.values[name]
        if limit is not None and kpi.get("unit") == "ratio" and not 0 <= limit <= 1:
            raise ConfigError(f"{name} {limit} of a share lies outside 0..1; write 0.95 for 95 %", file, row.line)
    if warn_at is not None and (warn_at < target if comparator in (">=", ">") else warn_at > target):
        better = "at least" if comparator in (">=", ">") else "at most"
        message = f"warn_at {warn_at} is laxer than target {target}; make it {better} the target, or blank"
        raise ConfigError(message, file, row.line)


def _check_issue_type(row: Row, file: str) -> None:
    if not any(row.values[name] for name in ("issue_type", "issue_category", "product")):
        raise ConfigError("maps to nothing; fill in issue_type, issue_category or product", file, row.line)
    if row.values["match_field"] == "text":
        pattern = row.values["match_value"]
        try:
            duckdb.execute(f"select regexp_matches('', {literal(pattern)})").fetchall()
        except duckdb.Error as error:
            reason = str(error).splitlines()[0].split(": ", 1)[-1]
            message = f"match_value '{pattern}' is no regular expression ({reason}); correct it (RE2 syntax)"
            raise ConfigError(message, file, row.line) from None


def _check_calendars(rows: list[Row], file: str) -> None:
    first_row: dict[str, Row] = {}
    for row in rows:
        calendar_id, opens, closes = (row.values[name] for name in ("calendar_id", "opens", "closes"))
        if closes <= opens:
            remedy = "cut the interval at midnight (24:00), leave closed days out"
            raise ConfigError(f"closes {closes} is not after opens {opens}; {remedy}", file, row.line)
        first = first_row.setdefault(calendar_id, row)
        zone, first_zone = row.values["time_zone"], first.values["time_zone"]
        if zone != first_zone:
            message = f"calendar_id '{calendar_id}' is in {zone} here and in {first_zone} in line {first.line}"
            raise ConfigError(f"{message}; a calendar has one time zone", file, row.line)

    def share_time(one: Row, other: Row) -> bool:
        return one.values["opens"] < other.values["closes"] and other.values["opens"] < one.values["closes"]

    _check_overlap(rows, file, ("calendar_id", "weekday"), *PERIODS["calendars"], share_time)


def _check_calendar_names(rows: Rows, files: Files) -> None:
    """Of a home's own files. Shipped ones beside a home's own calendars name those it replaced: never closed, then."""
    known = sorted({row.values["calendar_id"] for row in rows["calendars"]})
    for name in ("channels", "queues", "holidays"):
        for row in rows[name] if not files[name].is_shipped else ():
            calendar_id = row.values["calendar_id"]
            if calendar_id is None or calendar_id in known:
                continue
            if not calendar_id.startswith(ZENDESK_CALENDAR) or calendar_id == ZENDESK_CALENDAR:
                remedy = suggestion(calendar_id, known) or "; add it to calendars.csv"
                raise ConfigError(f"unknown calendar_id '{calendar_id}'{remedy}", files[name].label, row.line)


def _check_interventions(rows: list[Row], file: str) -> None:
    seen: dict[tuple, int] = {}
    for row in rows:
        key = tuple(row.values[name] for name in ("intervention_id", "kpi_id", "dimension", "dimension_value"))
        if key in seen:
            message = f"intervention_id '{key[0]}' measures the same as in line {seen[key]}; keep one"
            raise ConfigError(message, file, row.line)
        seen[key] = row.line


def _check_overlap(
    rows: list[Row],
    file: str,
    key: tuple[str, ...],
    starts: str,
    ends: str,
    collide: Callable[[Row, Row], bool] = lambda one, other: True,
) -> None:
    """No two rows of one key in force on one day; where `weekday` is part of the key, a day of that weekday counts."""
    groups: dict[tuple, list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(_one_spelling(row.values[name]) for name in key)].append(row)
    for values, group in groups.items():
        for one, other in combinations(group, 2):
            if not collide(one, other):
                continue
            weekday = values[key.index("weekday")] if "weekday" in key else None
            shared = _shared_day(one, other, starts, ends, weekday)
            if shared:
                who = ", ".join(f"{name} '{value}'" for name, value in zip(key, values, strict=True))
                message = f"{who} overlaps line {one.line} ({shared}); end one row before the other begins"
                raise ConfigError(message, file, other.line)


def _one_spelling(value: Any) -> Any:
    """An address is the same in any spelling; other names are compared as they are."""
    return value.lower() if isinstance(value, str) and "@" in value else value


def _shared_day(one: Row, other: Row, starts: str, ends: str, weekday: int | None) -> str | None:
    """The first day on which both rows are in force, in words, or None."""
    begins = [row.values[starts] for row in (one, other) if row.values[starts] is not None]
    finishes = [row.values[ends] for row in (one, other) if row.values[ends] is not None]
    first: date | None = max(begins, default=None)
    last: date | None = min(finishes, default=None)
    if first is None:
        return "both are in force on every day" if last is None else f"both are in force up to {last}"
    if weekday is not None:
        first += timedelta(days=(weekday - first.isoweekday()) % 7)
    return f"both are in force on {first}" if last is None or first <= last else None
