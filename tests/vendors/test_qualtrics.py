"""Qualtrics responses beside generic survey_responses, and answers that cannot be what they say."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.vendors import qualtrics
from tests.vendors.parity import AS_OF, as_csv, canonical, compare
from tests.vendors.test_cases import test_case as check

KEY = ("response_id", "question_id")


def nps_answers(month):
    """Answers to the NPS question, of which Qualtrics' tickets carry the contact's id; invitations that nobody
    answered are in no export of responses."""
    rows = [row for row in month.streams["survey_responses"] if row["survey_type"] == "nps" and row["answered_at"]]
    elsewhere = [row | {"contact_id": row["contact_id"].replace("generic/", "other/")} for row in rows]
    return [row | {"question_id": "Q1", "question": qualtrics.QUESTION} for row in elsewhere]


@pytest.mark.parametrize("as_of", [AS_OF, AS_OF - timedelta(days=7, hours=11)])
def test_answers_of_a_month(compiled, month, tmp_path, as_of):
    rows = nps_answers(month)
    assert len(rows) > 10
    # An invitation whose answer is still to come is known to generic alone.
    seen = [row for row in rows if datetime.fromisoformat(row["answered_at"]) <= as_of]
    files = {"generic/survey_responses/all.csv": as_csv(seen)}
    ours = canonical(compiled, tmp_path / "a", files, ["int_survey_responses"], as_of=as_of)
    theirs = canonical(compiled, tmp_path / "b", qualtrics.spelt(rows), ["int_survey_responses"], as_of=as_of)
    compare(
        ours["int_survey_responses"],
        theirs["int_survey_responses"],
        KEY,
        vendor="qualtrics",
        cannot=["offered_at", "offered_on", "comment_length", "agent", "team", "channel", "brand", "issue_type"],
    )


@pytest.mark.parametrize(
    ("score", "group", "rejected"),
    [("10", "Promoter", 0), ("8", "passive", 0), ("6.0", "Detractor", 0), ("7", "Detractor", 1), ("11", "Promoter", 1),
     ("Extremely likely", "Promoter", 1), ("", "Promoter", 1), ("9", "Förderer", 0)],
)  # fmt: skip
def test_a_score_that_qualtrics_counts_otherwise_is_refused(score, group, rejected, tmp_path):
    row = {"Q1": score, "Q1_NPS_GROUP": group}
    case = replace(qualtrics.RESPONSES["unknown_enum"], files={"a.csv": qualtrics.export(row)}, select="1")
    case = replace(case, counts=(1, 1 - rejected, 0, rejected), rows=[(1,)][rejected:])
    check("qualtrics", "responses", case, tmp_path)
