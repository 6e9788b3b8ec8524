"""Names and texts as SQL says them.

Statements of a night hold their values so, and have no parameters: the first parameter that DuckDB's driver is given
makes it import pandas, a second of every process.
"""

from __future__ import annotations

from collections.abc import Iterable


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """A list."""
    return f"[{', '.join(map(literal, texts))}]"
