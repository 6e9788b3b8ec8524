"""Zendesk QA reviews beside generic evaluations, and ratings that nothing can be made of."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.vendors import zendesk_qa
from tests.vendors.parity import AS_OF, as_csv, canonical, compare
from tests.vendors.test_cases import test_case as check


@pytest.mark.parametrize("as_of", [AS_OF, AS_OF - timedelta(days=7, hours=11)])
def test_evaluations_of_a_month(compiled, month, tmp_path, as_of):
    rows = zendesk_qa.evaluations(month)
    assert len(rows) > 20 and any(row["version"] != "1" for row in rows)
    files = {"generic/evaluations/all.csv": as_csv(rows)}
    ours = canonical(compiled, tmp_path / "a", files, ["int_evaluation_items"], as_of=as_of)
    theirs = canonical(compiled, tmp_path / "b", zendesk_qa.spelt(rows), ["int_evaluation_items"], as_of=as_of)
    # Versions are dated, not counted.
    compare(
        ours["int_evaluation_items"],
        theirs["int_evaluation_items"],
        ("evaluation_id", "item"),
        vendor="zendesk_qa",
        cannot=["is_calibration"],
        differs=["version", "version_at"],
    )


@pytest.mark.parametrize(
    ("changed", "rejected"),
    [({"score": 0}, 0), ({"score": 12.5}, 0), ({"score": 101}, 1), ({"score": -1}, 1), ({"score": "good"}, 1),
     ({"weight": 0}, 0), ({"weight": -1}, 1), ({"weight": None}, 1), ({"categoryName": None}, 0),
     ({"categoryName": None, "categoryId": None}, 1)],
)  # fmt: skip
def test_a_rating_that_cannot_be_weighed_is_refused(changed, rejected, tmp_path):
    review = {"ratings": [zendesk_qa.RATING, zendesk_qa.RATING | changed]}
    files = {"a.json": zendesk_qa.page(zendesk_qa.conversation(review))}
    case = replace(zendesk_qa.REVIEWS["happy"], files=files, select="1", counts=(1, 1 - rejected, 0, rejected))
    check("zendesk_qa", "reviews", replace(case, rows=[(1,)][rejected:]), tmp_path)
