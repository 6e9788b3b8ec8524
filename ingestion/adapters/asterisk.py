"""Asterisk logs. queue_log: one line per queue event, `epoch|callid|queue|agent|EVENT|data…`, appended to.

Belongs here: the columns of a line and which of its data may be kept. How lines make a call is decided in staging.
"""

from __future__ import annotations

from collections.abc import Iterable

from ingestion.streams import Column, Stream

# Events whose data are counts, seconds, reasons, keys or channel ids. Data of any other event, custom ones included,
# may hold a telephone number and do not enter the lake.
_KEPT = (
    "CONNECT",
    "COMPLETEAGENT",
    "COMPLETECALLER",
    "ABANDON",
    "EXITWITHTIMEOUT",
    "EXITEMPTY",
    "EXITWITHKEY",
    "WITHDRAW",
    "RINGNOANSWER",
    "RINGCANCELED",
    "PAUSE",
    "UNPAUSE",
    "PAUSEALL",
    "UNPAUSEALL",
    "ADDMEMBER",
    "REMOVEMEMBER",
    "AGENTLOGIN",
    "AGENTLOGOFF",
    "PENALTY",
    "RINGINUSE",
)

# Positions without a number or a name, for events that also carry one: the caller, or whom a call was transferred to.
_PARTLY_KEPT = {
    "ENTERQUEUE": (3,),
    "BLINDTRANSFER": (2, 3, 4, 5),
    "TRANSFER": (2, 3, 4, 5),
    "ATTENDEDTRANSFER": (1, 4, 5),
}


def _named(events: Iterable[str]) -> str:
    """A regular expression of these names: looked at once, where a long IN compares with one after the other."""
    return f"({'|'.join(events)})"


def _data(position: int) -> str:
    """SQL of the data at `position` (from 1) where the event's data at that place are nobody's number or name."""
    kept = _named((*_KEPT, *(event for event, places in _PARTLY_KEPT.items() if position in places)))
    return f"case when regexp_full_match(event_name, '{kept}') then part{position} end"


# Lines longer than any event are two lines whose line end was lost.
_PARTS = tuple(f"part{position}" for position in range(1, 13))
_EVENTS = _named((*_KEPT, *_PARTLY_KEPT))
# Other events of Asterisk and FreePBX that make no part of a call.
_OTHER_EVENTS = ("AGENTDUMP", "SYSCOMPAT", "QUEUESTART", "CONFIGRELOAD", "OUTCALL", "DID", "INFO")
_PAUSES = "'PAUSE', 'UNPAUSE', 'PAUSEALL', 'UNPAUSEALL'"


def _whole(column: str) -> str:
    return f"coalesce(regexp_full_match({column}, '-?\\d+'), false)"


def _event() -> str:
    """SQL of the event, null where another part is an event's name: a separator or a line end is lost or one too many.

    A number is no event either. With an event in its place a queue or a member may be called like one, and so may the
    reason of a pause.
    """
    behind = ", ".join(_PARTS[1:])
    joined = f"regexp_matches(concat_ws('|', '', {behind}, ''), '[|]{_EVENTS}[|]')"
    first = f"coalesce(regexp_full_match(part1, '{_EVENTS}') and event_name not in ({_PAUSES}), false)"
    named = f"regexp_matches(concat_ws('|', '', queue_name, member, ''), '[|]{_EVENTS}[|]')"
    known = _named((*_KEPT, *_PARTLY_KEPT, *_OTHER_EVENTS))
    lost = f"{named} and not regexp_full_match(event_name, '{known}')"
    is_event = f"not ({joined} or {first} or {lost}) and event_name[1] not between '0' and '9'"
    return f"case when {is_event} then upper(event_name) end"


QUEUE_LOG = Stream(
    "asterisk",
    "queue_log",
    "log",
    log_fields=(
        "epoch_seconds",
        "unique_id",
        "queue_name",
        "member",
        "event_name",
        *_PARTS,
    ),
    columns=(
        Column("log_id", expr="_log_id", required=True),
        Column("logged_at", "epoch", expr="epoch_seconds", required=True),
        Column("call_id", expr="unique_id", required=True),
        Column("queue", expr="queue_name"),
        Column("agent", expr="member"),
        Column("event", expr=_event(), required=True),
        *(Column(f"data{position}", expr=_data(position)) for position in range(1, 6)),
        Column("caller_phone", expr="case when event_name = 'ENTERQUEUE' then part2 end", person="phone"),
    ),
    rules=(
        (
            f"event IN ('COMPLETEAGENT', 'COMPLETECALLER', 'ABANDON') AND NOT ({_whole('data1')} AND {_whole('data2')} "
            f"AND {_whole('data3')} AND data4 IS NULL)",
            "not the three numbers of the event",
        ),
        (
            f"event = 'CONNECT' AND NOT ({_whole('data1')} AND (data3 IS NULL OR {_whole('data3')}) AND data4 IS NULL)",
            "not the parts of the event",
        ),
        # With a separator too many the caller's number would stand there.
        ("event = 'ENTERQUEUE' AND NOT regexp_full_match(data3, '\\d{1,5}')", "no position in the queue"),
    ),
)

STREAMS = (QUEUE_LOG,)
