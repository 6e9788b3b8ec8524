"""From words to a rule: generated tickets and `text` rules through loading, beside a plain loop over the rules.

What type and category the rule then gives, and which rules of other kinds come first, is compared in `tests/worlds`.
Single rules, and that no word is kept, stand in `test_text_rules`.
"""

import csv
import io
import re
from pathlib import Path
from random import Random

import pytest

from tests.ingestion.conftest import Lab

T = "2026-03-02T08:00:00Z"
WORDS = ["refund", "Refund", "late", "it's 50% off", "broken", "a.b", "a-b", "REFUND please", "", "née", "two\nlines"]
PATTERNS = ["refund", "(?i)refund", "^late$", r"a\.b", r"\d+%", "brok|late", "n.e", "lines$", "nothing", "a.b"]
COLUMNS = ["ticket_id", "created_at", "updated_at", "status", "channel", "subject", "description", "body"]


def rules(pick: Random) -> list[dict]:
    """Some hold for every source, some for this one, some for another."""
    return [
        {
            "row_no": number, "source": pick.choice([None, None, "generic", "zendesk"]), "match_field": "text",
            "match_value": pattern, "issue_type": f"type {number}",
        }
        for number, pattern in enumerate(pick.sample(PATTERNS, pick.choice([0, 3, 6, 10])), start=1)
    ]  # fmt: skip


def first_match(table: list[dict], texts: list[str]) -> str | None:
    """The pattern of the first rule that occurs in any of the texts."""
    for rule in table:
        if rule["source"] in (None, "generic") and any(re.search(rule["match_value"], text) for text in texts):
            return rule["match_value"]
    return None


def tickets(pick: Random) -> list[dict]:
    named = {"created_at": T, "updated_at": T, "status": "open", "channel": "email"}
    texts = ("subject", "description", "body")
    return [{"ticket_id": str(n), **named} | {name: pick.choice(WORDS) for name in texts} for n in range(30)]


@pytest.mark.parametrize("seed", range(12))
def test_the_first_rule_that_occurs_in_a_text_is_kept(tmp_path: Path, seed: int):
    pick, lab = Random(seed), Lab(tmp_path / "home")
    lab.tables["issue_types"], rows = rules(pick), tickets(pick)
    content = io.StringIO()
    writer = csv.DictWriter(content, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    lab.land("generic/tickets/t.csv", content.getvalue())
    lab.run()
    expected = {
        row["ticket_id"]: first_match(lab.tables["issue_types"], [row["subject"], row["description"], row["body"]])
        for row in rows
    }
    assert dict(lab.rows("generic/tickets", "ticket_id, text_match")) == expected
