"""What Freshdesk's API pages and its CSV export spell in two ways: channels, priorities, custom fields, hours.

Belongs here: spellings. Which column uses them is declared in `freshdesk` and `freshdesk_csv`.
"""

from __future__ import annotations

from collections.abc import Mapping

from ingestion.adapters.zendesk_fields import joined_list_sql
from ingestion.quoting import literal

#: Codes of the API -> the CSV's label, in lower case and without blanks. A code that is not listed stays as it is: it
#: lands in channel `other`, a check reports it, and channels.csv may name it.
SOURCE_NAMES = {
    "1": "email",
    "2": "portal",
    "3": "phone",
    "7": "chat",
    "9": "feedback_widget",
    "10": "outbound_email",
}
#: Codes of 6 and above are the account's own; 6 and 7 come with it. One that is not listed stays as it is.
STATUS_NAMES = {
    "2": "open",
    "3": "pending",
    "4": "resolved",
    "5": "closed",
    "6": "waiting_on_customer",
    "7": "waiting_on_third_party",
}
PRIORITY_NAMES = {"1": "low", "2": "medium", "3": "high", "4": "urgent"}

#: `129:20:14`, as a spreadsheet may have rewritten it: `5 days 09:20:14`.
_HOURS = r"^(?:(\d+) days? )?(\d+):(\d{2}):(\d{2})$"


def named_sql(text: str, names: Mapping[str, str]) -> str:
    """SQL of the name of a code, or of a label in lower case with `_` for blanks."""
    cases = " ".join(f"when {literal(code)} then {literal(name)}" for code, name in names.items())
    return f"case trim({text}) {cases} else replace(lower(trim({text})), ' ', '_') end"


def seconds_sql(text: str) -> str:
    """SQL of the seconds in a cell of hours, minutes and seconds that may pass 24 hours; NULL for any other text."""
    parts = (f"nullif(regexp_extract(trim({text}), '{_HOURS}', {part}), '')" for part in (1, 2, 3, 4))
    days, hours, minutes, seconds = (f"try_cast({part} as bigint)" for part in parts)
    return f"cast(coalesce({days}, 0) * 86400 + {hours} * 3600 + {minutes} * 60 + {seconds} as varchar)"


def chosen_fields_sql(document: str, field_ids: tuple[str, ...]) -> str:
    """SQL of a JSON object {name: value} with those of `field_ids` that have a value in the object `document`, NULL
    without any. The items of a list are joined with ';'. Other fields may hold anything, people's data included."""
    names = [name for name in field_ids if not set(name) & set("'\"")]
    if not names:
        return "cast(null as varchar)"
    pairs = ", ".join(f"'{name}', {_value(document, name)}" for name in names)
    return f"nullif(cast(json_merge_patch('{{}}', json_object({pairs})) as varchar), '{{}}')"


def _value(document: str, name: str) -> str:
    text = f"json_text({document}, '$.\"{name}\"')"
    return f"nullif(trim({joined_list_sql(text)}), '')"
