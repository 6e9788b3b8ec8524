"""Zendesk QA reviews as the export API gives them: pages of conversations, ids as text.

`spelt` tells a month of evaluations as two pages that share a conversation; versions after the first are re-scores of a
dispute, on a page of their own.
"""

import json
from datetime import datetime, timedelta

from tests.vendors.cases import Case

RATING = {
    "categoryId": "11",
    "categoryName": "Tone",
    "groupName": "Style",
    "score": 100,
    "weight": 1,
    "critical": False,
    "cause": "said by a person",
    "causes": ["missed step"],
}
REVIEW = {
    "id": "900719925474099312", "reviewer": {"email": "qa@shop.example", "name": "Q. A.", "groups": []},
    "reviewee": {"email": "A.Berg@shop.example", "name": "Anna Berg", "groups": ["Care"]}, "score": 87.5,
    "comment": "said by a person", "tags": ["said by a person"], "created": "3 March", "updated": "4 March",
    "createdISO": "2026-03-03T10:00:00Z", "updatedISO": "2026-03-04T08:00:00Z", "received": True, "reviewTime": 60,
    "scorecard": {"id": "3", "name": "Email"}, "ratings": [RATING],
}  # fmt: skip
CONVERSATION = {
    "externalId": "84211", "url": "https://shop.example/qa/1", "externalUrl": "https://shop.example/84211",
    "sourceType": "ZENDESK", "workspaceId": "17", "workspaceName": "Care", "createdAtISO": "2026-03-02T10:00:00Z",
    "lastUpdatedISO": "2026-03-03T10:00:00Z", "externalFields": [{"name": "requester", "value": "kim@example.org"}],
}  # fmt: skip


def conversation(*reviews, **more):
    """Reviews hold what differs from REVIEW, `more` what differs from CONVERSATION; `...` takes a key away."""
    return _there(CONVERSATION | more) | {"reviews": [_there(REVIEW | review) for review in reviews]}


def page(*conversations):
    numbers = {"page": 1, "pageSize": 100, "total": len(conversations)}
    return json.dumps({"conversations": conversations, "pagination": numbers}, ensure_ascii=False)


def _there(told):
    return {name: value for name, value in told.items() if value is not ...}


def evaluations(month):
    """Evaluations as Zendesk QA could have made them: of tickets, none a calibration; a later version is the same
    review, dated by its update and not evaluated anew. After a dispute every fifth is scored once more, a day later."""
    rows = [row for row in month.streams["evaluations"] if row["is_calibration"] == "false"]
    rescored = {row["evaluation_id"] for row in rows[::5]} - {r["evaluation_id"] for r in rows if r["version"] != "1"}
    other, day = {"pass": "fail", "fail": "pass", "na": "na"}, timedelta(days=1)
    rows += [
        row
        | {"version": "2", "result": other[row["result"]]}
        | {"evaluated_at": (datetime.fromisoformat(row["evaluated_at"]) + day).strftime("%Y-%m-%dT%H:%M:%SZ")}
        for row in rows
        if row["evaluation_id"] in rescored
    ]
    created = {}
    for row in rows:
        created.setdefault(row["evaluation_id"], row["evaluated_at"])
    return [
        row
        | {"updated_at": row["evaluated_at"], "evaluated_at": created[row["evaluation_id"]]}
        | {"contact_id": f"zendesk/tickets/{row['evaluation_id'].removeprefix('E')}"}
        for row in rows
    ]


def spelt(rows):
    """Path -> page, of rows of generic evaluations about Zendesk tickets, of which `updated_at` dates the versions."""
    versions = {}
    for row in rows:
        versions.setdefault((row["evaluation_id"], row["version"]), []).append(row)
    told = [_reviewed(items) for items in versions.values()]
    first, later = [], []
    for ticket, review in told:
        pages = first if review["createdISO"] == review["updatedISO"] else later
        pages.append(conversation(review, externalId=ticket))
    half = len(first) // 2
    return {
        "zendesk_qa/reviews/1 disputes.json": page(*later),
        "zendesk_qa/reviews/2.json": page(*first[: half + 1]),
        "zendesk_qa/reviews/3.json": page(*first[half:]),
    }


def _reviewed(items):
    """The ticket's id and the review of one version of an evaluation."""
    row = items[0]
    scores = {"pass": {"score": 100.0}, "fail": {"score": 0}, "na": {}}
    return row["contact_id"].removeprefix("zendesk/tickets/"), {
        "id": row["evaluation_id"],
        "reviewee": {"email": row["agent_email"], "groups": [{"id": "5", "name": row["team"]}]},
        "createdISO": row["evaluated_at"],
        "updatedISO": row["updated_at"],
        "scorecard": {"id": "3", "name": row["checklist"]},
        "ratings": [
            {"categoryId": str(n), "categoryName": item["item"], "weight": float(item["weight"])}
            | scores[item["result"]]
            for n, item in enumerate(items)
        ],
    }


def kept(**more):
    """What the lake holds of RATING."""
    told = {"categoryId": "11", "categoryName": "Tone", "score": "100", "weight": "1", "critical": "false"}
    return json.dumps([told | more], separators=(",", ":"), ensure_ascii=False)


_AT = "created_at::varchar, updated_at::varchar"
COLUMNS = f"review_id, external_id, source_type, {_AT}, agent_email, team, checklist, ratings"
CREATED, UPDATED = "2026-03-03 10:00:00", "2026-03-04 08:00:00"
_BARE = {name: ... for name in REVIEW if name not in ("id", "createdISO")}

REVIEWS = {
    "happy": Case(
        files={
            "a.json": page(
                conversation(
                    {},
                    {
                        "id": "2",
                        "reviewee": {"email": "b@shop.example", "groups": ["x", "y"]},
                        "ratings": [RATING | {"score": None, "weight": 2.5, "critical": True}],
                    },
                )
            )
        },
        counts=(2, 2, 0, 0),
        select=COLUMNS,
        rows=[
            (
                "2",
                "84211",
                "ZENDESK",
                CREATED,
                UPDATED,
                "b@shop.example",
                None,
                "Email",
                kept(score=None, weight="2.5", critical="true"),
            ),
            (
                "900719925474099312",
                "84211",
                "ZENDESK",
                CREATED,
                UPDATED,
                "a.berg@shop.example",
                "Care",
                "Email",
                kept(),
            ),
        ],
    ),
    "empty": Case(files={"a.json": page(), "b.json": page(conversation())}),
    "repeated_border": Case(
        files={
            "a.json": page(conversation({}), conversation({"id": "2"})),
            "b.json": page(conversation({"id": "2"}), conversation({"id": "3"})),
        },
        counts=(4, 3, 1, 0),
        select="review_id",
        rows=[("2",), ("3",), ("900719925474099312",)],
    ),
    "newer_version": Case(
        files={
            "a.json": page(conversation({})),
            "b.json": page(conversation({"updatedISO": "2026-03-03T10:00:00Z", "ratings": [RATING | {"score": 75}]})),
        },
        counts=(2, 2, 0, 0),
        select="updated_at::varchar, ratings",
        rows=[(CREATED, kept(score="75")), (UPDATED, kept())],
    ),
    "unknown_enum": Case(
        files={"a.json": page(conversation({}, sourceType="PIGEON"))},
        counts=(1, 1, 0, 0),
        select="source_type",
        rows=[("PIGEON",)],
    ),
    "all_null_row": Case(
        files={"a.json": page({"externalId": None, "reviews": [_there(REVIEW | _BARE)]})},
        counts=(1, 1, 0, 0),
        select=COLUMNS,
        rows=[("900719925474099312", None, None, CREATED, CREATED, None, None, None, None)],
    ),
    # Instants carry their offset: 01:30 in Denver and, an hour later, 01:30.
    "dst_overlap": Case(
        files={
            "a.json": page(
                conversation({"createdISO": "2026-11-01T01:30:00-06:00"}, {"createdISO": "2026-11-01T01:30:00-07:00"})
            )
        },
        counts=(2, 2, 0, 0),
        select="created_at::varchar",
        rows=[("2026-11-01 07:30:00",), ("2026-11-01 08:30:00",)],
    ),
    "non_ascii": Case(
        files={
            "a.json": page(
                conversation({"ratings": [RATING | {"categoryName": "Begrüßung 🙂"}], "scorecard": {"name": "Größe"}})
            )
        },
        counts=(1, 1, 0, 0),
        select="checklist, ratings",
        rows=[("Größe", kept(categoryName="Begrüßung 🙂"))],
    ),
    "wrong_encoding": Case(
        files={"a.json": page(conversation({"comment": "schön"})).encode("latin-1")}, refused=("a.json",)
    ),
    "missing_column": Case(
        files={
            "a.json": page(conversation({"scorecard": ..., "updatedISO": ...}, sourceType=..., externalId=...)),
            "b.json": page(conversation(*({"id": n, "createdISO": ...} for n in "234"))),
        },
        counts=(1, 1, 0, 0),
        refused=("b.json",),
        select=COLUMNS,
        rows=[("900719925474099312", None, None, CREATED, CREATED, "a.berg@shop.example", "Care", None, kept())],
    ),
    "extra_column": Case(
        files={"a.json": page(conversation({}, mood="good"))},
        counts=(1, 1, 0, 0),
        new_columns={"mood": 1},
        select="regexp_matches(concat_ws(' ', *columns(* exclude (_file, _row_hash))), 'said by|kim@|qa@|good')",
        rows=[(False,)],
    ),
    "footer": Case(
        files={"a.json": page(conversation({})) + json.dumps({"message": "end of export"})},
        counts=(2, 1, 0, 1),
        new_columns={"message": 1},
        select="review_id",
        rows=[("900719925474099312",)],
    ),
}

CASES = {"reviews": REVIEWS}
