"""A simulated month of queue calls as Asterisk's queue_log tells it: rotated logs, the newest of which is read first.

`knowable` is the month as far as the log knows it, still in the generic spelling; both sides are made of that.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tests.vendors.asterisk import line
from tests.vendors.freshdesk_month import full_name
from tests.vendors.parity import Files, Month

Cells = dict[str, str]
#: What became of a call, in turn. `again`: nobody answered in time, and it came to the queue once more. `passed_on`:
#: the agent gave it away. `running`: nothing says that it ended.
FATES = ("answered", "again", "passed_on", "answered", "running", "abandoned", "timeout", "leave_empty", "overflow",
         "passed_on", "failed")  # fmt: skip
ANSWERED = ("answered", "again", "passed_on", "running")
#: How an agent's part of a call ends, in turn; the parts before its three numbers.
ENDS = (("COMPLETEAGENT",), ("COMPLETECALLER",))
TRANSFERS = (("BLINDTRANSFER", "8001", "from-internal"), ("ATTENDEDTRANSFER", "BRIDGE", "7f1a"),
             ("ATTENDEDTRANSFER", "LINK", "PJSIP/2001-1", "PJSIP/8001-2"),
             ("TRANSFER", "8001", "from-internal"))  # fmt: skip
#: How a call leaves the queue without an agent: the event, what stands before its three numbers, what behind.
LEFT = {
    "abandoned": [("ABANDON", (), ())],
    "timeout": [("EXITWITHTIMEOUT", (), ())],
    "leave_empty": [("EXITEMPTY", (), ())],
    "overflow": [("EXITWITHKEY", ("3",), ()), ("WITHDRAW", (), ("moved by hand",))],
}
LOGS, BORDER = 3, 4


def knowable(month: Month) -> list[Cells]:
    """Calls that came to a queue, with FATES in turn: they arrive there, and the talk goes from the answer to the end.
    Of a call that is passed on the log knows an extension."""
    found = []
    queued = [call for call in month.streams["calls"] if call["direction"] == "inbound" and call["queued_at"]]
    for number, call in enumerate(queued):
        fate = FATES[number % len(FATES)]
        told = {"call_id": f"{_epoch(call['arrived_at'])}.{number}", "arrived_at": call["queued_at"]}
        told |= {"transferred_to_team": "8001" if fate == "passed_on" else ""}
        if fate in ANSWERED:
            talk = _epoch(call["ended_at"]) - _epoch(call["answered_at"])
            told |= {"outcome": "answered", "talk_seconds": str(talk)}
            told |= {"ended_at": "", "talk_seconds": ""} if fate == "running" else {}
        else:
            told |= {"outcome": fate, "stage_reached": "queue", "ended_at": call["answered_at"]}
            told |= dict.fromkeys(("answered_at", "agent_email", "talk_seconds"), "")
        found.append(call | told)
    return found


def names(calls: list[Cells]) -> dict[str, str]:
    """E-mail of each agent -> the member's name in the log."""
    return {email: full_name(email) for email in sorted({call["agent_email"] for call in calls} - {""})}


def exports(calls: list[Cells]) -> Files:
    """Logs of which each begins with the last lines of the one before; calls run over the rotation."""
    told = [timed for number, call in enumerate(calls) for timed in _lines(number, call)]
    lines = [text for _, text in sorted(told, key=lambda timed: timed[0])]
    size = len(lines) // LOGS + 1
    parts = [lines[max(start - BORDER, 0) : start + size] for start in range(0, len(lines), size)]
    logs = {f".{number}" if number else "": "".join(part) for number, part in enumerate(reversed(parts))}
    return {f"asterisk/queue_log/queue_log{suffix}": log for suffix, log in logs.items()}


def _lines(number: int, call: Cells) -> Iterator[tuple[int, str]]:
    """(Seconds since 1970, line) of one call, and lines around it that are of none."""

    def said(at: int, event: str, *data: object, member: str = "NONE") -> tuple[int, str]:
        return at, line(event, *map(str, data), at=at, call=call["call_id"], queue=call["queue"], member=member)

    entered, phone = _epoch(call["queued_at"]), call["caller_phone"]
    # Half of the numbers stand there as they are dialled at home.
    shown = phone.replace("+49", "0", 1) if number % 2 else phone
    yield said(entered, "DID", "+4930999")
    yield said(entered, "ENTERQUEUE", "", shown, 1)
    yield entered, line("PAUSEALL", "lunch", at=entered, call="NONE", queue="NONE", member="Kim Away")
    yield entered, line("PAUSE", "lunch", at=entered, call="NONE", queue=call["queue"], member="Kim Away")
    if call["outcome"] != "answered":
        ended = _epoch(call["ended_at"])
        if call["outcome"] == "failed":
            yield said(ended, "SYSCOMPAT", member="Kim Away")
        else:
            event, before, behind = LEFT[call["outcome"]][number % len(LEFT[call["outcome"]])]
            yield said(ended, event, *before, 1, 1, ended - entered, *behind)
        return
    answered, member = _epoch(call["answered_at"]), full_name(call["agent_email"])
    if FATES[number % len(FATES)] == "again":
        between = (entered + answered) // 2
        yield said(between, "EXITWITHTIMEOUT", 1, 1, between - entered)
        yield said(between, "ENTERQUEUE", "", shown, 1)
    yield said(answered, "RINGNOANSWER", 1000, member="Kim Away")
    yield said(answered, "CONNECT", answered - entered, f"{answered}.{number}", 3, member=member)
    if call["ended_at"]:
        ended = _epoch(call["ended_at"])
        ways = TRANSFERS if call["transferred_to_team"] else ENDS
        event, *data = ways[number // len(FATES) % len(ways)]
        yield said(ended, event, *data, answered - entered, call["talk_seconds"], 1, member=member)


def _epoch(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp())
