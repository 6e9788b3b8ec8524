"""The canonical CSV streams of surveys and quality: what customers, employees and evaluators say.

What customers wrote is matched against the `text` rules and not stored; answers of employees carry no name at all.
"""

from __future__ import annotations

from ingestion.adapters.text_rules import text_match
from ingestion.streams import Column, Stream

_SCALE = (
    ("scale_max <= scale_min", "scale_max not above scale_min"),
    ("score NOT BETWEEN scale_min AND scale_max", "score outside its scale"),
)

# An invitation and its answer are two versions of one row: the answered one is newer (contract: null oldest).
SURVEY_RESPONSES = Stream(
    "generic",
    "survey_responses",
    "csv",
    key=("response_id", "question_id"),
    version="updated_at",
    free_text=("comment",),
    columns=(
        Column("response_id", required=True),
        Column("survey_type", required=True, allowed=("csat", "nps", "yes_no")),
        Column("question_id", required=True),
        Column("question"),
        Column("scale_min", "number", required=True),
        Column("scale_max", "number", required=True),
        Column("score", "number"),
        Column("comment_length", "integer"),
        Column("offered_at", "instant", required=True),
        Column("answered_at", "instant"),
        Column("contact_id"),
        Column("agent_email", "email"),
        Column("team"),
        Column("channel"),
        Column("brand"),
        Column("issue_type"),
        Column("text_match", "exact", expr=text_match("comment")),
        Column("updated_at", "instant"),
    ),
    rules=(*_SCALE, ("comment_length < 0", "negative count")),
)

# One row per item; the highest version of an evaluation replaces all items of the older ones.
EVALUATIONS = Stream(
    "generic",
    "evaluations",
    "csv",
    key=("evaluation_id", "version", "item"),
    version="updated_at",
    columns=(
        Column("evaluation_id", required=True),
        Column("version", "integer", required=True),
        Column("evaluated_at", "instant", required=True),
        Column("item", required=True),
        Column("weight", "number", required=True),
        Column("result", required=True, allowed=("pass", "fail", "na")),
        Column("agent_email", "email"),
        Column("team"),
        Column("contact_id"),
        Column("checklist"),
        Column("is_calibration", "boolean"),
        Column("updated_at", "instant"),
    ),
    rules=(("weight < 0", "negative weight"),),
)

# Rows that differ in nothing but their response_id are different people.
EMPLOYEE_SURVEY_RESPONSES = Stream(
    "generic",
    "employee_survey_responses",
    "csv",
    key=("response_id",),
    version="updated_at",
    columns=(
        Column("response_id", required=True),
        Column("round_date", "local_date", required=True),
        Column("team", required=True),
        Column("question", required=True),
        Column("scale_min", "number", required=True),
        Column("scale_max", "number", required=True),
        Column("score", "number", required=True),
        Column("updated_at", "instant"),
    ),
    rules=_SCALE,
)

STREAMS = (SURVEY_RESPONSES, EVALUATIONS, EMPLOYEE_SURVEY_RESPONSES)
