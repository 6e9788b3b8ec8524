"""Zendesk exports: tickets, ticket_events, users, groups, brands, schedules, holidays, satisfaction_ratings.

Belongs here: the spelling of Zendesk's JSON. Does not belong here: when something happens; pages (`zendesk_pages.py`).
"""

from collections import defaultdict
from pathlib import Path

from ingestion.simulator.output import DAY
from ingestion.simulator.ticket import Entry, Step, Ticket
from ingestion.simulator.world import ISSUES, PRODUCTS, Agent, customer_email, customer_phone
from ingestion.simulator.zendesk_pages import PagedStream, write_snapshots

GROUP_IDS = {"care": 990, "social": 991, "complaints": 992, "en": 993}
BRAND_IDS = (12, 13)
RECIPIENTS = ("help@shop.example", "outlet@shop.example")
AGENT_ID, CUSTOMER_ID, ADMIN_ID = 5511000000000, 5512000000000, 5510000000001
# Zendesk spells one thing in two ways; the second spelling is the rarer one.
VIA = {
    "email": ("email", "mail"), "web": ("web", "web_form"), "facebook": ("facebook_post", "facebook_post"),
    "instagram": ("instagram_dm", "instagram_dm"), "x": ("twitter_dm", "twitter_dm"),
    "chat": ("native_messaging", "chat"), "phone": ("voice", "phone_call_inbound"),
}  # fmt: skip
_MESSAGING = ("chat", "facebook", "instagram", "x")


def agent_id(agent: Agent | None) -> str:
    """The user id of an agent as a JSON literal; null for nobody."""
    return "null" if agent is None else str(AGENT_ID + agent.number)


class ZendeskExport:
    """Listens to tickets and writes what Zendesk would export about them."""

    def __init__(self, world, landing: Path) -> None:
        self._world, self._calendar, self._rng = world, world.calendar, world.rng
        self._tickets = PagedStream(landing, world.calendar, "tickets", "cursor")
        self._events = PagedStream(landing, world.calendar, "ticket_events", "time")
        self._users = PagedStream(landing, world.calendar, "users", "cursor")
        self._ratings = PagedStream(landing, world.calendar, "satisfaction_ratings", "plain")
        self._audits: list[tuple[int, int, str]] = []
        self._new_users: list[tuple[int, int, str]] = []
        self._rated: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        self._known = bytearray()
        self._count = 0
        self._staff = [agent for pool in world.pools.values() if pool.team.key in GROUP_IDS for agent in pool.agents]
        write_snapshots(landing, world.calendar)

    def event(self, ticket: Ticket, entry: Entry, before: str) -> None:
        """One audit with its child events."""
        step, at, children = entry.step, entry.at, []
        via = VIA[ticket.channel][ticket.number % 10 == 0]
        requester = CUSTOMER_ID + ticket.customer
        if step is Step.CREATE:
            self._user(ticket.customer, at)
            updater = str(requester) if ticket.creator is None else agent_id(ticket.creator)
            children.append(self._field(ticket, "Create", "status", "new", None))
            children.append(self._field(ticket, "Create", "group_id", GROUP_IDS[ticket.team], None))
            ticket.shown_assignee = ticket.creator
            if ticket.creator is not None:
                children.append(self._field(ticket, "Create", "assignee_id", updater, None))
            else:
                children.append(self._comment(at, requester, "true", via))
        elif step is Step.MESSAGE:
            updater = str(requester)
            children.append(self._comment(at, requester, "true", via))
        elif step in (Step.REPLY, Step.NOTE):
            updater = agent_id(entry.agent)
            kind = "VoiceComment" if step is Step.NOTE and ticket.channel == "phone" else "Comment"
            children.append(self._comment(at, updater, "true" if step is Step.REPLY else "false", "web", kind))
        elif step is Step.BOT:
            updater = "-1"
            children.append(self._comment(at, -1, "true", "rule"))
        elif step is Step.ESCALATE:
            updater = agent_id(entry.agent)
            children.append(self._field(ticket, "Change", "group_id", GROUP_IDS["complaints"], GROUP_IDS["care"]))
            children.append(self._field(ticket, "Change", "tags", self._tags(ticket), None))
        else:
            updater = agent_id(entry.agent) if entry.agent else "-1"
        if step is not Step.CREATE:
            if ticket.assignee is not ticket.shown_assignee:
                old = agent_id(ticket.shown_assignee)
                children.append(self._field(ticket, "Change", "assignee_id", agent_id(ticket.assignee), old))
                ticket.shown_assignee = ticket.assignee
            if ticket.status != before:
                children.append(self._field(ticket, "Change", "status", self._status(ticket.status), before))
        if not children:
            return
        self._count += 1
        said = f'"{via}"' if ticket.number % 2 else f'{{"channel":"{via}"}}'
        self._audits.append((at, self._count, (
            f'{{"id":{77000000000 + self._count},"ticket_id":{ticket.number},"timestamp":{self._calendar.epoch(at)},'
            f'"created_at":"{self._calendar.iso(at)}","updater_id":{updater},"via":{said},"event_type":"Audit",'
            f'"child_events":[{",".join(children)}]}}'
        )))  # fmt: skip
        if ticket.status == "solved" and before != "solved":
            self._rating(ticket, at)

    def _comment(self, at: int, author: int | str, public: str, via: str, kind: str = "Comment") -> str:
        self._count += 1
        return (
            f'{{"id":{88000000000 + self._count},"event_type":"{kind}","author_id":{author},"public":{public},'
            f'"via":{{"channel":"{via}"}},"body":"Grüße …","created_at":"{self._calendar.iso(at)}"}}'
        )

    def _field(self, ticket: Ticket, kind: str, name: str, value: object, previous: object) -> str:
        """A changed field, in one of the two spellings."""
        self._count += 1
        value, previous = (
            f'"{v}"' if isinstance(v, str) and v.isalpha() and v != "null" else v for v in (value, previous)
        )
        previous = "null" if previous is None else previous
        ident = 88000000000 + self._count
        if ticket.number % 3 == 1:
            was = f',"previous_value":{previous}' if kind == "Change" else ""
            return f'{{"id":{ident},"type":"{kind}","field_name":"{name}","value":{value}{was}}}'
        was = f',"previous_value":{previous}' if kind == "Change" else ""
        return f'{{"id":{ident},"event_type":"{kind}","{name}":{value}{was}}}'

    @staticmethod
    def _status(status: str) -> str:
        return "deleted" if status == "spam" else status

    @staticmethod
    def _tags(ticket: Ticket) -> str:
        tags = [ISSUES[ticket.issue].key, PRODUCTS[ticket.product][0].replace("-", "_")] if ticket.tagged else []
        if ticket.escalated_at is not None:
            tags.append("escalated_management" if ticket.reached_management else "escalated")
        if ticket.is_merged:
            tags.append("closed_by_merge")
        return "[" + ",".join(f'"{tag}"' for tag in tags) + "]"

    def _version(self, ticket: Ticket, generated: int) -> str:
        calendar, number = self._calendar, ticket.number
        source = f'"rel":{"null" if ticket.channel != "phone" else chr(34) + "inbound" + chr(34)}'
        if ticket.channel == "email":
            sender, to = customer_email(ticket.customer), RECIPIENTS[ticket.brand]
            source = f'"from":{{"address":"{sender}"}},"to":{{"address":"{to}"}},{source}'
        elif ticket.channel == "phone":
            source = f'"from":{{"phone":"{customer_phone(ticket.customer)}"}},{source}'
        requester = CUSTOMER_ID + ticket.customer
        submitter = requester if ticket.creator is None else agent_id(ticket.creator)
        reply = _minutes(calendar, ticket.created, ticket.first_replied)
        first = _minutes(calendar, ticket.created, ticket.first_solved)
        full = _minutes(calendar, ticket.created, ticket.solved)
        seconds = "null"
        if ticket.channel in _MESSAGING and ticket.first_replied is not None:
            seconds = f'{{"calendar":{ticket.first_replied - ticket.created},"business":null}}'
        priority = "null" if ticket.priority is None else f'"{ticket.priority}"'
        created, updated = calendar.iso(ticket.created), calendar.iso(ticket.updated)
        return (
            f'{{"id":{number},"via":{{"channel":"{VIA[ticket.channel][number % 10 == 0]}","source":{{{source}}}}},'
            f'"created_at":"{created}","updated_at":"{updated}","generated_timestamp":{generated},"type":null,'
            f'"subject":"{ISSUES[ticket.issue].key.replace("_", " ")}","priority":{priority},'
            f'"status":"{self._status(ticket.status)}","recipient":"{RECIPIENTS[ticket.brand]}","requester_id":{requester},'
            f'"submitter_id":{submitter},"assignee_id":{agent_id(ticket.assignee)},"group_id":{GROUP_IDS[ticket.shown_team]},'
            f'"brand_id":{BRAND_IDS[ticket.brand]},"tags":{self._tags(ticket)},'
            f'"custom_fields":[{{"id":36001,"value":"{PRODUCTS[ticket.product][0]}"}},{{"id":36002,"value":["a","b"]}}],'
            f'"satisfaction_rating":{{"score":"unoffered"}},'
            f'"is_public":{"false" if ticket.channel == "phone" else "true"},'
            f'"metric_set":{{"ticket_id":{number},"created_at":"{created}","updated_at":"{updated}","reopens":{ticket.reopens},'
            f'"replies":{ticket.replies},"reply_time_in_minutes":{reply},"reply_time_in_seconds":{seconds},'
            f'"first_resolution_time_in_minutes":{first},"full_resolution_time_in_minutes":{full},'
            f'"on_hold_time_in_minutes":{{"calendar":0,"business":0}},"solved_at":{calendar.iso_or_null(ticket.solved)}}}}}'
        )

    def _user(self, customer: int, at: int) -> None:
        if customer >= len(self._known):
            self._known.extend(bytes(customer + 1000 - len(self._known)))
        if self._known[customer]:
            return
        self._known[customer] = 1
        when = self._calendar.iso(at)
        phone = "null" if customer % 4 == 0 else f'"{customer_phone(customer)}"'
        self._count += 1
        self._new_users.append((at, self._count, (
            f'{{"id":{CUSTOMER_ID + customer},"name":"Customer {customer}","email":"{customer_email(customer)}",'
                    f'"phone":{phone},'
            f'"role":"end-user","active":true,"suspended":false,"created_at":"{when}","updated_at":"{when}"}}'
        )))  # fmt: skip

    def _staff_user(self, agent: Agent, at: int, role: str) -> str:
        created = self._calendar.iso(-self._calendar.days * DAY)
        return (
            f'{{"id":{AGENT_ID + agent.number},"name":"{agent.name}","email":"{agent.email}","phone":null,'
            f'"role":"{role}","active":true,"suspended":false,"created_at":"{created}","updated_at":"{self._calendar.iso(at)}"}}'
        )

    def _rating(self, ticket: Ticket, at: int) -> None:
        rng = self._rng
        if ticket.channel == "phone" or rng.random() > 0.5:
            return
        offered, answered = at + 3600, at + 3600 + int(rng.expovariate(1 / 40000))
        happy = rng.random() < (0.91 if ISSUES[ticket.issue].category != "complaint" else 0.6) - 0.1 * min(
            ticket.reopens, 2
        )
        self._count += 1
        head = (
            f'{{"id":{660000000 + self._count},"ticket_id":{ticket.number},"assignee_id":{agent_id(ticket.assignee)},'
            f'"group_id":{GROUP_IDS[ticket.shown_team]},"requester_id":{CUSTOMER_ID + ticket.customer},'
            f'"created_at":"{self._calendar.iso(offered)}"'
        )
        versions = [(offered, "offered")] + ([(answered, "good" if happy else "bad")] if rng.random() < 0.3 else [])
        for when, score in versions:
            if when < 0:
                text = f'{head},"updated_at":"{self._calendar.iso(when)}","score":"{score}"}}'
                self._rated[when // DAY].append((when, self._count, text))

    def export_day(self, day: int, touched: list[Ticket]) -> None:
        """Writes the night's pages: every touched ticket as it stands, the audits, new users, ratings."""
        epoch, last = self._calendar.epoch, self._calendar.epoch((day + 1) * DAY) - 1
        rows = []
        for ticket in touched:
            updated = min(epoch(ticket.updated) + 3, last)
            rows.append((updated, ticket.number, self._version(ticket, updated)))
            if ticket.number % 29 == 0 and updated + 3600 < last:
                # A change by the system moves generated_timestamp alone.
                rows.append((updated + 3600, ticket.number, self._version(ticket, updated + 3600)))
        self._tickets.add(day, rows)
        self._events.add(day, [(epoch(at), number, text) for at, number, text in self._audits])
        if day == -self._calendar.days:
            start = day * DAY
            self._new_users += [
                (start, n - len(self._staff), self._staff_user(a, start, "agent")) for n, a in enumerate(self._staff)
            ]
        for agent in self._staff:
            if agent.leaves_at is not None and agent.leaves_at // DAY == day:
                gone = agent.leaves_at + 64800
                self._new_users.append((gone, 0, self._staff_user(agent, gone, "end-user")))
        self._users.add(day, [(epoch(at), number, text) for at, number, text in self._new_users])
        self._ratings.add(day, [(epoch(at), number, text) for at, number, text in self._rated.pop(day, ())])
        self._audits, self._new_users = [], []


def _minutes(calendar, start: int, end: int | None) -> str:
    """{calendar, business} minutes as Zendesk would state them (Monday to Saturday, 07:00-19:00 UTC)."""
    if end is None:
        return '{"calendar":null,"business":null}'
    business = (_open_seconds(calendar, end) - _open_seconds(calendar, start)) // 60
    return f'{{"calendar":{(end - start) // 60},"business":{business}}}'


def _open_seconds(calendar, second: int) -> int:
    day, rest = divmod(second, DAY)
    week, weekday = divmod(day + calendar.weekday, 7)
    today = 0 if weekday == 6 else min(max(rest - 7 * 3600, 0), 12 * 3600)
    return (week * 6 + min(weekday, 6)) * 12 * 3600 + today
