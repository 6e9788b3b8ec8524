"""Attributes that a flow or form sets, as a JSON object: those that the configuration names, and no other."""

from __future__ import annotations

from collections.abc import Callable

from ingestion.streams import Source


def chosen_attributes(document: str) -> Callable[[Source], str]:
    """SQL of a JSON object with the keys of `document` (a raw field) that the configuration names, NULL without any.

    Attributes are free text of whoever built the flow and may hold a customer's data.
    """

    def expression(source: Source) -> str:
        if not source.field_ids:
            return "cast(null as varchar)"
        names = [name for name in source.field_ids if not set(name) & set("'\"")]
        pairs = ", ".join(f"'{name}', json_text({document}, '$.\"{name}\"')" for name in names)
        return f"nullif(cast(json_merge_patch('{{}}', json_object({pairs})) as varchar), '{{}}')"

    return expression
