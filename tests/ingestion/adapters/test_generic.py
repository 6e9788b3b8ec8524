"""The canonical streams beyond help desk and calls: which rows are rejected, what becomes of their cells."""

from __future__ import annotations

import csv
import io
import random
from datetime import date, datetime
from decimal import Decimal

import pytest

from ingestion.adapters import STREAMS

T = "2026-03-02T08:00:00Z"
LATER = "2026-03-02T09:30:00+01:00"
EARLIER = "2026-03-02T07:59:59Z"

#: A good row of each stream, and cells that reject it, with the reason.
ROWS: dict[str, tuple[dict[str, str], list[tuple[dict[str, str], str]]]] = {
    "survey_responses": (
        {"response_id": "1", "survey_type": "csat", "question_id": "q", "scale_min": "1", "scale_max": "5",
         "score": "4", "comment_length": "12", "offered_at": T, "answered_at": LATER,
         "agent_email": "Ana@Shop.example"},
        [
            ({"survey_type": "ces"}, "unknown value in survey_type"),
            ({"question_id": " "}, "missing question_id"),
            ({"offered_at": ""}, "missing offered_at"),
            ({"scale_max": ""}, "missing scale_max"),
            ({"scale_max": "1"}, "scale_max not above scale_min"),
            ({"scale_min": "7"}, "scale_max not above scale_min"),
            ({"score": "6"}, "score outside its scale"),
            ({"score": "0.5"}, "score outside its scale"),
            ({"score": "good"}, "score is no number"),
            ({"comment_length": "-1"}, "negative count"),
        ],
    ),
    "schedule_intervals": (
        {"agent_email": "Ana@Shop.example", "starts_at": T, "ends_at": LATER, "activity_class": "productive",
         "published_at": ""},
        [
            ({"agent_email": ""}, "missing agent_email"),
            ({"ends_at": ""}, "missing ends_at"),
            ({"ends_at": EARLIER}, "ends_at before starts_at"),
            ({"activity_class": "lunch"}, "unknown value in activity_class"),
            ({"published_at": "2026-03-02"}, "published_at is no instant"),
        ],
    ),
    "status_intervals": (
        {"agent_email": "Ana@Shop.example", "starts_at": T, "ends_at": "", "status_class": "on_contact"},
        [
            ({"status_class": ""}, "missing status_class"),
            ({"status_class": "busy"}, "unknown value in status_class"),
            ({"ends_at": EARLIER}, "ends_at before starts_at"),
        ],
    ),
    "evaluations": (
        {"evaluation_id": "1", "version": "2", "evaluated_at": T, "item": "tone", "weight": "0", "result": "na",
         "is_calibration": "yes"},
        [
            ({"version": "1.5"}, "version is no integer"),
            ({"version": ""}, "missing version"),
            ({"weight": "-0.5"}, "negative weight"),
            ({"result": "Pass"}, "unknown value in result"),
            ({"is_calibration": "perhaps"}, "is_calibration is no boolean"),
        ],
    ),
    "employee_survey_responses": (
        {"response_id": "1", "round_date": "2026-03-02", "team": "Care", "question": "Tools?", "scale_min": "0",
         "scale_max": "10", "score": "10"},
        [
            ({"score": ""}, "missing score"),
            ({"score": "11"}, "score outside its scale"),
            ({"scale_max": "0", "score": "0"}, "scale_max not above scale_min"),
            ({"round_date": "2026-02-30"}, "round_date is no date"),
            ({"round_date": T}, "round_date is no date"),
            ({"team": ""}, "missing team"),
        ],
    ),
    "ratings": (
        {"rating_id": "1", "rated_at": T, "stars": "5"},
        [
            ({"stars": "0"}, "stars outside 1 to 5"),
            ({"stars": "6"}, "stars outside 1 to 5"),
            ({"stars": "4.5"}, "stars is no integer"),
            ({"stars": ""}, "missing stars"),
        ],
    ),
    "order_lines": (
        {"order_id": "1", "line_id": "1", "ordered_at": T, "marketplace": "shop", "status": "open", "product_id": "p",
         "quantity": "0", "unit_price": "0.00", "currency": "EUR", "fulfilled_by": "", "cancelled_by": ""},
        [
            ({"quantity": "-1"}, "negative quantity"),
            ({"unit_price": "-0.01"}, "negative unit_price"),
            ({"unit_price": "9,90"}, "unit_price is no number"),
            ({"currency": ""}, "missing currency"),
            ({"status": "returned"}, "unknown value in status"),
            ({"fulfilled_by": "amazon"}, "unknown value in fulfilled_by"),
            ({"cancelled_by": "carrier"}, "unknown value in cancelled_by"),
        ],
    ),
    "order_defects": (
        {"order_id": "1", "marketplace": "shop", "defect_type": "a_to_z", "status": "open", "opened_at": T},
        [
            ({"defect_type": "late"}, "unknown value in defect_type"),
            ({"status": "lost"}, "unknown value in status"),
            ({"opened_at": "soon"}, "opened_at is no instant"),
        ],
    ),
    "remedies": (
        {"remedy_id": "1", "remedy_type": "refund", "delivered_at": T, "ticket_id": "", "order_id": ""},
        [
            ({"remedy_type": "voucher"}, "unknown value in remedy_type"),
            ({"delivered_at": ""}, "missing delivered_at"),
        ],
    ),
}  # fmt: skip
#: The column that tells one entity of a stream from the other in what is generated here.
NUMBERED = {"schedule_intervals": "agent_email", "status_intervals": "agent_email"}


def as_csv(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("name", ROWS)
def test_bad_rows_are_rejected_with_their_reason(typed, name):
    good, bad = ROWS[name]
    found = typed(STREAMS[("generic", name)], as_csv([good, *(good | cells for cells, _ in bad)]))
    assert [row["_reason"] for row in found] == [None, *(reason for _, reason in bad)]


@pytest.mark.parametrize("name", ROWS)
def test_a_file_without_a_required_column_is_refused(lab, name):
    good, _ = ROWS[name]
    required = [c.name for c in STREAMS[("generic", name)].columns if c.required]
    for column in required:
        lab.land(f"generic/{name}/{column}.csv", as_csv([{k: v for k, v in good.items() if k != column}]))
    result = lab.load(f"generic/{name}")
    assert len(result.quarantined_files) == len(required)
    assert result.rows_read == 0


def test_cells_of_surveys_schedules_and_orders(typed):
    [survey, nps, offered] = typed(
        STREAMS[("generic", "survey_responses")],
        as_csv([
            ROWS["survey_responses"][0],
            ROWS["survey_responses"][0] | {"survey_type": "nps", "scale_min": "1", "scale_max": "7", "score": "6.5"},
            ROWS["survey_responses"][0] | {"score": "", "comment_length": "", "answered_at": ""},
        ]),
    )  # fmt: skip
    assert (survey["agent_email"], survey["answered_at"]) == ("ana@shop.example", datetime(2026, 3, 2, 8, 30))
    assert (nps["score"], nps["_reason"]) == (Decimal("6.5"), None)
    assert (offered["score"], offered["answered_at"], offered["_reason"]) == (None, None, None)
    good = ROWS["schedule_intervals"][0]
    [instant] = typed(STREAMS[("generic", "schedule_intervals")], as_csv([good | {"ends_at": good["starts_at"]}]))
    assert (instant["agent_email"], instant["_reason"]) == ("ana@shop.example", None)
    named = ROWS["employee_survey_responses"][0] | {"agent_email": "ana@shop.example"}
    [employee] = typed(STREAMS[("generic", "employee_survey_responses")], as_csv([named]))
    assert employee["round_date"] == date(2026, 3, 2)
    assert "ana@shop.example" not in employee.values()
    order = ROWS["order_lines"][0] | {"customer_id": " 17 ", "customer_email": "unknown", "unit_price": "19.999"}
    [line] = typed(STREAMS[("generic", "order_lines")], as_csv([order]))
    assert (len(line["customer_id_key"]), line["customer_email_key"]) == (64, None)
    assert line["unit_price"] == Decimal("19.999")


def test_what_is_another_person_and_what_another_version(lab, counts):
    good = ROWS["employee_survey_responses"][0]
    lab.land("generic/employee_survey_responses/a.csv", as_csv([good, good | {"response_id": "2"}, good]))
    assert counts(lab.load("generic/employee_survey_responses")) == (3, 2, 1, 0)
    answered = ROWS["survey_responses"][0]
    invited = answered | {"score": "", "comment_length": "", "answered_at": ""}
    lab.land("generic/survey_responses/a.csv", as_csv([answered, invited]))
    assert counts(lab.load("generic/survey_responses")) == (2, 2, 0, 0)
    lab.land("generic/survey_responses/b.csv", as_csv([invited]) + "\n")
    result = lab.load("generic/survey_responses")
    assert (result.rows_loaded, result.rows_duplicate) == (0, 1)


@pytest.mark.parametrize("seed", range(3))
def test_rows_add_up_in_every_stream(lab, counts, seed):
    """Good, repeated and bad rows in two files of each stream: the counts are known beforehand."""
    chance = random.Random(seed)
    expected = {}
    for name, (good, bad) in ROWS.items():
        numbered = NUMBERED.get(name, next(iter(good)))
        rejected, numbers = 0, []
        for file in ("a.csv", "b.csv.gz"):
            rows = []
            for _ in range(chance.randrange(1, 40)):
                row = good | {numbered: str(chance.randrange(25))}
                if chance.random() < 0.3:
                    cells = {numbered: row[numbered]} | chance.choice(bad)[0]
                    row |= cells
                    rejected += 1
                else:
                    numbers.append(row[numbered])
                rows.append(row)
            lab.land(f"generic/{name}/{file}", as_csv(rows))
        loaded = len(set(numbers))
        expected[name] = (len(numbers) + rejected, loaded, len(numbers) - loaded, rejected)
    result = lab.run()
    assert {name: counts(result.streams[("generic", name)]) for name in ROWS} == expected
    for name in ROWS:
        for row in lab.accounting(f"generic/{name}"):
            counts(row)
        assert len(lab.rows(f"generic/{name}")) == expected[name][1]
