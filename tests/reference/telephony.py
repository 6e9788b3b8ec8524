"""Telephony (§5 of the catalogue): facts are inbound customer calls."""

from dataclasses import replace
from fractions import Fraction

from tests.reference.calls import Call
from tests.reference.contacts import Contact, History
from tests.reference.rows import Fact, cells, count_rows, quotient_rows
from tests.reference.world import World

QUEUE, QUEUE_TEAM = ("queue",), ("queue", "team", "hour", "weekday")


def telephony_rows(world: World, history: History) -> list[dict]:
    contacts = [contact for contact in history.contacts if contact.call]
    return [
        *_abandonment(world, contacts),
        *_stages(world, contacts),
        *_service_level(world, contacts),
        *_handling(world, contacts),
    ]


def _fact(contact: Contact, above=1, below=1, *, at: str = "arrived_at") -> Fact:
    row = contact.call.row
    named = contact.dimensions | {"queue": row.get("queue")}
    return Fact(row[at], named, above, below)


def _abandonment(world: World, contacts: list[Contact]) -> list[dict]:
    offered = [contact for contact in contacts if contact.call.is_offered]
    facts = [_fact(contact, int(contact.call.is_abandoned)) for contact in offered]
    long = [_fact(contact, int(contact.call.is_abandoned)) for contact in offered if not contact.call.is_short_abandon]
    ones = [_fact(contact) for contact in offered]
    return [
        *count_rows("calls_offered", cells(world, ones, ("queue", "hour", "weekday"))),
        *quotient_rows("abandonment_rate", "ratio", cells(world, facts, QUEUE_TEAM)),
        *quotient_rows("abandonment_rate_excl_short", "ratio", cells(world, long, QUEUE_TEAM)),
    ]


def _stages(world: World, contacts: list[Contact]) -> list[dict]:
    """Abandoned in a stage ÷ calls that reached it; by queue it is about the stage `queue`. There is no row `all`."""
    by_stage, by_queue = [], []
    for contact in contacts:
        for stage in ("greeting", "ivr", "queue"):
            if contact.call.reached(stage):
                left = contact.call.is_abandoned and contact.call.row["stage_reached"] == stage
                fact = _fact(contact, int(left))
                by_stage.append(replace(fact, dimensions={"stage": stage}))
                if stage == "queue":
                    by_queue.append(fact)
    found = cells(world, by_stage, ("stage",), with_all=False)
    found |= cells(world, by_queue, QUEUE, with_all=False)
    return quotient_rows("stage_abandonment_rate", "ratio", found)


def _service_level(world: World, contacts: list[Contact]) -> list[dict]:
    """Period, hour and weekday are those of the queue entry; a call that never queued is in none of these."""
    queued = [contact for contact in contacts if contact.call.is_queued and contact.call.is_offered]
    answered = [contact for contact in queued if contact.call.is_answered]
    abandoned = [contact for contact in queued if contact.call.is_abandoned]
    late = [one for one in abandoned if one.call.wait is not None and one.call.wait > one.call.threshold]

    def rows(kpi_id, members, is_good, names) -> list[dict]:
        facts = [_fact(contact, int(is_good(contact.call)), at="queued_at") for contact in members]
        return quotient_rows(kpi_id, "ratio", cells(world, facts, names))

    def answered_in_time(call: Call) -> bool:
        return call.is_answered and call.is_within(call.threshold)

    not_short = [contact for contact in queued if not contact.call.is_short_abandon]
    waits = [_fact(one, one.call.wait, at="queued_at") for one in answered if one.call.wait is not None]
    return [
        *rows("service_level", not_short, answered_in_time, QUEUE_TEAM),
        *rows("service_level_answered_only", answered, answered_in_time, QUEUE),
        *rows("service_level_all_abandons", answered + abandoned, answered_in_time, QUEUE),
        *rows("service_level_late_abandons", answered + late, answered_in_time, QUEUE),
        *rows("service_level_abandons_met", answered + abandoned, lambda call: call.is_within(call.threshold), QUEUE),
        *rows("answered_within_3min_rate", queued, lambda call: call.is_answered and call.is_within(180),
              ("queue", "hour", "weekday")),
        *quotient_rows("average_speed_of_answer", "seconds", cells(world, waits, QUEUE_TEAM)),
    ]  # fmt: skip


def _handling(world: World, contacts: list[Contact]) -> list[dict]:
    """Handled calls are the answered ones; a part that is not recorded adds nothing."""
    handled = [contact for contact in contacts if contact.call.is_answered]
    times, classes = [], []
    for contact in handled:
        row = contact.call.row
        if row.get("talk_seconds") is not None:
            parts = [row.get(name) or 0 for name in ("talk_seconds", "hold_seconds", "wrap_up_seconds")]
            times.append(_fact(contact, sum(Fraction(part) for part in parts)))
        if row.get("disposition_class") is not None:
            classes.append(_fact(contact, int(row["disposition_class"] == "resolved")))
    by_class = cells(world, classes, ("queue", "team", "agent", "issue_type"))
    return [
        *quotient_rows("average_handle_time", "seconds", cells(world, times, ("queue", "team", "agent"))),
        *quotient_rows("call_resolution_rate", "ratio", by_class),
    ]
