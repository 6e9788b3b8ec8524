"""Delighted responses as the vendor's API gives them: bare arrays, oldest first, seconds since 1970.

`spelt` tells a month of answers as three pages that share their borders; on a fourth some come again, corrected.
"""

import json
from datetime import datetime

from tests.vendors.cases import Case

RESPONSE = {
    "id": "1", "person": "10", "survey_type": "nps", "score": 9, "comment": None,
    "permalink": "https://app.delighted.example/r/5q1", "created_at": 1772442000, "updated_at": None,
    "person_properties": {"ticket_id": "84211", "Country": "USA"}, "notes": [], "tags": [], "additional_answers": [],
}  # fmt: skip


def page(*rows, at=RESPONSE["created_at"]):
    """One page; a row holds what differs from RESPONSE, `...` takes a key away."""
    whole = [RESPONSE | {"created_at": at} | row for row in rows]
    told = [{name: value for name, value in row.items() if value is not ...} for row in whole]
    return json.dumps(told, ensure_ascii=False)


def answers(month):
    """Answers to questions that Delighted has; who did not answer is in no export of responses."""
    rows = month.streams["survey_responses"]
    asked = [row for row in rows if row["survey_type"] in ("nps", "csat") and row["answered_at"]]
    return [row | {"contact_id": row["contact_id"].replace("generic/", "other/")} for row in asked]


def spelt(rows):
    """Path -> page, of rows of generic survey_responses that are answers."""
    told = [_response(row) for row in rows]
    again = told[5:9]
    first = [row | {"score": 1, "comment": "before"} if row in again else row for row in told]
    third = len(told) // 3
    pages = [first[: third + 1], first[third : 2 * third + 1], first[2 * third :]]
    pages.append([row | {"updated_at": row["created_at"] + 60} for row in again])
    # The corrected ones are read first.
    return {f"delighted/responses/{3 - n}.json": page(*rows) for n, rows in enumerate(pages)}


def _response(row):
    return {
        "id": row["response_id"],
        "survey_type": row["survey_type"],
        "score": int(row["score"]),
        "comment": "ö" * int(row["comment_length"]) or None,
        "created_at": int(datetime.fromisoformat(row["answered_at"]).timestamp()),
        "person_properties": {"Ticket ID": row["contact_id"]},
    }


COLUMNS = "response_id, survey_type, score, comment_length, ticket_id, created_at::varchar, updated_at::varchar"
AT = "2026-03-02 09:00:00"
_BARE = dict.fromkeys(("score", "person", "person_properties", "notes", "tags", "additional_answers"))

RESPONSES = {
    "happy": Case(
        files={
            "a.json": page(
                {},
                {
                    "id": "2",
                    "survey_type": "csat",
                    "score": 4,
                    "comment": " too slow ",
                    "updated_at": 1772445600,
                    "person_properties": {"Ticket ID": "#7"},
                },
            )
        },
        counts=(2, 2, 0, 0),
        select=COLUMNS,
        rows=[("1", "nps", 9, 0, "84211", AT, AT), ("2", "csat", 4, 8, "7", AT, "2026-03-02 10:00:00")],
    ),
    "empty": Case(files={"a.json": "[]\n"}),
    "repeated_border": Case(
        files={"a.json": page({}, {"id": "2"}), "b.json": page({"id": "2"}, {"id": "3"})},
        counts=(4, 3, 1, 0),
        select="response_id",
        rows=[("1",), ("2",), ("3",)],
    ),
    "newer_version": Case(
        files={"a.json": page({"score": 3, "updated_at": 1772445600}), "b.json": page({})},
        counts=(2, 2, 0, 0),
        select="updated_at::varchar, score",
        rows=[(AT, 9), ("2026-03-02 10:00:00", 3)],
    ),
    "unknown_enum": Case(
        files={"a.json": page({"survey_type": "moods", "score": 77})},
        counts=(1, 1, 0, 0),
        select="survey_type, score",
        rows=[("moods", 77)],
    ),
    "all_null_row": Case(
        files={"a.json": page(_BARE)},
        counts=(1, 1, 0, 0),
        select=COLUMNS,
        rows=[("1", "nps", None, 0, None, AT, AT)],
    ),
    # Seconds since 1970 know no clock that is set back: 01:30 and, an hour later, 01:30 in Denver.
    "dst_overlap": Case(
        files={"a.json": page({"created_at": 1793518200}, {"id": "2", "created_at": 1793521800})},
        counts=(2, 2, 0, 0),
        select="created_at::varchar",
        rows=[("2026-11-01 07:30:00",), ("2026-11-01 08:30:00",)],
    ),
    # No name is kept; a comment is measured in letters, not in bytes.
    "non_ascii": Case(
        files={"a.json": page({"comment": "schön 🙂"})}, counts=(1, 1, 0, 0), select="comment_length", rows=[(7,)]
    ),
    "wrong_encoding": Case(files={"a.json": page({"comment": "schön"}).encode("latin-1")}, refused=("a.json",)),
    "missing_column": Case(
        files={
            "a.json": page({"person_properties": ..., "updated_at": ..., "comment": ...}),
            "b.json": page(*({"id": n, "created_at": ...} for n in "234")),
        },
        counts=(1, 1, 0, 0),
        refused=("b.json",),
        select=COLUMNS,
        rows=[("1", "nps", 9, 0, None, AT, AT)],
    ),
    "extra_column": Case(
        files={"a.json": page({"sentiment": "good"})},
        counts=(1, 1, 0, 0),
        new_columns={"sentiment": 1},
        select="response_id",
        rows=[("1",)],
    ),
    "footer": Case(
        files={"a.json": f"[{page({})[1:-1]}, {json.dumps({'person': None, 'tags': []})}]"},
        counts=(2, 1, 0, 1),
        select="response_id",
        rows=[("1",)],
    ),
}

CASES = {"responses": RESPONSES}
