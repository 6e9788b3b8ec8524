"""generic survey_responses: what customers say after a solved ticket or an answered call.

Belongs here: who is asked what, and the answers. Does not belong here: Zendesk's own ratings, surveys of the staff.
"""

from collections import defaultdict
from pathlib import Path
from random import Random

from ingestion.simulator.incidents import Incident, Kind, active
from ingestion.simulator.output import DAY, WeeklyStream
from ingestion.simulator.ticket import Entry, Ticket
from ingestion.simulator.world import ISSUES, Team

HEADER = (
    "response_id,survey_type,question_id,question,scale_min,scale_max,score,comment_length,"
    "offered_at,answered_at,contact_id,agent_email,team,channel,brand,issue_type"
)
# type -> (question id, question, lowest and highest score) of each of its questions
_QUESTIONS = {
    "csat": (("csat", "How satisfied are you?", 1, 5),),
    "nps": (("nps", "Would you recommend us?", 0, 10),),
    "yes_no": (("solved", "Was your problem solved?", 0, 1), ("easy", "Was it easy to reach us?", 0, 1)),
}
_ANSWERED = 0.35


class SurveyExport:
    """Draws invitations and answers from random numbers of its own: a survey changes nothing in the contact centre."""

    def __init__(self, world, landing: Path, incidents: tuple[Incident, ...]) -> None:
        self._incidents = tuple(incident for incident in incidents if incident.kind is Kind.WORKSHOP)
        self._calendar, self._count = world.calendar, 0
        self._rng = Random(f"surveys/{world.rng.random()}")
        self._stream = WeeklyStream(
            landing, world.calendar, "generic", "survey_responses", suffixes=(".csv",), header=HEADER
        )
        self._rows: dict[int, list[tuple[int, int, str]]] = defaultdict(list)

    def after_reply(self, ticket: Ticket, entry: Entry, contact: str) -> None:
        """The answer that solved a ticket. Zendesk asks for satisfaction by itself (satisfaction_ratings)."""
        if self._rng.random() >= 0.5:
            return
        kinds = ("csat", "nps", "yes_no") if ticket.source == "generic" else ("nps", "yes_no")
        kind = kinds[int(self._rng.random() * len(kinds))]
        mood = 0.9 - 0.1 * ticket.reopens - (0.25 if ISSUES[ticket.issue].category == "complaint" else 0)
        brand = ("Shop", "Outlet")[ticket.brand]
        about = f"{contact},{entry.agent.email},{entry.agent.team.name},{ticket.channel},{brand},"
        self._invite(kind, entry.at + 1800, mood, about, entry.agent.team)

    def after_call(self, call, contact: str, settled: bool, hurried: bool) -> None:
        """An answered call; whoever was sent away in a hurry or without an answer is less happy."""
        draw = self._rng.random()
        if draw < 0.65:
            kind = "csat" if draw < 0.5 else "nps" if draw < 0.58 else "yes_no"
            mood = (0.95 if settled else 0.4) - (0.15 if hurried else 0)
            about = f"{contact},{call.agent.email},{call.agent.team.name},phone,,"
            self._invite(kind, call.ended + 600, mood, about, call.agent.team)

    def _invite(self, kind: str, offered: int, mood: float, about: str, team: Team) -> None:
        """An invitation and, perhaps, its answers; `mood` is the share of the satisfied."""
        workshop = active(self._incidents, Kind.WORKSHOP, offered, team.key)
        spread = 0.25 * (workshop.amount if workshop else 1)
        rng, iso = self._rng, self._calendar.iso
        answered = offered + int(rng.expovariate(1 / 30000)) if rng.random() < _ANSWERED else None
        happy, changes_mind = rng.random() < mood, rng.random() < 0.03
        self._count += 1
        ident = f"S{self._count}"
        for question_id, question, low, high in _QUESTIONS[kind]:
            head = f"{ident},{kind},{question_id},{question},{low},{high}"
            self._row(offered, f"{head},,,{iso(offered)},,{about}")
            if answered is None:
                continue
            for at in (answered, answered + 7200)[: 1 + changes_mind]:
                position = 1 - rng.random() * spread if happy else rng.random() * 0.7
                comment = int(rng.random() * 200) if rng.random() < 0.3 else 0
                score = round(low + (high - low) * position)
                if at < 0:
                    self._row(at, f"{head},{score},{comment},{iso(offered)},{iso(at)},{about}")

    def _row(self, at: int, row: str) -> None:
        if at < 0:
            self._count += 1
            self._rows[at // DAY].append((at, self._count, row))

    def export_day(self, day: int) -> None:
        """Appends the rows of the day."""
        self._stream.add(day, [row for _, _, row in sorted(self._rows.pop(day, ()))])
