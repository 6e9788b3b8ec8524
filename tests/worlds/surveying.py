"""Surveys, evaluations and employee surveys of a generated world."""

from datetime import timedelta
from random import Random

from tests.worlds.clock import Clock
from tests.worlds.configuring import BRANDS, TEAMS
from tests.worlds.ticketing import AGENTS


def surveys(pick: Random, clock: Clock, count: int, contact_ids: list[str]) -> dict[str, list[dict]]:
    return {
        "survey_responses": [row for number in range(count) for row in _response(pick, clock, number, contact_ids)],
        "evaluations": [row for number in range(count // 2) for row in _evaluation(pick, clock, number, contact_ids)],
        "employee_survey_responses": [_employee(pick, clock, number) for number in range(count)],
    }


def _response(pick: Random, clock: Clock, number: int, contact_ids: list[str]) -> list[dict]:
    """An invitation, then perhaps an answer, then perhaps another one."""
    kind, low, high, scores = pick.choice([
        ("csat", 1, 5, [1, 3, 4, 5]), ("csat", 0, 1, [0, 1]), ("csat", 1, 7, [5, 6]),
        ("nps", 0, 10, [0, 6, 7, 8, 9, 10]), ("yes_no", 0, 1, [0, 1]), ("yes_no", 1, 3, [1, 2, 3]),
    ])  # fmt: skip
    offered_at = clock.instant()
    row = {
        "response_id": f"R{number}", "survey_type": kind, "question_id": pick.choice(["q1", "q2"]), "question": None,
        "scale_min": low, "scale_max": high, "score": None, "comment_length": None, "offered_at": offered_at,
        "answered_at": None, "contact_id": pick.choice([None, *contact_ids]), "agent_email": pick.choice(AGENTS),
        "team": pick.choice(TEAMS), "channel": pick.choice([None, "email", "phone"]), "brand": pick.choice(BRANDS),
        "issue_type": pick.choice([None, "late_delivery"]), "updated_at": None,
    }  # fmt: skip
    rows, moment = [row], offered_at
    for _ in range(pick.choice([0, 1, 1, 2])):
        later = clock.after(moment)
        if later > moment or len(rows) == 1:
            moment = later
            rows.append(row | {"score": pick.choice(scores), "answered_at": moment})
    return rows if pick.random() < 0.5 else rows[1:] or rows


def _evaluation(pick: Random, clock: Clock, number: int, contact_ids: list[str]) -> list[dict]:
    """One to three versions, each with items of its own."""
    moment, rows = clock.instant(), []
    fixed = {
        "evaluation_id": f"E{number}", "agent_email": pick.choice(AGENTS), "team": pick.choice(TEAMS),
        "contact_id": pick.choice([None, *contact_ids]), "checklist": "c", "updated_at": None,
        "is_calibration": pick.choice([None, False, False, True]),
    }  # fmt: skip
    for version in range(1, pick.choice([2, 2, 3, 4])):
        moment = clock.after(moment)
        for item in pick.sample(["greeting", "solution", "tone"], pick.choice([1, 2, 3])):
            score = {"weight": pick.choice([1, 2, 3]), "result": pick.choice(["pass", "pass", "fail", "na"])}
            rows.append({**fixed, "version": version, "evaluated_at": moment, "item": item, **score})
        if pick.random() < 0.1:
            rows.append(rows[-1] | {"evaluated_at": clock.after(moment)})
    return rows


def _employee(pick: Random, clock: Clock, number: int) -> dict:
    return {
        "response_id": f"P{number}", "round_date": clock.first + timedelta(days=pick.choice([0, 0, 0, 7])),
        "team": pick.choice(TEAMS[:2]), "question": pick.choice(["pay", "work"]), "scale_min": 1, "scale_max": 5,
        "score": pick.choice([1, 3, 4, 5]), "updated_at": None,
    }  # fmt: skip
