"""generic tickets, ticket_status_changes, messages (the marketplace help desk) and calls (the shop hotline), as CSV.

Belongs here: the columns of contract §3 for these four streams. Does not belong here: when something happens.
"""

from collections import defaultdict
from pathlib import Path

from ingestion.simulator.output import DAY, WeeklyStream
from ingestion.simulator.ticket import Entry, Step, Ticket
from ingestion.simulator.world import ISSUES, PRODUCTS, TEAM, customer_email, customer_phone

TICKETS = (
    "ticket_id,created_at,updated_at,status,channel,subject_type,priority,brand,team,assignee_email,requester_email,"
    "requester_phone,created_by,issue_type,issue_category,product,tags,complexity,order_id,escalated_at,escalation_reason,"
    "first_replied_at,first_solved_at,solved_at,reopens,public_replies"
)
STATUS_CHANGES = "ticket_id,changed_at,status,actor_email"
MESSAGES = "message_id,ticket_id,sent_at,author_type,is_public,author_email,team,resource_used"
CALLS = (
    "call_id,arrived_at,direction,outcome,stage_reached,queue,team,queued_at,answered_at,ended_at,talk_seconds,hold_seconds,"
    "wrap_up_seconds,agent_email,caller_phone,customer_email,ticket_id,disposition,disposition_class,issue_type,"
    "issue_category,transferred_to_team,escalated,escalation_reason"
)
_SUFFIXES = (".csv", ".csv.gz", ".csv.zst")
_AUTHORS = {
    Step.CREATE: ("customer", "true"), Step.MESSAGE: ("customer", "true"), Step.THANKS: ("customer", "true"),
    Step.REPLY: ("agent", "true"), Step.NOTE: ("agent", "false"), Step.BOT: ("bot", "true"),
}  # fmt: skip
_RESOURCES = ("macro:tracking", "macro:return", "article:warranty", "script:apology")
BRANDS = ("Shop", "Outlet")


class GenericExport:
    """Listens to the tickets of the marketplace help desk and to the calls of the hotline."""

    def __init__(self, world, landing: Path) -> None:
        self._world, self._calendar, self._rng = world, world.calendar, world.rng
        streams = (
            ("tickets", TICKETS),
            ("ticket_status_changes", STATUS_CHANGES),
            ("messages", MESSAGES),
            ("calls", CALLS),
        )
        self._streams = {
            name: WeeklyStream(landing, world.calendar, "generic", name, suffixes=_SUFFIXES, header=header)
            for name, header in streams
        }
        self._changes: list[tuple[int, int, str]] = []
        self._messages: list[tuple[int, int, str]] = []
        self._calls: dict[int, list[tuple[int, str]]] = defaultdict(list)
        self._week: dict[Ticket, None] = {}

    def event(self, ticket: Ticket, entry: Entry, before: str) -> None:
        """The message and the status change of one entry, if any."""
        at, step = entry.at, entry.step
        actor = entry.agent.email if entry.agent is not None else ""
        if step is Step.CREATE or ticket.status != before:
            row = f"{ticket.number},{self._calendar.iso(at)},{_status(ticket)},{actor}"
            self._changes.append((at, ticket.number, row))
        if step in _AUTHORS and not (step is Step.CREATE and ticket.creator is not None):
            author, public = _AUTHORS[step]
            resource = ""
            if author == "agent" and self._rng.random() < 0.5:
                resource = _RESOURCES[ticket.issue % len(_RESOURCES)]
            row = (
                f"{ticket.number}-{entry.number},{ticket.number},{self._calendar.iso(at)},{author},{public},{actor},"
                f"{TEAM[ticket.team].name if author == 'agent' else ''},{resource}"
            )
            self._messages.append((at, ticket.number, row))

    def _ticket(self, ticket: Ticket) -> str:
        when, issue, number = self._calendar.iso_or_blank, ISSUES[ticket.issue], ticket.number
        # Half of the tickets carry the type in its column, the others only as a tag.
        in_column = ticket.tagged and number % 2 == 0
        tags = issue.key if ticket.tagged and not in_column else ""
        return (
            f"{number},{when(ticket.created)},{when(ticket.updated)},{_status(ticket)},{ticket.channel},"
            f"{'order' if ticket.order else 'question'},{ticket.priority or ''},"
            f"{BRANDS[ticket.brand]},{TEAM[ticket.team].name},"
            f"{ticket.assignee.email if ticket.assignee else ''},{customer_email(ticket.customer)},"
            f"{customer_phone(ticket.customer) if ticket.channel in ('whatsapp', 'phone') else ''},"
            f"{'agent' if ticket.creator else 'customer'},{issue.key if in_column else ''},"
            f"{issue.category if in_column else ''},"
            f"{PRODUCTS[ticket.product][0]},{tags},,{ticket.order or ''},{when(ticket.escalated_at)},,"
            f"{when(ticket.first_replied)},{when(ticket.first_solved)},{when(ticket.solved)},{ticket.reopens},{ticket.replies}"
        )

    @staticmethod
    def contact_id(call) -> str:
        """The id other tools know the call by."""
        return f"generic/calls/H{call.number:08d}"

    def call(self, call) -> None:
        """A finished call of the hotline; wrap-up and disposition are there only where an agent spoke."""
        when, issue, answered = self._calendar.iso_or_blank, ISSUES[call.issue], call.agent is not None
        done = call.ended + (call.wrap if answered else 0)
        spoken = f"{call.talk},{call.hold},{call.wrap}" if answered else ",,"
        known = call.customer is not None
        escalated = answered and issue.category == "complaint" and call.number % 7 == 0
        label = issue.key if answered and call.number % 10 else ""
        reason = ("supervisor", "management")[call.number % 2] if escalated else ""
        row = (
            f"H{call.number:08d},{when(call.arrived)},{call.kind.lower()},{call.outcome},{call.stage},"
            f"{call.queue or ''},{'Shop Hotline' if call.queue else ''},{when(call.queued)},{when(call.answered)},"
            f"{when(call.ended)},{spoken},"
            f"{call.agent.email if answered else ''},{customer_phone(call.customer) if known else 'anonymous'},"
            f"{customer_email(call.customer) if known and call.number % 3 == 0 else ''},"
            f"{call.ticket.number if call.ticket else ''},"
            f"{label},{call.disposition_class or ''},,,{'Supervisors' if call.transfer else ''},"
            f"{str(escalated).lower()},{reason}"
        )
        self._calls[done // DAY].append((done, row))

    def export_day(self, day: int, touched: list[Ticket]) -> None:
        """Appends the day's messages, changes and calls; the tickets of a week once, as they stand at its end."""
        self._messages.sort()
        self._changes.sort(key=lambda change: change[:2])
        self._streams["messages"].add(day, [row for _, _, row in self._messages])
        self._streams["ticket_status_changes"].add(day, [row for _, _, row in self._changes])
        self._streams["calls"].add(day, [row for _, row in sorted(self._calls.pop(day, ()))])
        self._messages, self._changes = [], []
        self._week.update(dict.fromkeys(touched))
        rows = []
        if (day + 1) % 7 == 0:
            rows = [self._ticket(ticket) for ticket in sorted(self._week, key=lambda ticket: ticket.number)]
            self._week = {}
        self._streams["tickets"].add(day, rows)


def _status(ticket: Ticket) -> str:
    return "merged" if ticket.is_merged else ticket.status
