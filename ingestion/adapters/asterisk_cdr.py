"""Asterisk's call detail records, cdr-csv/Master.csv: no header, and columns that settings of cdr.conf add at the end.

Belongs here: the columns of a record and which of them may be kept. A record is a dial or a bridge, not a call; the
queue answers for the caller, so what became of a queued call is for queue_log to say. Names and numbers are hashed or
dropped.
"""

from __future__ import annotations

from ingestion.streams import Column, Stream

#: A channel's own number, "<epoch>.<count>", behind the system's name where that is set. It may stand in one of two
#: columns, and so may a text that is no such number.
_UNIQUE = "'([A-Za-z0-9_.]+-)?[0-9]+[.][0-9]+'"
_FOUND = ("tail_1", "tail_2")
_UNIQUE_ID = (
    f"coalesce({', '.join(f'case when regexp_full_match({name}, {_UNIQUE}) then {name} end' for name in _FOUND)})"
)
#: What is dialled outside: more digits than an extension has.
_OUTSIDE = "'[+]?[0-9]{7,}'"

CDR = Stream(
    "asterisk",
    "cdr",
    "csv",
    header_rows=0,
    key=("unique_id", "started_at", "dst_channel_agent", "sequence"),
    columns=(
        Column("unique_id", expr=_UNIQUE_ID),
        Column("linked_id", expr=f"case when regexp_full_match(linkedid, {_UNIQUE}) then linkedid end"),
        Column("sequence"),
        Column("context", expr="dcontext"),
        # Technology and endpoint of a channel are the company's own; what a trunk's channel is called may be a number.
        Column("agent", expr="regexp_extract(channel, '^[A-Za-z0-9]+/([0-9]{2,6}|[A-Za-z][A-Za-z0-9_.]*)-', 1)"),
        Column("dst_channel_agent", expr="regexp_extract(dstchannel, '^[A-Za-z0-9]+/([0-9]{2,6})-', 1)"),
        Column("application", expr="lastapp"),
        Column("is_dialled_outside", "boolean", expr=f"regexp_full_match(dst, {_OUTSIDE})"),
        Column("started_at", "instant", expr="start", required=True),
        Column("answered_at", "instant", expr="answer"),
        Column("ended_at", "instant", expr='"end"', required=True),
        Column("duration_seconds", "seconds", expr="duration"),
        Column("talk_seconds", "seconds", expr="billsec"),
        Column("disposition", required=True),
        Column("dialled_phone", expr=f"case when regexp_full_match(dst, {_OUTSIDE}) then dst end", person="phone"),
    ),
    fields=(
        "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start",
        "answer", "end", "duration", "billsec", "disposition", "amaflags", "tail_1", "tail_2", "peeraccount",
        "linkedid", "sequence",
    ),
    required_fields=("start", "end", "disposition"),
    rules=(
        ("ended_at < started_at", "ended before it started"),
        ("answered_at < started_at OR answered_at > ended_at", "answered before it started or after it ended"),
    ),
)  # fmt: skip

STREAMS = (CDR,)
