"""The columns of each configuration file, in the order the files have them. Rules across rows stand in `rules`."""

from __future__ import annotations

from ingestion.configuration.cells import Column, boolean, day, email, identifier, integer, number, time_of_day, zone
from ingestion.configuration.vocabulary import CHANNELS, COMPARATORS, DISPLAY_UNITS, SEVERITIES, SOURCES

FIELD = r"field:.+"
ISSUE_FIELDS = ("tag", "type", "disposition", "field:<id>", "text")

_SOURCE = Column("source", allowed=SOURCES)
_MATCH_VALUE = Column("match_value", required=True, exact=True)
_VALID = (Column("valid_from", day), Column("valid_to", day))
_SCOPE = (
    Column("kpi_id", required=True),
    Column("dimension"),
    Column("dimension_value", exact=True),
)

TABLES: dict[str, tuple[Column, ...]] = {
    "targets": (
        Column("target_id", identifier, required=True),
        *_SCOPE,
        Column("window_days", integer, required=True, minimum=1),
        Column("comparator", required=True, allowed=COMPARATORS),
        Column("target", number, required=True),
        Column("warn_at", number),
        Column("severity", required=True, allowed=SEVERITIES),
        Column("effective_from", day),
        Column("effective_to", day),
        Column("source"),
    ),
    "channels": (
        _SOURCE,
        Column("match_field", required=True, allowed=("via", "brand", "tag", "recipient", "queue")),
        _MATCH_VALUE,
        Column("channel", required=True, allowed=CHANNELS),
        Column("response_target_seconds", integer, minimum=1),
        Column("calendar_id"),
        Column("display_unit", allowed=DISPLAY_UNITS),
        *_VALID,
    ),
    "issue_types": (
        _SOURCE,
        Column("match_field", required=True, allowed=ISSUE_FIELDS, pattern=FIELD),
        _MATCH_VALUE,
        Column("issue_type"),
        Column("issue_category"),
        Column("fcr_window_days", integer, minimum=1),
        Column("product"),
    ),
    "escalations": (
        _SOURCE,
        Column("match_field", required=True, allowed=("tag", "group", "queue", "field:<id>"), pattern=FIELD),
        _MATCH_VALUE,
        Column("reason", required=True),
        Column("is_management", boolean, default=False),
    ),
    "calendars": (
        Column("calendar_id", required=True),
        Column("time_zone", zone, required=True),
        Column("weekday", integer, required=True, minimum=1, maximum=7),
        Column("opens", time_of_day, required=True),
        Column("closes", time_of_day, required=True),
        *_VALID,
    ),
    "holidays": (
        Column("calendar_id", required=True),
        Column("starts_on", day, required=True),
        Column("ends_on", day, required=True),
        Column("name"),
    ),
    "queues": (
        Column("source", required=True, allowed=SOURCES),
        Column("queue", required=True, exact=True),
        Column("team"),
        Column("service_level_seconds", integer, minimum=0),
        Column("calendar_id"),
        *_VALID,
    ),
    "agents": (
        Column("source", required=True, allowed=SOURCES),
        Column("agent", required=True, exact=True),
        Column("agent_email", email),
        Column("team"),
        *_VALID,
    ),
    "interventions": (
        Column("intervention_id", identifier, required=True),
        *_SCOPE,
        Column("happened_on", day, required=True),
        Column("description"),
    ),
}
