"""A crowd: plain facts, enough of them on both sides of a day for tests of significance, evidence and coaching.

Everything is said in one way only; the ugliness stands in the other modules.
"""

from datetime import datetime, timedelta
from random import Random

from tests.worlds.ticketing import AGENTS, CUSTOMERS, key_of

TEAMS = ["First line", "Back office"]


class Crowd:
    """Facts of the days before `now`: of each kind half go well with one chance, the later half with another."""

    def __init__(self, pick: Random, now: datetime) -> None:
        self.pick, self.now = pick, now
        self.days = pick.choice([10, 14, 14, 56, 70])
        self.kinds = pick.sample(
            ["calls", "tickets", "surveys", "evaluations", "staff", "sales"], pick.choice([2, 4, 6])
        )

    def streams(self) -> dict[str, list[dict]]:
        found: dict[str, list[dict]] = {}
        for kind in self.kinds:
            for stream, rows in getattr(self, f"_{kind}")().items():
                found.setdefault(stream, []).extend(rows)
        return found

    def _moments(self, count: int) -> list[tuple[datetime, bool]]:
        """(instant, whether it goes well), spread over the days; some collide."""
        found, chances = [], self.pick.choice([(0.1, 1.0), (0.1, 1.0), (1.0, 0.1), (0.5, 0.5)])
        for number in range(count):
            part = number * self.days * 86400 // count
            moment = self.now - timedelta(days=self.days) + timedelta(seconds=part - part % 900)
            found.append((moment, self.pick.random() < chances[number >= count / 2]))
        return found

    def _calls(self) -> dict[str, list[dict]]:
        rows = []
        for number, (moment, well) in enumerate(self._moments(self.pick.choice([80, 120]))):
            answered = well or self.pick.random() < 0.7
            left = moment + timedelta(seconds=self.pick.choice([5, 15] if well else [40, 200]))
            talk = self.pick.choice([60, 70, 90] if well else [80, 100, 400])
            agent = self.pick.choice(AGENTS[:2]) if answered else None
            rows.append({
                "call_id": f"W{number}", "arrived_at": moment, "direction": "inbound", "queued_at": moment,
                "outcome": "answered" if answered else "abandoned", "stage_reached": "agent" if answered else "queue",
                "queue": self.pick.choice(["sales", "night", "plain"]), "team": self.pick.choice(TEAMS),
                "answered_at": left if answered else None, "talk_seconds": talk if answered else None,
                "ended_at": left + timedelta(seconds=talk) if answered else left, "agent_email": agent,
                "agent_email_key": key_of(agent), "caller_phone_key": f"{number % (40 if well else 9):064}",
                "disposition_class": "resolved" if well else self.pick.choice([None, "follow_up"]),
            })  # fmt: skip
        return {"calls": rows}

    def _tickets(self) -> dict[str, list[dict]]:
        """Most of one issue and product, answered once with one macro; hurried work comes back."""
        is_hurried = self.pick.random() < 0.7
        macros = self.pick.choice([["macro:1", "macro:1", "macro:2", None], ["macro:1"]])
        found: dict[str, list[dict]] = {"tickets": [], "messages": []}
        for number, (moment, well) in enumerate(self._moments(self.pick.choice([60, 90]))):
            solved_at = moment + timedelta(seconds=self.pick.choice([1800, 3600] if well else [3600, 9000, 90000]))
            ticket_id, agent = f"W{number}", self.pick.choice(AGENTS[:2])
            issue_type = self.pick.choice(
                ["login", "login", "login", "login", "outage"] if well else ["outage", "outage", None]
            )
            found["tickets"].append({
                "ticket_id": ticket_id, "created_at": moment, "updated_at": solved_at, "status": "solved",
                "channel": self.pick.choice(["email", "web"]), "team": self.pick.choice(TEAMS),
                "issue_type": issue_type, "product": self.pick.choice(["Lamp", "Lamp", "Lamp", "Lamp", None]),
                "assignee_email": agent, "assignee_email_key": key_of(agent), "solved_at": solved_at,
                "reopens": int(well == is_hurried),
                "requester_email_key": self.pick.choice(CUSTOMERS),
                "issue_category": "complaint" if not well and self.pick.random() < 0.5 else None,
            })  # fmt: skip
            for reply in range(1 if well else 2):
                sent_at = moment + timedelta(seconds=900 * (reply + 1))
                macro = self.pick.choice(macros)
                found["messages"].append({
                    "message_id": f"{ticket_id}-{reply}", "ticket_id": ticket_id, "sent_at": sent_at,
                    "author_type": "agent", "is_public": True, "author_email": agent, "author_email_key": key_of(agent),
                    "resource_used": macro,
                })  # fmt: skip
        return found

    def _surveys(self) -> dict[str, list[dict]]:
        rows = []
        for number, (moment, well) in enumerate(self._moments(120)):
            kind, high, score = ("csat", 5, 5 if well else 2) if number % 2 else ("nps", 10, 9 if well else 5)
            rows.append({
                "response_id": f"W{number}", "survey_type": kind, "question_id": "q1", "scale_min": 0,
                "scale_max": high, "score": score, "offered_at": moment, "answered_at": moment,
                "team": self.pick.choice(TEAMS), "agent_email": self.pick.choice(AGENTS),
            })  # fmt: skip
        return {"survey_responses": rows}

    def _evaluations(self) -> dict[str, list[dict]]:
        rows = [
            {
                "evaluation_id": f"W{number}", "version": 1, "evaluated_at": moment, "item": "greeting", "weight": 1,
                "result": "pass" if well else "fail", "agent_email": self.pick.choice(AGENTS),
                "team": self.pick.choice(TEAMS), "is_calibration": False,
            }
            for number, (moment, well) in enumerate(self._moments(80))
        ]  # fmt: skip
        return {"evaluations": rows}

    def _staff(self) -> dict[str, list[dict]]:
        """Two agents at work from ten o'clock UTC for an hour and a half of every day, perhaps less busy later on."""
        busy = self.pick.choice([([30, 60, 75], [30, 60, 75]), ([75, 80], [10, 20]), ([20, 30], [60, 70])])
        found: dict[str, list[dict]] = {"schedule_intervals": [], "status_intervals": []}
        first = self.now.replace(hour=10, minute=0, second=0, microsecond=0) - timedelta(days=self.days)
        for number in range(self.days):
            for agent, team in zip(AGENTS[:2], TEAMS, strict=True):
                begin = first + timedelta(days=number)
                named = {"agent_email": agent, "agent_email_key": key_of(agent), "starts_at": begin}
                middle = begin + timedelta(minutes=self.pick.choice(busy[number >= self.days / 2]))
                end = begin + timedelta(minutes=90)
                found["schedule_intervals"].append(
                    named | {"ends_at": end, "activity_class": "productive", "team": team, "published_at": None}
                )  # fmt: skip
                found["status_intervals"] += [
                    named | {"ends_at": middle, "status_class": "on_contact"},
                    named | {"starts_at": middle, "ends_at": end, "status_class": "available"},
                ]
        return found

    def _sales(self) -> dict[str, list[dict]]:
        lines, ratings = [], []
        for number, (moment, well) in enumerate(self._moments(80)):
            lines.append({
                "order_id": f"W{number}", "line_id": "1", "ordered_at": moment, "marketplace": "amazon",
                "status": "shipped" if well else "cancelled", "cancelled_by": None if well else "seller",
                "product_id": "P1", "quantity": 1, "unit_price": self.pick.choice([10, 12]), "currency": "EUR",
                "customer_email_key": self.pick.choice(CUSTOMERS), "fulfilled_by": "seller",
                "ship_by": moment + timedelta(days=1), "shipped_at": moment if well else None,
            })  # fmt: skip
            ratings.append({
                "rating_id": f"W{number}", "rated_at": moment, "stars": 5 if well else 1, "marketplace": "amazon",
                "product_id": "P1",
            })  # fmt: skip
        return {"order_lines": lines, "ratings": ratings}
