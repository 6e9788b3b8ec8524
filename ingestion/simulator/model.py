"""The discrete-event simulation: one agenda in order of time, day after day, and the exports that listen to it.

Belongs here: the loop, the random numbers, the wiring of parts.
Does not belong here: rules of tickets or calls, formats.
"""

import heapq
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from ingestion.simulator.arrivals import Arrivals, Customers
from ingestion.simulator.asterisk import AsteriskExport
from ingestion.simulator.connect import ConnectExport
from ingestion.simulator.generic import GenericExport
from ingestion.simulator.incidents import Incident
from ingestion.simulator.output import DAY, Calendar
from ingestion.simulator.people import PeopleExport
from ingestion.simulator.phone import PhoneDesk
from ingestion.simulator.sales import SalesExport
from ingestion.simulator.staff import build_pools
from ingestion.simulator.surveys import SurveyExport
from ingestion.simulator.ticket import Entry, Step, Ticket
from ingestion.simulator.tickets import TicketDesk
from ingestion.simulator.world import ISSUE_NO, ISSUES, PRODUCTS, Agent
from ingestion.simulator.zendesk import ZendeskExport

_ISSUE_WEIGHTS = [sum(issue.weight for issue in ISSUES[: n + 1]) for n in range(len(ISSUES))]
_PRODUCT_NO = {product[0]: number for number, product in enumerate(PRODUCTS)}
_MARKET = ("amazon", "ebay", "shop")


class Simulation:
    """One contact centre over `days` days up to the midnight at which `end` begins."""

    def __init__(
        self, landing: Path, end: date, days: int, contacts_per_day: int, seed: int, incidents: tuple[Incident, ...]
    ) -> None:
        self.calendar = Calendar(end, days)
        # Text seeds are hashed the same way everywhere; the weekday enters, the date does not.
        self.rng = Random(f"{seed}/{self.calendar.weekday}")
        self.pools = build_pools(self.calendar, contacts_per_day, self.rng, incidents)
        self.customers = Customers(self.rng)
        self.arrivals = Arrivals(self.calendar, contacts_per_day, seed, incidents)
        self._agenda: list[tuple[int, int, Callable[[int, Any], None], Any]] = []
        self._planned = 0
        self._touched: dict[int, dict[Ticket, None]] = {}
        self.desk = TicketDesk(self, incidents)
        self.sales = SalesExport(self, landing, incidents)
        self.surveys = SurveyExport(self, landing, incidents)
        self.people = PeopleExport(self, landing, incidents)
        self.zendesk = ZendeskExport(self, landing)
        self.generic = GenericExport(self, landing)
        phone_exports = (AsteriskExport(self, landing), ConnectExport(self, landing), self.generic)
        self.phones = PhoneDesk(self, *phone_exports, incidents)

    def run(self, progress: Callable[[str], None]) -> None:
        """Plays the history and writes the exports; memory holds about a day of rows and the live tickets."""
        for day in range(-self.calendar.days, 0):
            self._plan_day(day)
            agenda, end = self._agenda, (day + 1) * DAY
            while agenda and agenda[0][0] < end:
                at, _, act, subject = heapq.heappop(agenda)
                act(at, subject)
            self._export_day(day)
            if (day + 1) % 7 == 0:
                progress(f"simulated to {self.calendar.date(day + 1)}")

    def plan(self, at: int, act: Callable[[int, Any], None], subject: Any) -> None:
        """Puts something on the agenda; what would happen after the end does not happen."""
        if at < 0:
            self._planned += 1
            heapq.heappush(self._agenda, (at, self._planned, act, subject))

    def log(self, ticket: Ticket, at: int, step: Step, agent: Agent | None, status: str | None = None) -> None:
        """Writes into a ticket's log (now or later); it takes effect when its day is exported."""
        if at < 0:
            ticket.steps += 1
            ticket.pending.append(Entry(at, ticket.steps, step, agent, status))
            self._touched.setdefault(at // DAY, {})[ticket] = None

    def work(self, team: str, at: int, seconds: int) -> tuple[int, Agent] | None:
        """The next free agent of the team takes a task; kept for the status exports."""
        start, agent = self.pools[team].take(at, seconds)
        self.people.worked(agent, start, seconds, 0)
        return (start, agent) if start + seconds < 0 else None

    def issue(self) -> int:
        """The number of a random issue type."""
        draw, low = self.rng.random() * _ISSUE_WEIGHTS[-1], 0
        while draw > _ISSUE_WEIGHTS[low]:
            low += 1
        return low

    def contact_again(self, at: int, ticket: Ticket) -> None:
        """The matter was not settled after all: the same customer comes back about it, by phone or in writing."""
        if ticket.channel in _MARKET or self.rng.random() < 0.6:
            self.desk.arrive(at, ticket.channel, ticket.customer, ticket.issue, ticket.product, ticket.order)
        else:
            self.phones.call_in_hours(at, ticket.customer, ticket.issue)

    def _plan_day(self, day: int) -> None:
        for at, marketplace in self.arrivals.orders(day):
            self.plan(at, self.sales.order, marketplace)
        for at, channel in self.arrivals.tickets(day):
            self.plan(at, self._ticket, channel)
        for at, site in self.arrivals.calls(day):
            self.plan(at, self.phones.ring, site)
        for at, issue, product in self.arrivals.flood(day):
            self.plan(at, self._flood, (issue, product))
        self.phones.plan_other_contacts(day)

    def _ticket(self, at: int, channel: str) -> None:
        issue = self.issue()
        if channel in _MARKET:
            order = self.sales.recent(channel)
            if order is not None:
                self.desk.arrive(at, channel, order.customer, issue, order.product, order.order_id)
                return
        customer = self.customers.next()
        if self.rng.random() < 0.02:
            self.desk.outbound(at, channel, customer, issue)
        else:
            self.desk.arrive(at, channel, customer, issue)

    def _flood(self, at: int, about: tuple[str, str]) -> None:
        issue, product = ISSUE_NO[about[0]], _PRODUCT_NO[about[1]]
        channel = ("email", "email", "web", "shop")[int(self.rng.random() * 4)]
        self.desk.arrive(at, channel, self.customers.next(), issue, product)

    def _export_day(self, day: int) -> None:
        end = (day + 1) * DAY
        zendesk, generic = [], []
        for ticket in self._touched.pop(day, ()):
            export = self.zendesk if ticket.source == "zendesk" else self.generic
            changed = False
            for entry in ticket.due_before(end):
                before = ticket.apply(entry)
                if before is not None:
                    changed = True
                    export.event(ticket, entry, before)
                    self.people.noticed(ticket, entry, before)
            if changed:
                (zendesk if ticket.source == "zendesk" else generic).append(ticket)
        self.zendesk.export_day(day, zendesk)
        self.generic.export_day(day, generic)
        self.phones.export_day(day)
        self.people.export_day(day)
        self.surveys.export_day(day)
        self.sales.export_day(day)


def simulate(
    landing: Path,
    *,
    days: int,
    contacts_per_day: int,
    seed: int,
    end: date,
    progress: Callable[[str], None] | None = None,
    incidents: tuple[Incident, ...] = (),
) -> None:
    """Writes `days` days of vendor-shaped exports into `landing`; nothing in them is later than midnight UTC at `end`.

    The same arguments give the same bytes; `end` a week later gives the same history a week later.
    Raises ValueError for a count below 1.
    """
    if days < 1 or contacts_per_day < 1:
        raise ValueError("days and contacts_per_day must be at least 1")
    Simulation(landing, end, days, contacts_per_day, seed, incidents).run(progress or (lambda text: None))
