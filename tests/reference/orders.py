"""Orders as seen at `as_of`: lines put together, what is cancelled, shipped, bought and by whom."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property

from tests.reference.customers import Customers
from tests.reference.seeing import entities, happened
from tests.reference.world import World


@dataclass(frozen=True)
class Order:
    """One order. `lines` are those not cancelled, `cancelled` the others; instants of lines are known ones only."""

    order_id: str
    marketplace: str
    ordered_at: datetime
    customer: tuple | None
    lines: list[dict]
    cancelled: list[dict]

    @property
    def all_lines(self) -> list[dict]:
        return self.lines + self.cancelled

    @property
    def is_cancelled(self) -> bool:
        return not self.lines

    @property
    def revenue(self) -> Fraction:
        return sum((amount(line) for line in self.lines), Fraction(0))

    @cached_property
    def sector(self) -> str | None:
        """That of its dearest line, of two as dear the one with the smaller id."""
        return min(self.lines, key=lambda line: (-amount(line), line["line_id"])).get("sector")

    @property
    def currency(self) -> str | None:
        """None of its own if its lines are in several."""
        named = {line["currency"] for line in self.lines}
        return named.pop() if len(named) == 1 else None

    @cached_property
    def dimensions(self) -> dict:
        if self.is_cancelled:
            return {"marketplace": self.marketplace}
        return {"marketplace": self.marketplace, "sector": self.sector, "currency": self.currency}


def amount(line: dict) -> Fraction:
    return Fraction(line["quantity"]) * Fraction(line["unit_price"])


def orders_at(world: World, customers: Customers) -> list[Order]:
    lines = defaultdict(list)
    key = ("marketplace", "order_id", "line_id")
    for entity in entities(world.rows("order_lines"), key, "updated_at", world.as_of):
        row = entity.row
        if row["ordered_at"] <= world.as_of:
            shipped_at = happened(row.get("shipped_at"), world.as_of)
            known = row | {"shipped_at": shipped_at, "is_cancelled": _is_cancelled(world, entity)}
            lines[row["marketplace"], row["order_id"]].append(known)
    orders = []
    for (marketplace, order_id), rows in lines.items():
        kept = [row for row in rows if not row["is_cancelled"]]
        gone = [row for row in rows if row["is_cancelled"]]
        buyer = next((one for one in (customers.customer(*_identities(row)) for row in rows) if one), None)
        orders.append(Order(order_id, marketplace, min(row["ordered_at"] for row in rows), buyer, kept, gone))
    return orders


def _identities(row: dict) -> tuple[tuple, tuple]:
    """E-mail beats a shop's customer id, which stands where there is no e-mail; the two are not linked."""
    return ("email", row.get("customer_email_key")), ("shop", row.get("customer_id_key"))


def _is_cancelled(world: World, entity) -> bool:
    """The row says so, unless a later instant explains it or it was written later than `as_of`."""
    row = entity.row
    if row["status"] != "cancelled":
        return False
    if row.get("cancelled_at") is not None:
        return row["cancelled_at"] <= world.as_of
    return entity.is_written
