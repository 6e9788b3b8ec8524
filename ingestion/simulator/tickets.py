"""What happens to tickets: turns between customer and agents, solving, reopening, escalation, merging, spam.

Belongs here: what happens and when. Does not belong here: the state of a ticket (`ticket.py`), vendor formats.
"""

from ingestion.simulator.incidents import Incident, Kind, active
from ingestion.simulator.output import DAY
from ingestion.simulator.ticket import CLOSES_AFTER, Step, Ticket
from ingestion.simulator.world import CHANNEL, ISSUES, Agent

MAX_TURNS = 6


class TicketDesk:
    """Decides what happens to tickets. `world` is the running Simulation: pools, agenda, random numbers."""

    def __init__(self, world, incidents: tuple[Incident, ...]) -> None:
        self._world, self._rng, self._count = world, world.rng, 0
        self._incidents = tuple(i for i in incidents if i.kind in (Kind.UNANSWERED, Kind.SLOW_REPLIES, Kind.SILENT))

    def create(self, at: int, channel: str, source: str, team: str, customer: int, issue: int) -> Ticket:
        """A new ticket with its first entry in the log."""
        self._count += 1
        ticket = Ticket(80000 + self._count, source, channel, team, customer, at, issue)
        rng = self._rng
        ticket.brand = 1 if rng.random() < 0.15 else 0
        ticket.tagged = rng.random() < 0.95
        ticket.product = int(rng.random() * 8)
        ticket.priority = (None, "low", "normal", "normal", "high", "urgent")[int(rng.random() * 6)]
        self._world.log(ticket, at, Step.CREATE, None)
        return ticket

    def arrive(
        self, at: int, channel_key: str, customer: int, issue: int, product: int | None = None, order: str | None = None
    ) -> None:
        """A customer opens a ticket."""
        if self._incident(Kind.SILENT, at, channel_key):
            return
        rng, log, channel = self._rng, self._world.log, CHANNEL[channel_key]
        ticket = self.create(at, channel_key, channel.source, channel.team, customer, issue)
        ticket.order = order
        if product is not None:
            ticket.product = product
        fate = rng.random()
        if channel_key in ("email", "web", "shop") and fate < 0.02:
            log(ticket, at + int(rng.expovariate(1 / 5400)) + 60, Step.SPAM, None)
            return
        if fate > 0.995:
            log(ticket, at + int(rng.expovariate(1 / 5400)) + 60, Step.DELETE, None)
            return
        if channel_key in ("email", "web", "facebook_messenger", "whatsapp", "chat") and rng.random() < 0.4:
            log(ticket, at + 2 + int(rng.random() * 20), Step.BOT, None)
        if channel_key == "email" and rng.random() < 0.03:
            delay = 300 + int(rng.expovariate(1 / 1800))
            self._world.plan(at + delay, self.duplicate, ticket)
        self.answer(at, ticket)

    def duplicate(self, at: int, first: Ticket) -> None:
        """The customer writes again in a new ticket; an agent merges it into the first one."""
        ticket = self.create(at, first.channel, first.source, first.team, first.customer, first.issue)
        self._world.log(ticket, at + 600 + int(self._rng.expovariate(1 / 3600)), Step.MERGE, None)

    def outbound(self, at: int, channel_key: str, customer: int, issue: int) -> None:
        """An agent opens the ticket by writing to the customer, who may answer."""
        channel = CHANNEL[channel_key]
        start, agent = self._world.pools[channel.team].take(at, int(channel.reply_seconds))
        created = start + int(channel.reply_seconds)
        if created >= 0:
            return
        ticket = self.create(created, channel_key, channel.source, channel.team, customer, issue)
        ticket.creator = agent
        self._world.log(ticket, created, Step.REPLY, agent, "pending")
        if self._rng.random() < 0.4:
            self._write_again(created, ticket)
        else:
            self._solve_later(created, ticket, agent)

    def message(self, at: int, ticket: Ticket) -> None:
        """The customer writes to an existing ticket and waits for an answer."""
        if self._incident(Kind.SILENT, at, ticket.channel):
            return
        self._world.log(ticket, at, Step.MESSAGE, None)
        self.answer(at, ticket)

    def answer(self, at: int, ticket: Ticket) -> None:
        """An agent of the ticket's team takes it when one is free."""
        rng, channel, log = self._rng, CHANNEL[ticket.channel], self._world.log
        issue = ISSUES[ticket.issue]
        unanswered = self._incident(Kind.UNANSWERED, at, ticket.channel)
        if unanswered and issue.category != "return_request":
            self._world.plan(unanswered.end, self.answer, ticket)
            return
        slow = self._incident(Kind.SLOW_REPLIES, at, ticket.channel)
        if rng.random() < channel.forget_share and not slow:
            return
        ticket.turns += 1
        # Slow answers vary little, so that a target's verdict on a week of them does not hang on chance.
        effort = slow.amount * (0.8 + 0.4 * rng.random()) if slow else rng.lognormvariate(-0.1, 0.45)
        seconds = 20 + int(channel.reply_seconds * effort)
        taken = self._world.work(ticket.team, at, seconds)
        if taken is None:
            return
        start, agent = taken
        done = start + seconds
        if rng.random() < 0.012 and not slow:
            log(ticket, done, Step.SOLVE, agent)
            log(ticket, done + CLOSES_AFTER, Step.CLOSE, None)
            return
        escalates = ticket.team == "care" and rng.random() < (0.15 if issue.category == "complaint" else 0.015)
        if escalates and ticket.turns <= 2:
            log(ticket, done, Step.NOTE, agent)
            ticket.reached_management = rng.random() < 0.3
            log(ticket, done, Step.ESCALATE, agent)
            ticket.team = "complaints"
            self._world.plan(done, self.answer, ticket)
            return
        if rng.random() < 0.1:
            log(ticket, start + seconds // 2, Step.NOTE, agent)
        if done - at > 4 * 3600 and rng.random() < 0.12:
            nudge = at + int((done - at) * (0.2 + 0.6 * rng.random()))
            if not self._incident(Kind.SILENT, nudge, ticket.channel):
                log(ticket, nudge, Step.MESSAGE, None)
        if rng.random() < issue.settle or ticket.turns >= MAX_TURNS:
            self._solved(done, ticket, agent)
        else:
            log(ticket, done, Step.REPLY, agent, "pending")
            if rng.random() < 0.8:
                self._write_again(done, ticket)
            else:
                self._solve_later(done, ticket, agent)

    def _solved(self, done: int, ticket: Ticket, agent: Agent) -> None:
        rng, log = self._rng, self._world.log
        log(ticket, done, Step.REPLY, agent, "solved")
        log(ticket, done + CLOSES_AFTER, Step.CLOSE, None)
        fate = rng.random()
        if fate < 0.06 and ticket.turns < MAX_TURNS:
            delay = int(rng.lognormvariate(11.0, 0.8))
            self._world.plan(done + min(delay, CLOSES_AFTER - 60), self.message, ticket)
        elif fate < 0.12:
            self._world.plan(done + DAY + int(rng.random() * 5 * DAY), self._world.contact_again, ticket)
        elif fate < 0.15 and ticket.channel in ("shop", "whatsapp"):
            # A thank-you opens a turn that nobody answers: it would spoil the marketplaces' 24 hours.
            log(ticket, done + 60 + int(rng.expovariate(1 / 3600)), Step.THANKS, None)

    def _write_again(self, done: int, ticket: Ticket) -> None:
        median = CHANNEL[ticket.channel].customer_delay
        self._world.plan(done + 15 + int(median * self._rng.lognormvariate(0, 0.9)), self.message, ticket)

    def _solve_later(self, done: int, ticket: Ticket, agent: Agent) -> None:
        solved = done + 3 * DAY
        self._world.log(ticket, solved, Step.SOLVE, agent)
        self._world.log(ticket, solved + CLOSES_AFTER, Step.CLOSE, None)

    def _incident(self, kind: Kind, at: int, channel: str) -> Incident | None:
        return active(self._incidents, kind, at, channel)
