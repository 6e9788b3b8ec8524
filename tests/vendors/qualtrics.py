"""Qualtrics responses as the vendor exports them: three header rows, labels or numbers, local times.

`spelt` tells a month of answers to NPS questions as two exports that overlap, with rows that are no customer's answer.
"""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.vendors.cases import Case

ZONE = "America/Denver"
#: Columns of every export -> (text of the second header row, ImportId of the third).
COLUMNS = {
    "StartDate": ("Start Date", "startDate"),
    "EndDate": ("End Date", "endDate"),
    "Status": ("Response Type", "status"),
    "IPAddress": ("IP Address", "ipAddress"),
    "Progress": ("Progress", "progress"),
    "Duration (in seconds)": ("Duration (in seconds)", "duration"),
    "Finished": ("Finished", "finished"),
    "RecordedDate": ("Recorded Date", "recordedDate"),
    "ResponseId": ("Response ID", "_recordId"),
    "RecipientLastName": ("Recipient Last Name", "recipientLastName"),
    "RecipientEmail": ("Recipient Email", "recipientEmail"),
    "LocationLatitude": ("Location Latitude", "locationLatitude"),
    "Q1": ('How likely are you to recommend <strong>us</strong>,\n"0-10"?', "QID1"),
    "Q1_NPS_GROUP": ("How likely … - Group", "QID1_NPS_GROUP"),
    "Q2_TEXT": ("Anything else?", "QID2_TEXT"),
    "ticket_id": ("ticket_id", "ticket_id"),
}
QUESTION = 'How likely are you to recommend us , "0-10"?'
RESPONSE = {
    "StartDate": "2026-03-02 09:00:00", "EndDate": "2026-03-02 09:02:11", "Status": "IP Address",
    "IPAddress": "203.0.113.7", "Progress": "100", "Duration (in seconds)": "131", "Finished": "True",
    "RecordedDate": "2026-03-02 09:02:12", "ResponseId": "R_1aB", "RecipientLastName": "Doe",
    "RecipientEmail": "kim@example.org", "LocationLatitude": "39.7", "Q1": "9", "Q1_NPS_GROUP": "Promoter",
    "Q2_TEXT": "call me, +49 30 1234567", "ticket_id": "84211",
}  # fmt: skip
GROUPS = ("Detractor", "Passive", "Promoter")


def export(*rows, zone=ZONE, columns=COLUMNS, end="\n"):
    """One file; a row holds what differs from RESPONSE."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(columns)
    writer.writerow(text for text, _ in columns.values())
    dated = {"timeZone": zone} if zone else {}
    writer.writerow(
        json.dumps({"ImportId": name} | (dated if name.endswith("Date") else {}), separators=(",", ":"))
        for _, name in columns.values()
    )
    writer.writerows([(RESPONSE | row).get(name, "") for name in columns] for row in rows)
    return out.getvalue()


def without(*names, **more):
    return {name: told for name, told in COLUMNS.items() if name not in names} | more


def group(score):
    return (score >= 7) + (score >= 9)


def spelt(rows):
    """Path -> export, of rows of generic survey_responses that are answers to an NPS question."""
    told = [_response(row) for row in rows]
    half = len(told) // 2
    earlier = told[3] | {"EndDate": told[3]["StartDate"], "Finished": "False", "Q1": "", "Q1_NPS_GROUP": ""}
    earlier["RecordedDate"] = earlier["EndDate"]
    others = [{"Status": "Survey Preview"}, {"Status": "Spam"}, {"Finished": "False"}]
    labels = [*told[:3], earlier, *told[4 : half + 1]]
    labels += [told[0] | {"ResponseId": f"R_{n}"} | other for n, other in enumerate(others)]
    numbers = [_in_numbers(row) for row in (told[3], *told[half + 1 :])]
    numbers += [_in_numbers(told[0]) | {"ResponseId": f"R_{status}", "Status": status} for status in ("8", "9", "17")]
    return {
        "qualtrics/responses/2026-02 labels.csv": "\ufeff" + export(*labels, end="\r\n"),
        "qualtrics/responses/2026-02 numbers.csv": export(*numbers, zone="Z"),
        "qualtrics/responses/2026-02 labels, again.csv": export(*told[:5]),
    }


def _response(row):
    answered = datetime.fromisoformat(row["answered_at"])
    local = {
        name: at.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%d %H:%M:%S")
        for name, at in [
            ("StartDate", answered - timedelta(seconds=90)),
            ("EndDate", answered),
            ("RecordedDate", answered + timedelta(seconds=1)),
        ]
    }
    return local | {
        "ResponseId": row["response_id"],
        "Q1": row["score"],
        "Q1_NPS_GROUP": GROUPS[group(int(row["score"]))],
        "ticket_id": row["contact_id"],
    }


def _in_numbers(row):
    """The same response with values in place of labels, and times in UTC."""
    times = {
        name: datetime.fromisoformat(row[name]).replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
        for name in ("StartDate", "EndDate", "RecordedDate")
    }
    named = {"Detractor": "1", "Passive": "2", "Promoter": "3"}
    numbers = {"Status": "0", "Finished": "1", "Q1_NPS_GROUP": named.get(row["Q1_NPS_GROUP"], "")}
    return row | numbers | {name: f"{at:%Y-%m-%d %H:%M:%S}" for name, at in times.items()}


def answers(score, question=QUESTION, name="Q1"):
    """What the lake holds of one NPS question."""
    told = {"question_id": name, "question": question, "score": score, "is_odd": False}
    return json.dumps([told], separators=(",", ":"), ensure_ascii=False)


AT = "2026-03-02 16:02:11"
SHORT = "response_id, status, is_finished, ended_at::varchar, recorded_at::varchar, ticket_id, answers"
_OPEN = {"Finished": "False", "EndDate": "2026-03-02 09:01:00", "RecordedDate": "", "Q1": "", "Q1_NPS_GROUP": ""}
_LONE = dict.fromkeys(COLUMNS, "") | {"ResponseId": "R_1", "EndDate": "2026-03-02 09:02:11"}

RESPONSES = {
    "happy": Case(
        files={
            "a.csv": export({}),
            "b.csv": "\ufeff"
            + export(
                {"ResponseId": "R_2", "Status": "0", "Finished": "1", "Q1": "6", "Q1_NPS_GROUP": "1"},
                zone="Z",
                end="\r\n",
            ),
        },
        counts=(2, 2, 0, 0),
        select=SHORT,
        rows=[
            ("R_1aB", "IP Address", True, AT, "2026-03-02 16:02:12", "84211", answers("9")),
            ("R_2", "0", True, "2026-03-02 09:02:11", "2026-03-02 09:02:12", "84211", answers("6")),
        ],
    ),
    "empty": Case(files={"a.csv": export()}),
    "repeated_border": Case(
        files={
            "a.csv": export({}, {"ResponseId": "R_2"}),
            "b.csv": export({"ResponseId": "R_2"}, {"ResponseId": "R_3"}),
        },
        counts=(4, 3, 1, 0),
        select="response_id",
        rows=[("R_1aB",), ("R_2",), ("R_3",)],
    ),
    "newer_version": Case(
        files={"a.csv": export({}), "b.csv": export(_OPEN)},
        counts=(2, 2, 0, 0),
        select="recorded_at::varchar, is_finished, answers",
        rows=[("2026-03-02 16:01:00", False, answers(None)), ("2026-03-02 16:02:12", True, answers("9"))],
    ),
    "unknown_enum": Case(
        files={"a.csv": export({"Status": "Kiosk"})}, counts=(1, 1, 0, 0), select="status", rows=[("Kiosk",)]
    ),
    "all_null_row": Case(
        files={"a.csv": export(_LONE)},
        counts=(1, 1, 0, 0),
        select=SHORT,
        rows=[("R_1", None, None, AT, AT, None, answers(None))],
    ),
    # Without an offset nobody can tell which of the two it is; it is taken for the later one, of standard time.
    "dst_overlap": Case(
        files={"a.csv": export({"EndDate": "2026-11-01 01:30:00"})},
        counts=(1, 1, 0, 0),
        select="ended_at::varchar",
        rows=[("2026-11-01 08:30:00",)],
    ),
    "non_ascii": Case(
        files={
            "a.csv": export(
                {"Größe/~1": "10"},
                columns=without(
                    "Q1",
                    "Q1_NPS_GROUP",
                    **{
                        "Größe/~1": ("Würden Sie uns empfehlen? 🙂", "QID1"),
                        "Größe/~1_NPS_GROUP": ("Gruppe", "QID1_NPS_GROUP"),
                    },
                ),
            )
        },
        counts=(1, 1, 0, 0),
        select="answers",
        rows=[(answers("10", "Würden Sie uns empfehlen? 🙂", "Größe/~1"),)],
    ),
    # "Use UTF-16" of the export's dialogue.
    "wrong_encoding": Case(files={"a.csv": export({}).encode("utf-16")}, refused=("a.csv",)),
    "missing_column": Case(
        files={
            "a.csv": export({}, columns=without("Status", "Finished", "RecordedDate", "ticket_id", "Q1_NPS_GROUP")),
            "b.csv": export({}, columns=without("EndDate")),
            "c.csv": export({}, zone=None),
        },
        counts=(2, 1, 0, 1),
        refused=("b.csv",),
        select=SHORT,
        rows=[("R_1aB", None, None, AT, AT, None, "[]")],
    ),
    # Every survey has questions of its own: none is news, and none is stored that is not known to be an NPS question.
    "extra_column": Case(
        files={
            "a.csv": export(
                {"Q9": "+49 30 1234567", "Q9_TEXT": "words"},
                columns=without(Q9=("How?", "QID9"), Q9_TEXT=("Why?", "QID9_TEXT")),
            )
        },
        counts=(1, 1, 0, 0),
        select="regexp_matches(concat_ws(' ', *columns(* exclude (_file, _row_hash))), '1234567|words|Doe|kim|39[.]7')",
        rows=[(False,)],
    ),
    "footer": Case(
        files={"a.csv": export({}) + "1 response\n"}, counts=(2, 1, 0, 1), select="response_id", rows=[("R_1aB",)]
    ),
}

CASES = {"responses": RESPONSES}
