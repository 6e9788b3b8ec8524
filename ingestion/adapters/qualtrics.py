"""Qualtrics survey exports: CSV with three header rows, of names, of questions and of what Qualtrics knows of a column.

Belongs here: which cell becomes which lake column. Of a survey's own columns only the answers to NPS questions are
read, and of these only scores of 0 to 10: a second column, `<question>_NPS_GROUP`, says which questions they are. On
what scale another question was asked stands nowhere, and its cells may be a customer's words. Recipients' names,
addresses and places are left in the landing file.
"""

from __future__ import annotations

from ingestion.adapters.ticket_ids import ticket_id_sql
from ingestion.streams import Column, Stream

_GROUP = "_NPS_GROUP"


def _instant(field: str) -> str:
    """SQL of an instant: a cell without offset is in the zone that the third header row names for its column.

    Where it names none, or one that nobody knows, the cell stays as it is and the source's time zone decides.
    """
    cell = f"nullif(trim(\"{field}\"), '')"
    named = f"json_text(json_text(_header, '$.columns.{field}[1]'), '$.timeZone')"
    zone = f"case {named} when 'Z' then 'UTC' else {named} end"
    local = f"case when regexp_full_match({cell}, '[-0-9]{{10}}[ T][:.0-9]+') then try_cast({cell} as timestamp) end"
    utc = f"strftime(timezone('UTC', timezone({zone}, {local})), '%Y-%m-%dT%H:%M:%SZ')"
    return f"coalesce(case when {zone} in (select name from pg_timezone_names()) then {utc} end, {cell})"


# --- what follows is SQL of one of the NPS questions, called `name`

_KEY = "'/' || replace(replace(name, '~', '~0'), '/', '~1')"
_CELL = f"coalesce(trim(json_extract_string(_record, {_KEY})), '')"
_SCORE = f"case when regexp_full_match({_CELL}, '(10|[0-9])([.]0+)?') then split_part({_CELL}, '.', 1) end"
#: Qualtrics' own judgement; a number where values are exported in place of labels.
_GIVEN_GROUP = f"coalesce(lower(trim(json_extract_string(_record, {_KEY} || '{_GROUP}'))), '')"
_OWN_GROUP = f"['detractor', 'passive', 'promoter'][1 + ({_SCORE}::int >= 7)::int + ({_SCORE}::int >= 9)::int]"
_TEXT = f"json_extract_string(json_text(_header, '$.paired'), {_KEY} || '/0')"

#: One object for each of them. A score is null where the question was passed over; `is_odd` where its cell is no score
#: of 0 to 10, or Qualtrics counts it in another group: values were recoded then, and none of them can be trusted.
_ANSWERS = f"""to_json(list_transform(json_keys(json_text(_header, '$.paired')), lambda name: struct_pack(
    question_id := name,
    question := trim(regexp_replace(regexp_replace({_TEXT}, '<[^>]*>', ' ', 'g'), '\\s+', ' ', 'g')),
    score := {_SCORE},
    is_odd := ({_CELL} <> '' and {_SCORE} is null)
        or ({_GIVEN_GROUP} in ('detractor', 'passive', 'promoter') and {_GIVEN_GROUP} is distinct from {_OWN_GROUP})
)))"""

RESPONSES = Stream(
    "qualtrics",
    "responses",
    "csv",
    header_rows=3,
    is_open=True,
    paired_by=_GROUP,
    key=("response_id",),
    version="recorded_at",
    columns=(
        Column("response_id", expr='"ResponseId"', required=True),
        # Labels, or numbers of which every bit says something.
        Column("status", expr='"Status"'),
        Column("is_finished", "boolean", expr='"Finished"'),
        Column("ended_at", "instant", expr=_instant("EndDate"), required=True),
        Column(
            "recorded_at",
            "instant",
            expr=f"coalesce({_instant('RecordedDate')}, {_instant('EndDate')})",
            required=True,
        ),
        # Embedded data of the survey.
        Column("ticket_id", expr=ticket_id_sql("ticket_id")),
        Column("answers", "json", expr=_ANSWERS),
    ),
    fields=("ResponseId", "Status", "Finished", "EndDate", "RecordedDate", "ticket_id", "_header", "_record"),
    required_fields=("ResponseId", "EndDate"),
    rules=(("answers LIKE '%\"is_odd\":true%'", "an NPS answer outside 0 to 10, or of another group than Qualtrics'"),),
)

STREAMS = (RESPONSES,)
