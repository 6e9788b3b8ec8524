"""Instants in pages: vendors write them as seconds or as ISO text; positions keep whole seconds since 1970."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

Form = Literal["epoch", "iso"]


def moment_of(row: Mapping[str, Any], fields: Iterable[str]) -> int | None:
    """The first of these fields that holds an instant, cut to the second; None where none does."""
    for name in fields:
        value = row.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return int(value)
        if isinstance(value, str) and value:
            try:
                instant = datetime.fromisoformat(value)
            except ValueError:
                continue
            return int((instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp())
    return None


def written(moment: int, form: Form) -> int | str:
    """An instant as the vendor wants it in a request."""
    return moment if form == "epoch" else datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
