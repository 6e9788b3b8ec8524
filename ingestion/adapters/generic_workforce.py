"""The canonical CSV streams of workforce management: what agents were scheduled for and what they did.

Cutting at midnight, overlaps and which publication counts are for the models.
"""

from __future__ import annotations

from ingestion.streams import Column, Stream

_ORDER = (("ends_at < starts_at", "ends_at before starts_at"),)

SCHEDULE_INTERVALS = Stream(
    "generic",
    "schedule_intervals",
    "csv",
    key=("agent_email", "starts_at", "published_at"),
    version="updated_at",
    columns=(
        Column("agent_email", "email", required=True),
        Column("agent_email", person="email"),
        Column("starts_at", "instant", required=True),
        Column("ends_at", "instant", required=True),
        Column("activity_class", required=True, allowed=("productive", "non_productive", "time_off", "sick")),
        Column("activity"),
        Column("team"),
        Column("published_at", "instant"),
        Column("updated_at", "instant"),
    ),
    rules=_ORDER,
)

# An interval may be exported while it is open; of two rows without updated_at the closed one is newer.
STATUS_INTERVALS = Stream(
    "generic",
    "status_intervals",
    "csv",
    key=("agent_email", "starts_at"),
    version="updated_at",
    columns=(
        Column("agent_email", "email", required=True),
        Column("agent_email", person="email"),
        Column("starts_at", "instant", required=True),
        Column("ends_at", "instant"),
        Column(
            "status_class",
            required=True,
            allowed=("available", "on_contact", "after_contact", "productive_other", "non_productive", "offline"),
        ),
        Column("status"),
        Column("updated_at", "instant"),
    ),
    rules=_ORDER,
)

STREAMS = (SCHEDULE_INTERVALS, STATUS_INTERVALS)
