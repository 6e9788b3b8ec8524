"""The ticket that a survey tool was told of: by somebody else, and perhaps by way of a customer's browser."""

from __future__ import annotations


def ticket_id_sql(text: str) -> str:
    """SQL of the id of a ticket or contact that `text` gives, null where it looks like none: no address, no words."""
    return f"case when regexp_full_match(trim({text}), '[A-Za-z0-9_.:/#-]{{1,100}}') then ltrim(trim({text}), '#') end"
