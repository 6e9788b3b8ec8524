"""Surveys among customers and employees, and quality evaluations (§7 of the catalogue)."""

from datetime import UTC, datetime, time
from fractions import Fraction

from tests.reference import mapping
from tests.reference.contacts import Contact, History
from tests.reference.rows import Fact, cells, quotient_rows
from tests.reference.seeing import entities
from tests.reference.world import SOURCE, World

FAVOURABLE = Fraction(3, 4)
FEWEST_EMPLOYEES = 5


def voice_rows(world: World, history: History) -> list[dict]:
    return [
        *_surveys(world, history),
        *_employees(world),
        *_quality(world, history),
        *_coverage(world, history),
    ]


def _that_count(history: History, rows: list[dict]) -> list[dict]:
    """Spam and deleted tickets count nowhere, nor does what is said of them."""
    gone = {ticket.row["ticket_id"] for ticket in history.tickets if not ticket.is_counted}
    gone |= {f"{SOURCE}/tickets/{ticket_id}" for ticket_id in gone}
    return [row for row in rows if row.get("contact_id") not in gone]


def is_favourable(row: dict) -> bool:
    low, high = Fraction(row["scale_min"]), Fraction(row["scale_max"])
    return (Fraction(row["score"]) - low) / (high - low) >= FAVOURABLE


def survey_responses(world: World) -> list[dict]:
    """Offered by `as_of`; of one invitation and question the last answer that was given by then, if there is any."""
    latest: dict[tuple, dict] = {}
    for entity in entities(world.rows("survey_responses"), ("response_id", "question_id"), "answered_at", world.as_of):
        row = entity.row
        if row["offered_at"] <= world.as_of:
            answered = row["answered_at"] is not None and row["answered_at"] <= world.as_of
            latest[row["response_id"], row["question_id"]] = row | ({} if answered else {"score": None})
    return list(latest.values())


def _cells_of(world: World, row: dict, contacts: dict[str, Contact]) -> dict:
    """A response's own cells, else those of its contact; its channel is mapped like a ticket's."""
    contact = contacts.get(row.get("contact_id"))
    lent = contact.dimensions if contact else {}
    own = {"agent": row.get("agent_email"), "question": row.get("question_id")}
    own |= {name: row.get(name) for name in ("team", "brand", "issue_type")}
    own["issue_type"] = own["issue_type"] or (
        mapping.text_issue(world, row.get("text_match")) if row["score"] is not None else None
    )
    if row.get("channel") is not None:
        own["channel"] = mapping.ticket_channel(world, {"channel": row["channel"]}, row["offered_at"])
    return lent | {name: value for name, value in own.items() if value is not None}


def _surveys(world: World, history: History) -> list[dict]:
    csat, offered, nps, yes = [], [], [], []
    contacts = history.by_id
    for row in _that_count(history, survey_responses(world)):
        named, kind, answered = _cells_of(world, row, contacts), row["survey_type"], row["score"] is not None
        if kind == "csat":
            offered.append(Fact(row["offered_at"], named, int(answered)))
        if not answered:
            continue
        if kind == "csat":
            csat.append(Fact(row["answered_at"], named, int(is_favourable(row))))
        elif kind == "nps":
            nps.append(Fact(row["answered_at"], named, (row["score"] >= 9) - (row["score"] <= 6)))
        elif row["score"] in (row["scale_min"], row["scale_max"]):
            yes.append(Fact(row["answered_at"], named, int(row["score"] == row["scale_max"])))
    points = quotient_rows("nps", "points", cells(world, nps, ("channel", "team", "brand")))
    return [
        *quotient_rows("csat", "ratio", cells(world, csat, ("channel", "team", "agent", "issue_type", "brand"))),
        *quotient_rows("csat_response_rate", "ratio", cells(world, offered, ("channel",))),
        *(row | {"value": row["value"] * 100} for row in points),
        *quotient_rows("survey_yes_rate", "ratio", cells(world, yes, ("question",))),
    ]


def _employees(world: World) -> list[dict]:
    """A round has a day and no instant: it is there from that day on. Published cells under five have no row; spans are
    judged by whoever makes cells of them."""
    facts = []
    for entity in entities(world.rows("employee_survey_responses"), ("response_id",), "updated_at", world.as_of):
        row = entity.row
        if row["round_date"] <= world.local_day(world.as_of):
            noon = datetime.combine(row["round_date"], time(12), tzinfo=world.zone).astimezone(UTC)
            facts.append(Fact(noon, {"team": row["team"], "question": row["question"]}, int(is_favourable(row))))
    rows = quotient_rows("esat", "ratio", cells(world, facts, ("team", "question")))
    return [row for row in rows if world.spans or row["sample_size"] >= FEWEST_EMPLOYEES]


def evaluations(world: World) -> list[dict]:
    """Items of human evaluations: the highest version seen replaces all items of the older ones; no calibrations."""
    found = entities(world.rows("evaluations"), ("evaluation_id", "version", "item"), "updated_at", world.as_of)
    seen = [entity for entity in found if entity.row["evaluated_at"] <= world.as_of]
    kept = []
    for evaluation_id in {entity.row["evaluation_id"] for entity in seen}:
        own = [entity for entity in seen if entity.row["evaluation_id"] == evaluation_id]
        written = [entity.row["version"] for entity in own if entity.is_written]
        counting = max(written) if written else min(entity.row["version"] for entity in own)
        kept += [entity.row for entity in own if entity.row["version"] == counting]
    return [row for row in kept if not row.get("is_calibration")]


def _quality(world: World, history: History) -> list[dict]:
    """Weight of passed items ÷ weight of applicable ones."""
    facts = []
    for row in _that_count(history, evaluations(world)):
        if row["result"] != "na":
            weight = Fraction(row["weight"])
            named = {"agent": row.get("agent_email"), "team": row.get("team"), "checklist_item": row["item"]}
            facts.append(Fact(row["evaluated_at"], named, weight * (row["result"] == "pass"), weight))
    return quotient_rows("qa_score", "ratio", cells(world, facts, ("agent", "team", "checklist_item")))


def _coverage(world: World, history: History) -> list[dict]:
    """Evaluated ÷ handled: answered calls, tickets with a public reply of an agent."""
    contacts = history.by_id
    found = [contacts.get(row.get("contact_id")) for row in evaluations(world)]
    evaluated = {contact.contact_id for contact in found if contact}
    facts = []
    for contact in {contact.contact_id: contact for contact in contacts.values()}.values():
        handled = contact.call.is_answered if contact.call else bool(contact.ticket.public_replies)
        if handled:
            facts.append(Fact(contact.arrived_at, contact.dimensions, int(contact.contact_id in evaluated)))
    return quotient_rows("qa_coverage", "ratio", cells(world, facts, ("agent", "team")))
