"""From what the export says to channel, target, issue type, queue and escalation, by the configured tables.

In every table the first row that matches wins. Values are matched exactly.
"""

from datetime import datetime

from tests.reference.seeing import happened
from tests.reference.world import World

GROUPS = {
    "email": "email", "web": "web", "phone": "phone", "chat": "chat", "bot": "chat", "facebook_messenger": "social",
    "facebook": "social", "x": "social", "instagram": "social", "whatsapp": "social", "sms": "social",
    "amazon": "marketplace", "ebay": "marketplace", "shop": "marketplace", "other": "other",
}  # fmt: skip


def tags_of(row: dict) -> list[str]:
    return [tag for tag in (row.get("tags") or "").split(";") if tag]


def ticket_channel_row(world: World, ticket: dict, instant: datetime) -> dict | None:
    """The first row of channels.csv in force on the instant's local day that matches the ticket."""
    said = {"via": [ticket["channel"]], "brand": [ticket.get("brand")], "tag": tags_of(ticket)}
    for row in world.table_in_force("channels", world.local_day(instant)):
        if row["match_value"] in said.get(row["match_field"], []):
            return row
    return None


def ticket_channel(world: World, ticket: dict, instant: datetime) -> str:
    """A mapped spelling is its channel, an unmapped canonical name itself, anything else `other`."""
    row = ticket_channel_row(world, ticket, instant)
    if row:
        return row["channel"]
    return ticket["channel"] if ticket["channel"] in GROUPS else "other"


def call_channel(world: World, call: dict) -> str:
    """Phone, unless a queue row says otherwise."""
    for row in world.table_in_force("channels", world.local_day(call["arrived_at"])):
        if row["match_field"] == "queue" and row["match_value"] == call.get("queue"):
            return row["channel"]
    return "phone"


def queue_row(world: World, call: dict) -> dict:
    """The queue's row in force at the queue entry (on arrival, when it never queued)."""
    day = world.local_day(call.get("queued_at") or call["arrived_at"])
    rows = [row for row in world.table_in_force("queues", day) if row["queue"] == call.get("queue")]
    return rows[0] if rows else {"team": None, "service_level_seconds": None, "calendar_id": None}


def call_team(world: World, call: dict) -> str | None:
    return queue_row(world, call)["team"] or call.get("team")


def call_calendar(world: World, call: dict) -> str | None:
    """Its queue's, else that of the phone row of channels.csv, the first there is."""
    own = queue_row(world, call)["calendar_id"]
    if own:
        return own
    in_force = world.table_in_force("channels", world.local_day(call["arrived_at"]))
    phone = [row for row in in_force if row["match_field"] == "via" and row["channel"] == "phone"]
    return phone[0]["calendar_id"] if phone else None


def calendar(world: World, calendar_id: str | None) -> tuple[list[dict], list[dict]]:
    """Its openings and holidays; no openings is open around the clock."""
    if calendar_id is None:
        return [], []
    openings = [row for row in world.configuration["calendars"] if row["calendar_id"] == calendar_id]
    return openings, [row for row in world.configuration["holidays"] if row["calendar_id"] == calendar_id]


def issue(world: World, row: dict, said: dict[str, list]) -> tuple[str | None, str | None, str | None]:
    """(type, category, product): an explicit column beats a mapped value; a type without category gets it by name."""
    rules = world.table("issue_types")
    matches = [rule for rule in rules if rule["match_value"] in said.get(rule["match_field"], [])]
    mapped = matches[0] if matches else {"issue_type": None, "issue_category": None, "product": None}
    issue_type = row.get("issue_type") or mapped["issue_type"]
    category = row.get("issue_category")
    if not category and issue_type == mapped["issue_type"]:
        category = mapped["issue_category"]
    if not category and issue_type:
        named = [rule["issue_category"] for rule in rules if rule["issue_type"] == issue_type]
        category = next(filter(None, named), None)
    return issue_type, category, row.get("product") or mapped["product"]


def text_issue(world: World, pattern: str | None) -> str | None:
    """The type that a comment's words stand for."""
    return issue(world, {}, {"text": [pattern]})[0] if pattern else None


def ticket_issue(world: World, ticket: dict) -> tuple[str | None, str | None, str | None]:
    said = {"tag": tags_of(ticket), "type": [ticket.get("subject_type")], "text": ticket.get("patterns", [])}
    return issue(world, ticket, said)


def call_issue(world: World, call: dict) -> tuple[str | None, str | None, str | None]:
    return issue(world, call, {"disposition": [call.get("disposition")]})


def ticket_escalation(world: World, ticket: dict) -> tuple[str | None, bool] | None:
    """(reason, reached management) of an escalated ticket, by its own columns or by configuration."""
    configured = _configured_escalation(world, {"tag": tags_of(ticket), "group": [ticket.get("team")]})
    own = _own_escalation(ticket) if happened(ticket.get("escalated_at"), world.as_of) else None
    return both_escalations(own, configured)


def call_escalation(world: World, call: dict) -> tuple[str | None, bool] | None:
    configured = _configured_escalation(world, {"queue": [call.get("queue")]})
    return both_escalations(_own_escalation(call) if call.get("escalated") else None, configured)


def _own_escalation(row: dict) -> tuple[str | None, bool]:
    return row.get("escalation_reason"), row.get("escalation_reason") == "management"


def both_escalations(first: tuple | None, second: tuple | None) -> tuple[str | None, bool] | None:
    """The first reason there is; management was reached when either says so."""
    if first is None or second is None:
        return first or second
    return first[0] or second[0], first[1] or second[1]


def _configured_escalation(world: World, said: dict[str, list]) -> tuple[str, bool] | None:
    for row in world.table("escalations"):
        if row["match_value"] in said.get(row["match_field"], []):
            return row["reason"], row["is_management"]
    return None
