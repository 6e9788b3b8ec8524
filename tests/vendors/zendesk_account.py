"""The account in which a simulated month happened, as Zendesk Support tells it: pages of its API, and its account dump
with the metrics in pages beside it. Pages repeat their borders, and the newest records are read first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from tests.vendors.freshdesk_month import full_name
from tests.vendors.parity import Files, Month
from tests.vendors.zendesk_month import HOLIDAY, MESSAGING, OPENINGS, epoch, seconds
from tests.vendors.zendesk_talk import pages

Cells = dict[str, str]
Record = dict[str, Any]
#: Records a page.
PAGE = 250
#: A channel by its label or id, where a record does not name it.
SPELT = {"web_form": "Web form", "mail": 4}
#: The custom field that holds simple, moderate or complex.
COMPLEXITY = "36003"
#: Of the events alone: what a ticket became when it was closed or deleted long ago.
LONG_AGO = {"closed": "archived", "deleted": "scrubbed"}
ENDS = (("start", "opens"), ("end", "closes"))
LAST = "2026-03-01T23:59:59Z"


class Zendesk:
    """The account that the month happened in: who has which id."""

    def __init__(self, month: Month) -> None:
        self.month, self.tickets = month, month.streams["tickets"]
        rows = [row for stream in month.streams.values() for row in stream]
        emails = {row.get(f"{who}_email") for row in rows for who in ("assignee", "author", "actor", "agent")}
        self.agents = {email: 5_511_000_000_100 + n for n, email in enumerate(sorted(filter(None, emails)))}
        self.groups = {name: 990 + n for n, name in enumerate(sorted({row["team"] for row in self.tickets}))}
        self.brands = {name: 12 + n for n, name in enumerate(sorted({row["brand"] for row in self.tickets}))}
        people = sorted({row["requester_email"] for row in self.tickets})
        self.people = {email: 5_512_000_000_000 + n for n, email in enumerate(people)}
        self.requesters = {row["ticket_id"]: self.people[row["requester_email"]] for row in self.tickets}

    def api(self) -> Files:
        """Tickets with their metric sets, their events, ratings, opening hours and who is who."""
        rows = sorted(self.tickets, key=lambda row: row["updated_at"])
        tickets = [self._record(row) | {"metric_set": _metrics(row), "generated_timestamp": epoch(row["updated_at"])}
                   for row in rows]  # fmt: skip
        ratings = [rating for row in self.month.streams["survey_responses"] for rating in self._ratings(row)]
        streams = {"tickets": tickets, "ticket_events": list(self._events()), "satisfaction_ratings": ratings}
        streams |= _calendar()
        return self._directory() | {name: page for told in streams.items() for name, page in _newest_first(*told)}

    def dump(self) -> Files:
        """All versions of the tickets, one a line, without the instant of an export; their metrics by themselves."""
        rows = sorted(self.tickets, key=lambda row: row["updated_at"])
        lines = [json.dumps(self._record(row) | {"comments": []}) for row in reversed(rows)]
        metrics = [_metrics(row) | {"id": number} for number, row in enumerate(rows)]
        told = {"zendesk/tickets/dump.ndjson": "\n".join(lines)}
        return self._directory() | told | dict(_newest_first("ticket_metrics", metrics))

    def _directory(self) -> Files:
        """A third of the agents has left: they are end users by the end of the month. Of another third only that day's
        row is told. Groups once had other names."""
        staff = self.agents.items()
        users = [_dated(id, role="agent", name=full_name(email), email=email.title()) for email, id in staff]
        for user in users[1::3]:
            user["updated_at"] = LAST
        users += [user | {"role": "end-user", "updated_at": LAST} for user in users[::3]]
        users += [self._customer(email, id) for email, id in self.people.items()]
        groups = [_dated(id, name=name, deleted=False) for name, id in self.groups.items()]
        old = [group | {"name": "Old name", "updated_at": "2026-01-01T00:00:00Z"} for group in groups]
        brands = [_dated(id, name=name, active=True) for name, id in self.brands.items()]
        streams = {"users": users, "groups": [*old, *groups], "brands": brands}
        return {name: page for told in streams.items() for name, page in _newest_first(*told)}

    def _customer(self, email: str, id: int) -> Record:
        """Who calls or mails only is known by what the tickets say; see `_via`."""
        own = [row for row in self.tickets if row["requester_email"] == email]
        vias = {row["channel"] for row in own}
        told = {"email": None if vias == {"email"} else email}
        told |= {"phone": None if vias == {"voice"} else own[0]["requester_phone"] or None}
        return _dated(id, role="end-user", name="Kim", **told)

    def _record(self, row: Cells) -> Record:
        requester, assignee = self.requesters[row["ticket_id"]], self.agents.get(row["assignee_email"])
        is_outbound = row["created_by"] == "agent" and row["channel"] == "voice"
        is_by_agent = row["created_by"] == "agent" and not is_outbound
        complexity = [{"id": int(COMPLEXITY), "value": row["complexity"] or None}, {"id": 36002, "value": ["a", "b"]}]
        return {
            "id": int(row["ticket_id"]), "created_at": row["created_at"], "updated_at": row["updated_at"],
            "via": _via(row, "outbound" if is_outbound else None),
            "status": {"merged": "closed"}.get(row["status"], row["status"]), "priority": row["priority"] or None,
            "type": row["subject_type"], "tags": [tag for tag in row["tags"].split(";") if tag],
            "requester_id": requester, "submitter_id": next(iter(self.agents.values())) if is_by_agent else requester,
            "assignee_id": assignee, "group_id": self.groups[row["team"]], "brand_id": self.brands[row["brand"]],
            "custom_fields": complexity, "is_public": True, "subject": "…", "description": "…",
        }  # fmt: skip

    def _events(self) -> Iterator[Record]:
        """Audits of what one person did to a ticket at one moment."""
        children = [*map(self._comment, self.month.streams["messages"]), *self._changes()]
        children.sort(key=lambda told: told[:3])
        for number, ((at, ticket_id, updater), group) in enumerate(groupby(children, key=lambda told: told[:3])):
            audit = {"id": 77_000_000_000 + number, "ticket_id": int(ticket_id), "timestamp": epoch(at)}
            audit |= {"updater_id": updater, "event_type": "Audit"}
            audit |= {"via": "Web form" if number % 2 else {"channel": "email"}}
            dated = {"created_at": at} if number % 3 else {}
            yield audit | dated | {"child_events": [child for *_, child in group]}

    def _comment(self, row: Cells) -> tuple[str, str, int, Record]:
        """Zendesk itself writes as nobody, a rule in the name of an agent."""
        id, via = int(row["message_id"]), "web"
        author = self.agents.get(row["author_email"], self.requesters[row["ticket_id"]])
        if row["author_type"] == "bot":
            author, via = ((-1, "web"), (next(iter(self.agents.values())), 8))[id % 2]
        child = {"id": id, "body": "…", "via": {"channel": via}}
        child |= {"event_type": "Comment"} if id % 3 else {"type": "VoiceComment"}
        child |= {"author_id": author} if id % 5 else {}
        return row["sent_at"], row["ticket_id"], author, child | {"public": row["is_public"] == "true"}

    def _changes(self) -> Iterator[tuple[str, str, int, Record]]:
        before: Cells = {}
        for number, row in enumerate(self.month.streams["ticket_status_changes"]):
            status, previous = row["status"], before.get(row["ticket_id"])
            before[row["ticket_id"]] = status
            kind = "Change" if previous else "Create"
            told = LONG_AGO.get(status, status) if number % 4 == 0 else status
            value = {"field_name": "status", "value": told} if number % 2 else {"status": told}
            child = {"id": 89_000_000_000 + number, "previous_value": previous} | value
            child |= {"type": kind} if number % 3 else {"event_type": kind}
            updater = self.requesters[row["ticket_id"]] if status in ("new", "open") else -1
            yield row["changed_at"], row["ticket_id"], self.agents.get(row["actor_email"], updater), child

    def _ratings(self, row: Cells) -> Iterator[Record]:
        ticket_id = row["contact_id"].rsplit("/", 1)[1]
        offered = {
            "id": int(row["response_id"]), "ticket_id": int(ticket_id), "requester_id": self.requesters[ticket_id],
            "assignee_id": self.agents.get(row["agent_email"]), "group_id": self.groups.get(row["team"]),
            "score": "offered", "created_at": row["offered_at"], "updated_at": row["offered_at"],
        }  # fmt: skip
        yield offered
        # Nobody was asked for this one.
        yield offered | {"id": offered["id"] + 1_000_000, "score": "unoffered"}
        if row["answered_at"]:
            score = {"0": "bad", "1": "good"}[row["score"]]
            comment = "ö" * int(row["comment_length"]) or None
            yield offered | {"score": score, "comment": comment, "updated_at": row["answered_at"]}


def _newest_first(stream: str, records: list[Record]) -> Iterator[tuple[str, str]]:
    return ((f"zendesk/{stream}/{name}", page) for name, page in pages(stream, records[::-1], PAGE))


def _calendar() -> dict[str, list[Record]]:
    """A schedule counts minutes from the local Sunday on."""
    schedule = _dated(360001, name="Care hours", time_zone="Berlin", intervals=[
        {f"{end}_time": row["weekday"] % 7 * 1440 + _minutes(row[name]) for end, name in ENDS} for row in OPENINGS
    ])  # fmt: skip
    days = {f"{end}_date": str(HOLIDAY[f"{name}_on"]) for end, name in (("start", "starts"), ("end", "ends"))}
    return {"schedules": [schedule], "holidays": [{"id": 360901, "schedule_id": 360001, "name": "Closed"} | days]}


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _dated(id: int, **more: Any) -> Record:
    return {"id": id, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-02T00:00:00Z"} | more


def _via(row: Cells, rel: str | None) -> Record:
    channel = row["channel"]
    source = {"email": {"address": row["requester_email"]}, "voice": {"phone": row["requester_phone"]}}
    return {"channel": SPELT.get(channel, channel), "source": {"from": source.get(channel, {}), "rel": rel}}


def _metrics(row: Cells) -> Record:
    """Of an account that is never closed: business minutes are minutes."""
    reply, first, full = (seconds(row, name) for name in ("first_replied_at", "first_solved_at", "solved_at"))
    in_seconds = row["channel"] in MESSAGING
    return {
        "ticket_id": int(row["ticket_id"]), "created_at": row["created_at"], "updated_at": row["updated_at"],
        "reply_time_in_minutes": _clocks(reply), "first_resolution_time_in_minutes": _clocks(first),
        "full_resolution_time_in_minutes": _clocks(full), "solved_at": row["solved_at"] or None,
        "reply_time_in_seconds": {"calendar": reply if in_seconds else 0, "business": None},
        "on_hold_time_in_minutes": {"calendar": 0, "business": 0},
        "reopens": int(row["reopens"]), "replies": int(row["public_replies"]),
    }  # fmt: skip


def _clocks(seconds: int | None) -> Record:
    return dict.fromkeys(("calendar", "business"), None if seconds is None else seconds // 60)
