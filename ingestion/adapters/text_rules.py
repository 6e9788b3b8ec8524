"""The `text` rows of issue_types.csv, evaluated while loading: words pass by, only the pattern that met them stays.

What a pattern stands for (type, category, product) is decided in staging, where `text_match` meets the table again. A
change of the patterns holds for rows loaded from then on, rejected ones that are tried again included; a row that is
loaded keeps its match until its stream is reloaded, for its words are in the landing file only.
"""

from __future__ import annotations

from collections.abc import Callable

from ingestion.quoting import literal
from ingestion.streams import Source


def text_match(*texts: str) -> Callable[[Source], str]:
    """SQL of the first pattern that occurs in any of `texts` (SQL of the raw row), null without one.

    RE2 as DuckDB runs it: case-sensitive unless the pattern says `(?i)`, anywhere in the text unless anchored.
    """

    def expression(source: Source) -> str:
        if not source.text_patterns:
            return "cast(null as varchar)"
        cases = (
            f"WHEN {' OR '.join(f'regexp_matches({text}, {literal(pattern)})' for text in texts)} "
            f"THEN {literal(pattern)}"
            for pattern in source.text_patterns
        )
        return f"CASE {' '.join(cases)} END"

    return expression
