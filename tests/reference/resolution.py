"""Resolution of tickets (§4 of the catalogue), all about tickets that are contacts and not merged."""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta

from tests.reference import mapping
from tests.reference.business_time import business_seconds
from tests.reference.contacts import Contact, History
from tests.reference.rows import (
    Fact,
    cells,
    count_rows,
    dimension_value,
    period_start,
    quotient_rows,
    seconds_kpi_rows,
)
from tests.reference.tickets import is_unsolved_at
from tests.reference.turns import seconds_between
from tests.reference.world import World


def resolution_rows(world: World, history: History) -> list[dict]:
    contacts = history.ticket_contacts
    return [
        *_resolution_times(world, contacts),
        *_resolution_rate(world, contacts),
        *_reopen_rate(world, contacts),
        *_backlog(world, contacts),
    ]


def _resolution_times(world: World, contacts: list[Contact]) -> list[dict]:
    """Created to solved, of tickets solved at `as_of`, in the period of the solve."""
    names = ("issue_type", "agent", "team", "channel", "brand", "complexity")
    calendar, business = [], []
    for contact in contacts:
        created_at, solved_at = contact.arrived_at, contact.ticket.solved_at
        if solved_at is None:
            continue
        row = mapping.ticket_channel_row(world, contact.ticket.row, created_at)
        openings = mapping.calendar(world, row["calendar_id"] if row else None)
        calendar.append(Fact(solved_at, contact.dimensions, seconds_between(created_at, solved_at)))
        business.append(Fact(solved_at, contact.dimensions, business_seconds(*openings, created_at, solved_at)))
    return [
        *seconds_kpi_rows("resolution_time", cells(world, calendar, names), ("mean", "median", "p90")),
        *seconds_kpi_rows("resolution_business_time", cells(world, business, names), ("mean", "median")),
    ]


def _resolution_rate(world: World, contacts: list[Contact]) -> list[dict]:
    facts = [Fact(contact.arrived_at, contact.dimensions, int(contact.ticket.is_solved)) for contact in contacts]
    return quotient_rows("resolution_rate", "ratio", cells(world, facts, ("agent", "team", "channel")))


def _reopen_rate(world: World, contacts: list[Contact]) -> list[dict]:
    """Tickets ever solved, in the period of their first solve."""
    facts = [
        Fact(contact.ticket.first_solved_at, contact.dimensions, int(contact.ticket.reopens > 0))
        for contact in contacts
        if contact.ticket.first_solved_at is not None
    ]
    return quotient_rows("reopen_rate", "ratio", cells(world, facts, ("issue_type", "agent", "team", "channel")))


def _backlog(world: World, contacts: list[Contact]) -> list[dict]:
    """Unsolved at the end of each day; a week and a month show their last day. On the day of `as_of`: at `as_of`."""
    if not contacts or world.spans:
        return []
    today = world.local_day(world.as_of)
    day = min(world.local_day(contact.arrived_at) for contact in contacts)
    unsolved = defaultdict(list)
    while day <= today:
        end = world.as_of if day == today else end_of_day(world, day)
        own = [contact for contact in contacts if is_unsolved_at(contact.ticket, end, inclusive=day == today)]
        for grain in ("day", "week", "month"):
            is_last = day == today or period_start(day, grain) != period_start(day + timedelta(days=1), grain)
            if is_last:
                unsolved[grain, period_start(day, grain)] = own
        day += timedelta(days=1)
    by_cell = defaultdict(list)
    for (grain, start), own in unsolved.items():
        for contact in own:
            fact = Fact(contact.arrived_at, contact.dimensions)
            for name in ("all", "channel", "team"):
                by_cell[grain, start, name, dimension_value(world, fact, name)].append(fact)
    return count_rows("backlog", by_cell)


def end_of_day(world: World, day) -> datetime:
    """The next local midnight; where the clock skips it, the first instant of the next day."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=world.zone).astimezone(UTC)
    while world.local_day(midnight) <= day:
        midnight += timedelta(minutes=1)
    while world.local_day(midnight - timedelta(seconds=1)) > day:
        midnight -= timedelta(minutes=1)
    return midnight
