"""The life of a call: greeting, menu, queue with patience, agent, transfer, callback, redialling.

Belongs here: what happens and when, for every phone site. Does not belong here: how a vendor writes it down.
"""

from ingestion.simulator.incidents import Incident, Kind, active
from ingestion.simulator.output import DAY
from ingestion.simulator.ticket import CLOSES_AFTER, Step
from ingestion.simulator.world import ISSUES, PHONE_QUEUES, Agent

QUEUE_TIMEOUT = 600
OPENS, CLOSES = 8 * 3600, 20 * 3600
_SITES = ("de", "en", "hotline")
_ORDER_ISSUES = ("order_status", "delivery", "billing")


class Call:
    """One call (or one leg, after a transfer or callback). None = did not happen."""

    __slots__ = (
        "agent", "answered", "arrived", "customer", "disposition_class", "ended", "first", "hold", "issue", "kind",
        "number", "outcome", "previous", "queue", "queued", "redials", "ring", "site", "stage", "talk", "ticket",
        "transfer", "wrap",
    )  # fmt: skip

    def __init__(self, number: int, site: str, at: int, customer: int | None, issue: int) -> None:
        self.number, self.site, self.arrived, self.customer, self.issue = number, site, at, customer, issue
        self.queue, self.stage, self.outcome, self.kind = None, "greeting", None, "INBOUND"
        self.queued = self.answered = self.ended = self.agent = self.ticket = self.disposition_class = None
        self.talk = self.hold = self.wrap = self.ring = self.redials = 0
        self.first = self.previous = self.transfer = None


class PhoneDesk:
    """Plays calls on the agenda of the running Simulation and hands finished ones to the exports of their site."""

    def __init__(self, world, asterisk, connect, generic, incidents: tuple[Incident, ...]) -> None:
        self._world, self._rng, self._count = world, world.rng, 0
        self._incidents = tuple(incident for incident in incidents if incident.kind is Kind.HURRY)
        self._asterisk, self._connect = asterisk, connect
        self._exports = {"de": asterisk, "en": connect, "supervisors": connect, "hotline": generic}

    def ring(self, at: int, site: str) -> None:
        """Somebody calls for the first time."""
        customer = None if self._rng.random() < 0.04 else self._world.customers.next()
        self._begin(at, site, customer, self._world.issue(), 0)

    def ring_again(self, at: int, call: Call) -> None:
        """A caller who hung up dials again."""
        self._begin(at, call.site, call.customer, call.issue, call.redials + 1)

    def call_in_hours(self, at: int, customer: int | None, issue: int) -> None:
        """Plans a call of a known customer at the next opening hour from `at` on."""
        day, rest = divmod(at, DAY)
        if not OPENS + 3600 <= rest < CLOSES - 3600:
            day, rest = day + 1, OPENS + 3600 + int(self._rng.random() * 9 * 3600)
        if self._world.calendar.weekday_of(day) == 6:
            day += 1
        self._world.plan(day * DAY + rest, self._ring_known, (customer, issue))

    def _ring_known(self, at: int, who: tuple[int | None, int]) -> None:
        self._begin(at, _SITES[int(self._rng.random() * 3)], who[0], who[1], 0)

    def _new(self, at: int, site: str, customer: int | None, issue: int) -> Call:
        self._count += 1
        return Call(self._count, site, at, customer, issue)

    def _begin(self, at: int, site: str, customer: int | None, issue: int, redials: int) -> None:
        rng = self._rng
        call = self._new(at, site, customer, issue)
        call.redials = redials
        queues = PHONE_QUEUES[site]
        category = ISSUES[issue].category
        call.queue = queues[-1] if category == "return_request" else queues[1 if category in _ORDER_ISSUES else 0]
        open_now = OPENS <= at % DAY < CLOSES and self._world.calendar.weekday_of(at // DAY) < 6
        if site == "hotline" and not open_now:
            call.outcome, call.ended, call.queue = "closed", at + 25, None
            self._done(call)
            return
        menu = 6 if site == "de" else 15 + int(rng.random() * 35)
        if site != "de" and rng.random() < 0.02:
            early = rng.random() < 0.3
            call.stage = "greeting" if early else "ivr"
            call.outcome, call.ended, call.queue = "abandoned", at + (5 if early else menu), None
            self._done(call)
            return
        self._world.plan(at + menu, self.enqueue, call)

    def enqueue(self, at: int, call: Call) -> None:
        """The call enters its queue: answered when an agent is free within its patience, else lost."""
        rng = self._rng
        call.queued, call.stage = at, "queue"
        call.ring = 2 + int(rng.random() * 7)
        call.talk = self._talk(at, call.site)
        call.hold = int(rng.expovariate(1 / 50)) if rng.random() < 0.25 else 0
        call.wrap = 10 + int(rng.expovariate(1 / 35))
        patience = 4 + int(rng.expovariate(1 / 260))
        team = "supervisors" if call.site == "supervisors" else call.site
        busy = call.ring + call.talk + call.hold + call.wrap
        taken = self._world.pools[team].take(at, busy, at + min(patience, QUEUE_TIMEOUT))
        if taken is None:
            self._lost(at, call, patience)
        else:
            self._answered(call, *taken)

    def _lost(self, at: int, call: Call, patience: int) -> None:
        rng = self._rng
        if call.site in ("en", "hotline") and patience > 90 and rng.random() < 0.12:
            call.outcome, call.ended = "callback_requested", at + 75
            if call.site == "en":
                back = self._new(at + 75, "en", call.customer, call.issue)
                back.kind, back.queue, back.first, back.previous = "CALLBACK", call.queue, call.first or call, call
                call.transfer = back
                self._world.plan(at + 75 + 900, self.call_back, back)
        elif patience < QUEUE_TIMEOUT:
            call.outcome, call.ended = "abandoned", at + patience
            if call.site != "supervisors" and call.redials < 3 and rng.random() < 0.45:
                self._world.plan(call.ended + 120 + int(rng.expovariate(1 / 900)), self.ring_again, call)
        else:
            voicemail = call.site == "hotline" and rng.random() < 0.4
            call.outcome, call.ended = ("voicemail" if voicemail else "timeout"), at + QUEUE_TIMEOUT
        self._done(call)

    def call_back(self, at: int, call: Call) -> None:
        """An agent calls the customer back when one is free."""
        call.queued, call.stage, call.ring = at, "queue", 4
        call.talk, call.wrap = self._talk(at, "en"), 30
        self._answered(call, *self._world.pools["en"].take(at, 34 + call.talk))

    def _hurry(self, at: int, site: str) -> float:
        """Share of the usual time and of the usual successes of a call that begins then; 1 without incident."""
        incident = active(self._incidents, Kind.HURRY, at, site)
        return 1.0 if incident is None else incident.amount

    def _talk(self, at: int, site: str) -> int:
        return int((30 + self._rng.lognormvariate(5.3, 0.6)) * self._hurry(at, site))

    def _answered(self, call: Call, start: int, agent: Agent) -> None:
        rng = self._rng
        call.agent, call.answered, call.stage, call.outcome = agent, start + call.ring, "agent", "answered"
        call.ended = call.answered + call.talk + call.hold
        self._world.people.worked(agent, call.answered, call.talk + call.hold, call.wrap)
        fate = rng.random() * 0.85
        settled = fate < ISSUES[call.issue].settle * self._hurry(call.queued, call.site)
        call.disposition_class = "resolved" if settled else ("unresolved", "follow_up")[int(rng.random() * 2)]
        if call.site != "supervisors" and rng.random() < (0.05 if settled else 0.12):
            self._transfer(call)
        elif not settled and rng.random() < 0.5:
            self._world.plan(call.ended + DAY // 2 + int(rng.random() * 5 * DAY), self._back_soon, call)
        if rng.random() < {"en": 0.6, "hotline": 0.25}.get(call.site, 0):
            self._link_ticket(call)
        if call.first is None:
            self._judge(call, settled)
        self._done(call)

    def _judge(self, call: Call, settled: bool) -> None:
        """The caller may be asked how it went, and somebody may listen to the recording."""
        contact = self._exports[call.site].contact_id(call)
        self._world.surveys.after_call(call, contact, settled, self._hurry(call.queued, call.site) < 1)
        self._world.people.recorded(call, contact)

    def _transfer(self, call: Call) -> None:
        if call.site == "en":
            leg = self._new(call.ended, "supervisors", call.customer, call.issue)
            leg.kind, leg.queue, leg.first, leg.previous = (
                "TRANSFER",
                PHONE_QUEUES["supervisors"][0],
                call.first or call,
                call,
            )
            call.transfer = leg
            self._world.plan(call.ended, self.enqueue, leg)
        else:
            call.transfer = True
            call.disposition_class = None if call.site == "de" else "follow_up"

    def _back_soon(self, at: int, call: Call) -> None:
        self.call_in_hours(at, call.customer, call.issue)

    def _link_ticket(self, call: Call) -> None:
        """The agent writes a phone ticket during the call."""
        if call.customer is None or call.ended + call.wrap >= 0:
            return
        source = "generic" if call.site == "hotline" else "zendesk"
        ticket = self._world.desk.create(call.answered + 20, "phone", source, call.site, call.customer, call.issue)
        ticket.creator, ticket.assignee, call.ticket = call.agent, call.agent, ticket
        self._world.log(ticket, call.answered + 30, Step.NOTE, call.agent)
        solved = call.ended + call.wrap + (0 if call.disposition_class == "resolved" else DAY)
        self._world.log(ticket, solved, Step.SOLVE, call.agent)
        self._world.log(ticket, solved + CLOSES_AFTER, Step.CLOSE, None)

    def _done(self, call: Call) -> None:
        # A record is written when the call and its wrap-up are over; Asterisk logs line by line and cuts for itself.
        if call.site == "de" or call.ended + call.wrap < -1:
            self._exports[call.site].call(call)

    def plan_other_contacts(self, day: int) -> None:
        """Outbound calls of the hotline, chats and tasks: no calls of customers, but in the exports."""
        rng = self._rng
        for _ in range(1 + int(rng.random() * 2 + len(self._world.pools["en"].agents) / 8)):
            at = day * DAY + OPENS + int(rng.random() * (CLOSES - OPENS - 1800))
            self._world.plan(at, self._connect.other, self._world.customers.next(0.9))
            self._world.plan(at + 60, self._outbound, self._world.customers.next(0.9))

    def _outbound(self, at: int, customer: int) -> None:
        call = self._new(at, "hotline", customer, self._world.issue())
        agents = self._world.pools["hotline"].agents
        call.kind, call.agent, call.outcome, call.stage = (
            "OUTBOUND",
            agents[int(self._rng.random() * len(agents))],
            "answered",
            "agent",
        )
        call.answered, call.talk = at + 8, 40 + int(self._rng.expovariate(1 / 90))
        call.ended = call.answered + call.talk
        self._done(call)

    def export_day(self, day: int) -> None:
        """Writes the lines and records of the day."""
        self._asterisk.export_day(day)
        self._connect.export_day(day)
