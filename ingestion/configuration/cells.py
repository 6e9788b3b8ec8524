"""From the text of one CSV cell to a typed value. Rules about several cells or rows stand in `rules`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from ingestion.configuration.vocabulary import suggestion, time_zones


def text(cell: str) -> str:
    return cell


def identifier(cell: str) -> str:
    if not re.fullmatch(r"[a-z0-9_]+", cell):
        raise ValueError("may hold only a-z, 0-9 and _; rename it")
    return cell


def email(cell: str) -> str:
    if cell.count("@") != 1:
        raise ValueError("is no e-mail address; write name@example.org or leave it blank")
    return cell.lower()


def integer(cell: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", cell):
        raise ValueError("is no whole number; write digits only, e.g. 28")
    return int(cell)


def number(cell: str) -> Decimal:
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", cell):
        raise ValueError("is no number; write it with a decimal point and at most 6 decimals, e.g. 0.95")
    return Decimal(cell)


def day(cell: str) -> date:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise ValueError("is no date; write YYYY-MM-DD, e.g. 2026-03-02")


def boolean(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise ValueError("is neither true nor false; write true or false")
    return cell == "true"


def time_of_day(cell: str) -> str:
    """Stays text, as 24:00 has no other type; two of them compare as the times do."""
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00", cell):
        raise ValueError("is no time of day; write HH:MM from 00:00 to 24:00, e.g. 08:30")
    return cell


def zone(cell: str) -> str:
    if cell not in time_zones():
        near = suggestion(cell, time_zones()) or "; use a name such as Europe/Berlin"
        raise ValueError(f"is an unknown time zone{near}")
    return cell


ARROW_TYPES: dict[Callable[[str], Any], pa.DataType] = {
    text: pa.string(),
    identifier: pa.string(),
    email: pa.string(),
    time_of_day: pa.string(),
    zone: pa.string(),
    integer: pa.int64(),
    number: pa.decimal128(18, 6),
    day: pa.date32(),
    boolean: pa.bool_(),
}


@dataclass(frozen=True)
class Column:
    """One column of a configuration file. `exact` cells keep their outer blanks: they are compared with vendors' text.

    `default` stands for a blank cell; `pattern` allows names beyond `allowed`, e.g. `field:<id>`.
    """

    name: str
    kind: Callable[[str], Any] = text
    required: bool = False
    allowed: tuple[str, ...] | None = None
    pattern: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    exact: bool = False
    default: Any = None

    def value(self, cell: str) -> Any:
        """The typed value, the default for a blank cell. Raises ValueError with complaint and remedy in one line."""
        if not cell.strip():
            if self.required:
                raise ValueError(f"{self.name} is blank; fill it in")
            return self.default
        if not self.exact:
            cell = cell.strip()
        try:
            value = self.kind(cell)
            self._check(cell, value)
        except ValueError as error:
            raise ValueError(f"{self.name} '{cell}' {error}") from None
        return value

    def _check(self, cell: str, value: Any) -> None:
        matches = self.pattern is not None and re.fullmatch(self.pattern, cell) is not None
        if self.allowed is not None and cell not in self.allowed and not matches:
            raise ValueError(f"is unknown{suggestion(cell, self.allowed)}")
        if self.minimum is not None and value < self.minimum:
            raise ValueError(f"is too small; the least is {self.minimum}")
        if self.maximum is not None and value > self.maximum:
            raise ValueError(f"is too large; the most is {self.maximum}")
