"""Delighted responses beside generic survey_responses; scores beside their scale; words that are matched, not kept."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.vendors import delighted
from tests.vendors.parity import AS_OF, as_csv, canonical, compare
from tests.vendors.test_cases import test_case as check


@pytest.mark.parametrize("as_of", [AS_OF, AS_OF - timedelta(days=7, hours=11)])
def test_answers_of_a_month(compiled, month, tmp_path, as_of):
    rows = delighted.answers(month)
    assert len(rows) > 20
    # An invitation whose answer is still to come is known to generic alone.
    seen = [row for row in rows if datetime.fromisoformat(row["answered_at"]) <= as_of]
    files = {"generic/survey_responses/all.csv": as_csv(seen)}
    ours = canonical(compiled, tmp_path / "a", files, ["int_survey_responses"], as_of=as_of)
    theirs = canonical(compiled, tmp_path / "b", delighted.spelt(rows), ["int_survey_responses"], as_of=as_of)
    compare(
        ours["int_survey_responses"],
        theirs["int_survey_responses"],
        ("response_id", "question_id"),
        vendor="delighted",
        cannot=["offered_at", "offered_on", "question", "agent", "team", "channel", "brand", "issue_type"],
    )


def test_a_rule_on_words_names_the_issue_type(compiled, tmp_path):
    rules = [{"row_no": 1, "source": None, "match_field": "text", "match_value": "(?i)late", "issue_type": "delivery"}]
    page = delighted.page({"comment": "Late again"}, {"id": "2", "comment": "fine"}, at=1772355600)
    files = {"delighted/responses/a.json": page}
    found = canonical(compiled, tmp_path, files, ["int_survey_responses"], tables={"issue_types": rules})
    types = {row["response_id"]: row["issue_type"] for row in found["int_survey_responses"]}
    assert types == {"1": "delivery", "2": None}
    assert not any(b"again" in path.read_bytes() for path in (tmp_path / "lake").rglob("*.parquet"))


@pytest.mark.parametrize(
    ("kind", "score", "rejected"),
    [("nps", 0, 0), ("nps", 11, 1), ("nps", -1, 1), ("csat", 1, 0), ("csat", 0, 1), ("csat", 6, 1), ("ces", 7, 0)],
)
def test_a_score_outside_its_scale_is_refused(kind, score, rejected, tmp_path):
    files = {"a.json": delighted.page({"survey_type": kind, "score": score})}
    case = replace(delighted.RESPONSES["happy"], files=files, select="score", counts=(1, 1 - rejected, 0, rejected))
    check("delighted", "responses", replace(case, rows=[(score,)][rejected:]), tmp_path)
