"""The defects and the names of the checks that must see them: written down here, not asked of the project.

Not here: what a planted row looks like (planting), and the nights (planted_defects).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from tests.faults import planting as plant
from tests.faults.small_centre import Centre


@dataclass(frozen=True)
class Defect:
    """`fires`: all checks that must fire, a raw stream's with the stream before it; `blocks`: the first one does.

    `plant` works on a centre whose first night is past, or with `is_first_night` still to come; `break_tables` on the
    warehouse that the night then builds.
    """

    title: str
    fires: tuple[str, ...]
    plant: Callable[[Centre], None] = lambda centre: None
    break_tables: Callable[[duckdb.DuckDBPyConnection], object] = lambda con: None
    blocks: bool = False
    is_first_night: bool = False


def _row(title: str, check: str, stream: str, make: Callable[[Centre], plant.Row]) -> Defect:
    """A single row too many, which a warning names."""
    return Defect(title, (check,), lambda centre: centre.rows(stream, make(centre)))


_TIMESERIES_KEY = (
    "unique_combination_mart_kpi_timeseries_kpi_id__grain__period_start__dimension__dimension_value__value__sample_size"
)
_CALLS, _SURVEYS = "generic/calls rejected_rows", "generic/survey_responses rejected_rows"

ROWS = (
    _row("a call of tomorrow", "future_rows", "calls", lambda c: plant.call(c, 20)),
    _row("a survey of tomorrow", "future_rows", "survey_responses",
         lambda c: plant.survey(c, offered_at=c.at(9), answered_at="", score="")),
    _row("a negative duration", _CALLS, "calls", lambda c: plant.call(c, talk_seconds=-5)),
    _row("ended before answered", _CALLS, "calls", lambda c: plant.call(c, ended_at=c.at(-29.995))),
    _row("a score outside its scale", _SURVEYS, "survey_responses", lambda c: plant.survey(c, score=6)),
    _row("a status ended before it began", "generic/status_intervals rejected_rows", "status_intervals",
         lambda c: plant.status(c, -40, -41)),
    _row("queued before arrived", "clock_faults", "calls", lambda c: plant.call(c, arrived_at=c.at(-29.999))),
    _row("the vendor's first reply before the ticket", "clock_faults", "tickets",
         lambda c: plant.ticket(c, first_replied_at=c.at(-31))),
    _row("an answer before its question", "clock_faults", "survey_responses",
         lambda c: plant.survey(c, answered_at=c.at(-31))),
    _row("shipped before ordered", "clock_faults", "order_lines", lambda c: plant.line(c, shipped_at=c.at(-61))),
    _row("a message without its ticket", "orphans", "messages", lambda c: plant.message(c, ticket_id="NOWHERE")),
    _row("a status change without its ticket", "orphans", "ticket_status_changes", lambda c: plant.change(c, -20)),
    _row("a call of an unknown ticket", "orphans", "calls", lambda c: plant.call(c, ticket_id="NOWHERE")),
    _row("a survey of an unknown contact", "orphans", "survey_responses",
         lambda c: plant.survey(c, contact_id="generic/calls/NOWHERE")),
    _row("an evaluation of an unknown contact", "orphans", "evaluations",
         lambda c: plant.evaluation(c, contact_id="NOWHERE")),
    _row("a remedy of an unknown ticket", "orphans", "remedies", lambda c: plant.remedy(c, ticket_id="NOWHERE")),
    _row("a claim on an unknown order", "orphans", "order_defects", lambda c: plant.claim(c, order_id="NOWHERE")),
    _row("an unmapped channel", "unmapped_channels", "tickets", lambda c: plant.ticket(c, channel="pigeon")),
    _row("an unmapped tag", "unmapped_issue_types", "tickets", lambda c: plant.ticket(c, issue_type="", tags="odd")),
    _row("an unmapped disposition", "unmapped_issue_types", "calls",
         lambda c: plant.call(c, issue_type="", disposition="odd")),
)  # fmt: skip

FILES = (
    Defect("a reply before its request", ("clock_faults",), plant.reply_before_request),
    Defect("a status change before the ticket", ("clock_faults",), plant.change_before_creation),
    Defect("an order in two currencies", ("mixed_currencies",),
           lambda c: c.rows("order_lines", plant.line(c), plant.line(c, line_id=2, currency="USD"))),
    Defect("overlapping statuses", ("overlapping_statuses",),
           lambda c: c.rows("status_intervals", plant.status(c, -40, -38), plant.status(c, -38.5, -37))),
    Defect("a clock set back", ("clock_jumps",), plant.clock_set_back),
    Defect("an agent whom agents.csv forgot", ("unmapped_agents",), plant.forgotten_agent),
    Defect("a call that the log never closed", ("calls_without_outcome",),
           lambda c: plant.log(c, (-30, plant.entered(1)))),
    Defect("a stream without news", ("stale_streams",), lambda c: c.lose_newest("generic/status_intervals"),
           is_first_night=True),
    Defect("a schedule in no zone of this world", ("zendesk/schedules rejected_rows",), plant.schedule_of_atlantis),
    Defect("a folder of no source", ("generic/tickets unknown_landing_folders",),
           lambda c: c.write("acme/tickets/planted.csv", "id\n1\n")),
    Defect("a new column", ("generic/calls new_columns",),
           lambda c: c.rows("calls", plant.call(c, mood="sunny"), extra=("mood",))),
    Defect("an optional column that is gone", ("generic/calls missing_columns",),
           lambda c: c.rows("calls", plant.call(c), without="wrap_up_seconds")),
    Defect("a required column that is gone", ("generic/calls quarantined_files",),
           lambda c: c.rows("calls", plant.call(c), without="outcome")),
    Defect("an archive cut short", ("zendesk/tickets quarantined_files",), plant.cut_archive),
)  # fmt: skip

BLOCKING = (
    Defect("negative durations throughout", ("generic/calls rejected_share", "generic/calls rejected_rows"),
           lambda c: c.rows("calls", *(plant.call(c, call_id=f"P{n}", talk_seconds=-5) for n in range(12))),
           blocks=True),
    Defect("a shrunk snapshot", ("zendesk/groups snapshot_has_not_shrunk",),
           lambda c: c.write("zendesk/groups/planted.json", plant.ONE_GROUP), blocks=True),
    Defect("a row that the accounting lost", ("rows_account_for_all_mart_row_accounting_",), plant.row_lost_by_hand,
           blocks=True),
    Defect("a contact twice", ("unique_combination_fct_contact_contact_id",), break_tables=plant.twice("fct_contact"),
           blocks=True),
    Defect("a cell of the timeseries twice", (_TIMESERIES_KEY,), break_tables=plant.twice("mart_kpi_timeseries"),
           blocks=True),
)  # fmt: skip

DEFECTS = (*ROWS, *FILES, *BLOCKING)
