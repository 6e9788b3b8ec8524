"""Delighted survey responses: a JSON array a page, of people who answered; who was asked stands in no export of them.

Belongs here: which raw field becomes which lake column. What people wrote is measured and matched, never stored; of the
properties of a person only the ticket's id is read.
"""

from __future__ import annotations

from ingestion.adapters.text_rules import text_match
from ingestion.adapters.ticket_ids import ticket_id_sql
from ingestion.streams import Column, Stream

RESPONSES = Stream(
    "delighted",
    "responses",
    "json",
    key=("response_id",),
    version="updated_at",
    free_text=("comment",),
    columns=(
        Column("response_id", expr="id", required=True),
        Column("survey_type", expr="lower(survey_type)", required=True),
        Column("score", "integer"),
        # A response without words has said none: that is known, and zero.
        Column("comment_length", "integer", expr="length(trim(coalesce(comment, '')))"),
        Column(
            "ticket_id",
            expr=ticket_id_sql(
                "coalesce(json_text(person_properties, '$.ticket_id'), json_text(person_properties, '$.\"Ticket ID\"'))"
            ),
        ),
        Column("created_at", "epoch", required=True),
        # Null until something of the response changes.
        Column("updated_at", "epoch", expr="coalesce(updated_at, created_at)", required=True),
        Column("text_match", "exact", expr=text_match("comment")),
    ),
    fields=("id", "survey_type", "comment", "person_properties", "created_at", "updated_at"),
    ignored=("person", "permalink", "notes", "tags", "additional_answers"),
    rules=(
        (
            "score NOT BETWEEN CASE survey_type WHEN 'csat' THEN 1 ELSE 0 END "
            "AND CASE survey_type WHEN 'csat' THEN 5 WHEN 'nps' THEN 10 END",
            "score outside its scale",
        ),
    ),
)

STREAMS = (RESPONSES,)
