"""Customers with everything a vendor may know them by, in exports of every stream that names one; some rows are bad.

What they are called is decided here and nowhere read back; the key of a text is hashed here once more, by hand.
"""

from __future__ import annotations

import csv
import gzip
import hmac
import io
import json
import random
from dataclasses import dataclass
from pathlib import Path

KEY = "the key of the people in the fault programs"
SETTINGS = "".join(
    f'[sources.{name}]\ncountry = "DE"\n' for name in ("generic", "zendesk", "asterisk", "amazon_connect")
)
AT = "2026-02-10T10:{:02d}:00Z"
#: What no lake may hold of anybody, whoever was forgotten.
WORDS = "please call me back under this number"


@dataclass(frozen=True)
class Person:
    """`number` makes everything of a person its own."""

    number: int

    @property
    def emails(self) -> tuple[str, str]:
        """The address, and one of before that the help desk's user had."""
        return f"kim.o'neil{self.number}@mail{self.number}.example", f"kim{self.number}@before{self.number}.example"

    @property
    def phones(self) -> tuple[str, str]:
        """Two numbers without country and trunk prefix; nothing else in the exports has these digits."""
        return f"308{self.number:05d}771", f"1728{self.number:05d}66"

    @property
    def customer_id(self) -> str:
        return f"CUST-{self.number:05d}-X"

    def spelled(self, rng: random.Random) -> tuple[str, str]:
        """(kind, text) as somebody may write it down."""
        email, (area, mobile) = self.emails[0], self.phones
        return rng.choice(
            [
                ("email", email), ("email", f"  {email.upper()} "), ("email", self.emails[1].title()),
                ("phone", f"+49 {area[:2]} {area[2:]}"), ("phone", f"0049 (0){area}"),
                ("phone", f"0{mobile[:4]}/{mobile[4:]}"),
            ]
        )  # fmt: skip

    def needles(self) -> list[str]:
        """Raw forms and keys of all a person is known by."""
        known = [("email", email) for email in self.emails] + [("phone", f"+49{phone}") for phone in self.phones]
        known += [("customer_id", self.customer_id)]
        keys = [hmac.digest(KEY.encode(), f"{kind}:{text}".encode(), "sha256").hex() for kind, text in known]
        return [*self.emails, *self.phones, self.customer_id, *keys]


def land(landing: Path, persons: list[Person], rng: random.Random | None = None) -> None:
    """Writes the exports; with `rng`, the same rows under other names and in another order."""
    prefix = "" if rng is None else f"again{rng.randrange(10**6)}-"
    for stream, rows in _csv_rows(persons).items():
        _write(landing / "generic" / stream / f"{prefix}export.csv", _csv(_mixed(rows, rng)))
    for stream, records in _json_rows(persons).items():
        content = "\n".join(json.dumps(record) for record in _mixed(records, rng)) + "\n"
        _write(landing / stream / f"{prefix}export.json.gz", gzip.compress(content.encode()))
    lines = [f"17706{n:05d}|c{n}.1|orders|NONE|ENTERQUEUE||0049 {p.phones[1]}|1" for n, p in enumerate(persons)]
    start = ["1770600000|NONE|NONE|NONE|QUEUESTART|"] if rng is None else []
    _write(landing / "asterisk" / "queue_log" / f"{prefix}queue_log", "\n".join([*start, *lines, ""]))
    for person in persons:
        _broken(landing, person, prefix)


def _csv_rows(persons: list[Person]) -> dict[str, list[dict]]:
    rows: dict[str, list[dict]] = {name: [] for name in (
        "tickets", "calls", "order_lines", "messages", "ticket_status_changes", "survey_responses")}  # fmt: skip
    for person in persons:
        n, (email, _), (area, mobile) = person.number, person.emails, person.phones
        at = AT.format(n % 60)
        ticket = {"created_at": at, "updated_at": at, "status": "open", "channel": "email"}
        rows["tickets"] += [
            {"ticket_id": f"T{n}a", **ticket, "requester_email": email.upper(), "requester_phone": f"0{area}"},
            {"ticket_id": f"T{n}b", **ticket, "requester_email": email},
            {"ticket_id": f"T{n}bad", **ticket, "requester_email": email.upper(), "status": "no such status"},
        ]
        call = {"arrived_at": at, "direction": "inbound", "outcome": "answered", "stage_reached": "agent"}
        rows["calls"] += [
            {"call_id": f"H{n}a", **call, "caller_phone": f"+49 {mobile}", "customer_email": email},
            {"call_id": f"H{n}b", **call, "caller_phone": f"0{mobile[:4]}-{mobile[4:]}"},
            {"call_id": f"H{n}bad", **call, "caller_phone": f"0{area[:2]} {area[2:]}", "outcome": "no such outcome"},
        ]
        line = {"line_id": 1, "ordered_at": at, "marketplace": "shop", "status": "shipped", "product_id": "P",
                "quantity": 1, "unit_price": 10, "currency": "EUR", "customer_id": person.customer_id}  # fmt: skip
        rows["order_lines"] += [
            {"order_id": f"O{n}a", **line, "customer_email": email}, {"order_id": f"O{n}b", **line},
            {"order_id": f"O{n}bad", **line, "quantity": "no number"},
        ]  # fmt: skip
        message = {"ticket_id": f"T{n}a", "sent_at": at, "author_type": "customer", "is_public": "true"}
        rows["messages"].append({"message_id": f"M{n}", **message, "author_email": email, "body": f"{WORDS} 0{area}"})
        rows["ticket_status_changes"].append(
            {"ticket_id": f"T{n}a", "changed_at": at, "status": "open", "actor_email": email}
        )
        survey = {
            "survey_type": "csat",
            "question_id": "q",
            "scale_min": 1,
            "scale_max": 5,
            "score": 4,
            "offered_at": at,
        }
        rows["survey_responses"].append(
            {"response_id": f"R{n}", **survey, "contact_id": f"generic/tickets/T{n}a", "comment": f"{WORDS}, {email}"}
        )
    return rows


def _json_rows(persons: list[Person]) -> dict[str, list[dict]]:
    users, tickets, contacts = [], [], []
    for person in persons:
        n, (email, before), (area, mobile) = person.number, person.emails, person.phones
        at = AT.format(n % 60)
        user = {"id": n, "created_at": at, "role": "end-user", "active": True, "name": f"Kim O'Neil {n}"}
        users += [
            {**user, "updated_at": "2026-02-10T09:00:00Z", "email": before, "phone": None},
            {**user, "updated_at": at, "email": email.title(), "phone": f"+49 (0) {area}"},
        ]
        ticket = {"requester_id": n, "submitter_id": n, "created_at": at, "updated_at": at, "status": "open"}
        via = {"channel": "email", "source": {"from": {"address": email}}}
        tickets += [
            {"id": 7000000 + n, **ticket, "via": via, "description": f"{WORDS}: {area}"},
            {"id": 8000000 + n, **ticket, "via": via, "status": "no such status"},
        ]
        moments = ("InitiationTimestamp", "ConnectedToSystemTimestamp", "DisconnectTimestamp", "LastUpdateTimestamp")
        contact = {
            "ContactId": f"c-{n}",
            "Channel": "VOICE",
            "InitiationMethod": "INBOUND",
            **dict.fromkeys(moments, at),
        }
        address = {"Type": "TELEPHONE_NUMBER", "Address": f"+49{mobile}"}
        contacts.append({**contact, "CustomerEndpoint": address})
    return {"zendesk/users": users, "zendesk/tickets": tickets, "amazon_connect/contact_records": contacts}


def _broken(landing: Path, person: Person, prefix: str) -> None:
    """Files that cannot be read: cut off, without a required column, in UTF-16."""
    text = f"ticket_id,requester_email,requester_phone\nX,{person.emails[0].upper()},0{person.phones[0]}\n"
    folder, name = landing / "generic" / "tickets", f"{prefix}broken{person.number}"
    _write(folder / f"{name}.csv", text)
    _write(folder / f"{name}.utf16", (f"{prefix},\n" + text).encode("utf-16"))
    _write(folder / f"{name}.gz", gzip.compress((prefix + text * 50).encode())[:-9])


def _csv(rows: list[dict]) -> str:
    out = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _mixed(rows: list[dict], rng: random.Random | None) -> list[dict]:
    return rows if rng is None else rng.sample(rows, len(rows))


def _write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
