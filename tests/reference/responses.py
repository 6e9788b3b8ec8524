"""Responses in tickets and messaging (§3 of the catalogue)."""

from tests.reference import mapping
from tests.reference.contacts import History
from tests.reference.rows import (
    Fact,
    cells,
    quotient_rows,
    rolling_cells,
    row,
    seconds_kpi_rows,
)
from tests.reference.turns import Turn, outcome, wait_business_seconds, wait_seconds
from tests.reference.world import World

FIRST_DIMENSIONS = ("channel", "channel_group", "team", "agent", "issue_type", "brand")
HOUR = 3600
BUCKETS = (("0-1h", 1), ("1-6h", 6), ("6-12h", 12), ("12-24h", 24), ("24-48h", 48))
NAMES = (*(name for name, _ in BUCKETS), "48h+", "unanswered")


def response_rows(world: World, history: History) -> list[dict]:
    return [
        *_first_response_times(world, history.turns),
        *_buckets(world, history.turns),
        *_within_target(world, history.turns),
        *_fixed_limits(world, history.turns),
        *_messenger(world, history.turns),
    ]


def _dimensions(world: World, turn: Turn) -> dict:
    """Who replied is the agent; everything else is the ticket's."""
    ticket = turn.ticket.row
    return {
        "channel": turn.channel, "channel_group": mapping.GROUPS[turn.channel], "team": ticket.get("team"),
        "agent": turn.agent, "issue_type": mapping.ticket_issue(world, ticket)[0], "brand": ticket.get("brand"),
    }  # fmt: skip


def _first_response_times(world: World, turns: list[Turn]) -> list[dict]:
    """Answered first turns, in the period of the ticket's creation, on both clocks."""
    answered = [turn for turn in turns if turn.is_first and turn.replied_at is not None]
    calendar = [Fact(turn.requested_at, _dimensions(world, turn), wait_seconds(turn)) for turn in answered]
    business = [
        Fact(turn.requested_at, _dimensions(world, turn), wait_business_seconds(world, turn)) for turn in answered
    ]
    kinds = ("mean", "median", "p90")
    return [
        *seconds_kpi_rows("first_response_time", cells(world, calendar, FIRST_DIMENSIONS), kinds),
        *seconds_kpi_rows("first_response_business_time", cells(world, business, FIRST_DIMENSIONS), kinds),
    ]


def bucket(turn: Turn) -> str:
    """Lower bound exclusive, upper inclusive."""
    if turn.replied_at is None:
        return "unanswered"
    for name, hours in BUCKETS:
        if wait_seconds(turn) <= hours * HOUR:
            return name
    return "48h+"


def _buckets(world: World, turns: list[Turn]) -> list[dict]:
    """All seven buckets wherever there is a first turn, over all of them and per channel."""
    first = [turn for turn in turns if turn.is_first]
    facts = [Fact(turn.requested_at, {"channel": turn.channel, "bucket": bucket(turn)}) for turn in first]
    found = []
    for (grain, start, dimension, named), own in cells(world, facts, ("channel",)).items():
        for name in NAMES:
            inside = sum(fact.dimensions["bucket"] == name for fact in own)
            cell = (grain, start, "bucket", name)
            if dimension == "channel":
                cell = (grain, start, "channel_bucket", f"{named}:{name}")
            value = inside / len(own)
            found.append(row("first_response_bucket_rate", cell, "ratio", inside, len(own), value, len(own)))
    return found


def _judged(world: World, turns: list[Turn], limit: int | None = None) -> list[Fact]:
    """On time ÷ (on time + late + overdue), against the channel's target or a fixed limit."""
    facts = []
    for turn in turns:
        result = outcome(world, turn, limit or turn.target)
        if result in ("answered_on_time", "answered_late", "overdue"):
            facts.append(Fact(turn.requested_at, _dimensions(world, turn), int(result == "answered_on_time")))
    return facts


def _within_target(world: World, turns: list[Turn]) -> list[dict]:
    names = ("channel", "team", "agent", "issue_type", "brand")
    return quotient_rows("response_within_target_rate", "ratio", cells(world, _judged(world, turns), names))


def _fixed_limits(world: World, turns: list[Turn]) -> list[dict]:
    """Marketplaces promise 24 h, and 48 h for return requests."""
    market = [turn for turn in turns if mapping.GROUPS[turn.channel] == "marketplace"]
    is_return = [mapping.ticket_issue(world, turn.ticket.row)[1] == "return_request" for turn in market]
    others = [turn for turn, returned in zip(market, is_return, strict=True) if not returned]
    returns = [turn for turn, returned in zip(market, is_return, strict=True) if returned]
    found = []
    for kpi_id, own, hours in (
        ("reply_within_24h_rate", others, 24),
        ("return_reply_within_48h_rate", returns, 48),
    ):
        facts = _judged(world, own, hours * HOUR)
        found += quotient_rows(kpi_id, "ratio", cells(world, facts, ("channel", "brand")))
    return found


def _messenger(world: World, turns: list[Turn]) -> list[dict]:
    """Facebook's badge: turns of the day and the six before it."""
    own = [turn for turn in turns if turn.channel == "facebook_messenger"]
    asked = [Fact(turn.requested_at, _dimensions(world, turn), int(turn.replied_at is not None)) for turn in own]
    waits = [
        Fact(turn.requested_at, _dimensions(world, turn), wait_seconds(turn))
        for turn in own
        if turn.replied_at is not None
    ]
    rate = rolling_cells(world, asked, ("brand",), 7)
    mean = rolling_cells(world, waits, ("brand",), 7)
    return [
        *quotient_rows("messenger_response_rate_7d", "ratio", rate),
        *quotient_rows("messenger_response_time_7d_mean", "seconds", mean),
    ]
