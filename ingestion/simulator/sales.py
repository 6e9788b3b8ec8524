"""generic order_lines, order_defects, ratings, remedies: the orders behind the marketplace tickets.

Belongs here: orders and what follows from them. Does not belong here: tickets about them.
"""

from collections import defaultdict
from pathlib import Path

from ingestion.simulator.output import DAY, WeeklyStream
from ingestion.simulator.ticket import Ticket
from ingestion.simulator.world import PRODUCTS, customer_email

HEADERS = {
    # `updated_at` is the optional version every stream may carry: a line comes again when it ships or arrives.
    "order_lines": "order_id,line_id,ordered_at,marketplace,status,product_id,quantity,unit_price,currency,"
    "product_category,sector,customer_id,customer_email,fulfilled_by,ship_by,shipped_at,delivered_at,cancelled_at,"
    "cancelled_by,updated_at",
    "order_defects": "order_id,marketplace,defect_type,status,opened_at",
    "ratings": "rating_id,rated_at,stars,marketplace,product_id,order_id,brand",
    "remedies": "remedy_id,remedy_type,delivered_at,ticket_id,order_id",
}
_RECENT = 2000


class Order:
    """One order with one or two lines; the product is that of the first line."""

    __slots__ = ("customer", "order_id", "product")

    def __init__(self, order_id: str, customer: int, product: int) -> None:
        self.order_id, self.customer, self.product = order_id, customer, product


class SalesExport:
    """Draws orders and writes their life, by the day on which it happens."""

    def __init__(self, world, landing: Path) -> None:
        self._world, self._calendar, self._rng, self._count = world, world.calendar, world.rng, 0
        self._streams = {
            name: WeeklyStream(landing, world.calendar, "generic", name, suffixes=(".csv",), header=header)
            for name, header in HEADERS.items()
        }
        self._rows: dict[str, dict[int, list[tuple[int, int, str]]]] = {name: defaultdict(list) for name in HEADERS}
        self._recent: dict[str, list[Order]] = defaultdict(list)

    def _row(self, stream: str, at: int, row: str) -> None:
        if at < 0:
            self._count += 1
            self._rows[stream][at // DAY].append((at, self._count, row))

    def recent(self, marketplace: str) -> Order | None:
        """A recent order of the marketplace that a customer may write about; None before the first one."""
        orders = self._recent[marketplace]
        return orders[int(self._rng.random() * len(orders))] if orders else None

    def order(self, at: int, marketplace: str) -> None:
        """Somebody orders: one or two lines, shipped, delivered, now and then late, cancelled, rated or disputed."""
        rng, iso = self._rng, self._calendar.iso_or_blank
        self._count += 1
        number = self._count
        order = Order(
            f"{marketplace[:2].upper()}-{number:08d}",
            self._world.customers.next(0.45),
            int(rng.random() * len(PRODUCTS)),
        )
        recent = self._recent[marketplace]
        if len(recent) < _RECENT:
            recent.append(order)
        else:
            recent[number % _RECENT] = order
        seller = marketplace != "amazon" or rng.random() < 0.5
        ship_by = at + 2 * DAY
        shipped = at + int(DAY * (0.3 + rng.random() * 1.2)) + (DAY if rng.random() < 0.004 else 0)
        delivered = shipped + DAY + int(rng.random() * 3 * DAY)
        cancelled, canceller = None, ""
        if rng.random() < 0.02:
            cancelled, canceller = at + int(rng.random() * 6 * 3600) + 60, "seller" if rng.random() < 0.15 else "buyer"
        products = [order.product] + ([int(rng.random() * len(PRODUCTS))] if rng.random() < 0.2 else [])
        for line, product_no in enumerate(products, 1):
            product, category, sector, cents = PRODUCTS[product_no]
            head = f"{order.order_id},{line},{iso(at)},{marketplace}"
            what = (
                f"{product},{1 + (number % 11 == 0)},{cents / 100:.2f},EUR,{category},{sector},{order.customer},"
                f"{customer_email(order.customer) if number % 20 else ''},"
                f"{'seller' if seller else 'marketplace'},{iso(ship_by)}"
            )
            self._row("order_lines", at, f"{head},open,{what},,,,,{iso(at)}")
            if cancelled is not None:
                self._row(
                    "order_lines", cancelled, f"{head},cancelled,{what},,,{iso(cancelled)},{canceller},{iso(cancelled)}"
                )
                continue
            self._row("order_lines", shipped, f"{head},shipped,{what},{iso(shipped)},,,,{iso(shipped)}")
            self._row(
                "order_lines", delivered, f"{head},delivered,{what},{iso(shipped)},{iso(delivered)},,,{iso(delivered)}"
            )
        if cancelled is None:
            self._after_delivery(order, marketplace, delivered)

    def _after_delivery(self, order: Order, marketplace: str, delivered: int) -> None:
        rng, iso = self._rng, self._calendar.iso
        fate = rng.random()
        if fate < 0.12:
            at = delivered + int(rng.expovariate(1 / (4 * DAY)))
            stars = (1, 2, 3, 4, 5)[min(4, int(rng.betavariate(5, 1.2) * 5))]
            if at < 0:
                row = (
                    f"R{self._count},{iso(at)},{stars},{marketplace},{PRODUCTS[order.product][0]},{order.order_id},Shop"
                )
                self._row("ratings", at, row)
        elif fate < 0.124 and marketplace == "amazon":
            at = delivered + int(rng.expovariate(1 / (5 * DAY)))
            kind, status = (
                ("a_to_z", "chargeback")[rng.random() < 0.3],
                ("open", "granted", "denied")[int(rng.random() * 3)],
            )
            if at < 0:
                self._row("order_defects", at, f"{order.order_id},{marketplace},{kind},{status},{iso(at)}")

    def remedy(self, ticket: Ticket, at: int, kind: str) -> None:
        """The customer got a refund or a replacement for what the ticket was about."""
        self._count += 1
        if at < 0:
            self._row(
                "remedies", at, f"F{self._count},{kind},{self._calendar.iso(at)},{ticket.number},{ticket.order or ''}"
            )

    def export_day(self, day: int) -> None:
        """Appends the rows of the day."""
        for name, stream in self._streams.items():
            stream.add(day, [row for _, _, row in sorted(self._rows[name].pop(day, ()))])
