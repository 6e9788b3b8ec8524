"""generic order_lines, order_defects, ratings, remedies: the orders behind the marketplace tickets.

Belongs here: orders and what follows from them. Does not belong here: tickets about them.
"""

from collections import defaultdict
from pathlib import Path

from ingestion.simulator.incidents import Incident, Kind, active
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
_CURRENCY = {"amazon": "EUR", "shop": "EUR", "ebay": "GBP"}
# The last product of the list is too bulky for eBay.
_SOLD = {"amazon": len(PRODUCTS), "shop": len(PRODUCTS), "ebay": len(PRODUCTS) - 1}
# Who cancels, as shares of the cancelled orders: seller, then system, else the buyer.
_CANCELLERS = {"amazon": (0.03, 0.04), "ebay": (0.1, 0.4), "shop": (0.1, 0.4)}


class Order:
    """One order with one or two lines; the product is that of the first line."""

    __slots__ = ("customer", "order_id", "product")

    def __init__(self, order_id: str, customer: int, product: int) -> None:
        self.order_id, self.customer, self.product = order_id, customer, product


class SalesExport:
    """Draws orders and writes their life, by the day on which it happens."""

    def __init__(self, world, landing: Path, incidents: tuple[Incident, ...]) -> None:
        self._world, self._calendar, self._rng, self._count = world, world.calendar, world.rng, 0
        self._incidents = tuple(i for i in incidents if i.kind in (Kind.LATE_SHIPMENTS, Kind.BAD_BATCH))
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
        rng = self._rng
        self._count += 1
        order = Order(
            f"{marketplace[:2].upper()}-{self._count:08d}", self._world.customers.next(0.45), self._product(marketplace)
        )
        recent = self._recent[marketplace]
        if len(recent) < _RECENT:
            recent.append(order)
        else:
            recent[self._count % _RECENT] = order
        by_seller = marketplace != "amazon" or rng.random() < 0.5
        shipped = at + int(DAY * (0.3 + rng.random() * 1.2)) + (DAY if rng.random() < 0.001 else 0)
        late = active(self._incidents, Kind.LATE_SHIPMENTS, at, marketplace)
        if by_seller and late is not None:
            shipped += int(late.amount * DAY)
        delivered = shipped + DAY + int(rng.random() * 3 * DAY)
        cancelled, canceller = None, "buyer"
        if rng.random() < 0.02:
            cancelled, draw = at + int(rng.random() * 6 * 3600) + 60, rng.random()
            seller, system = _CANCELLERS[marketplace]
            canceller = "seller" if draw < seller else "system" if draw < system else "buyer"
        products = [order.product] + ([self._product(marketplace)] if rng.random() < 0.2 else [])
        for line, product_no in enumerate(products, 1):
            _, category, sector, _ = PRODUCTS[product_no]
            head = f"{order.order_id},{line},{self._calendar.iso(at)},{marketplace}"
            what = (
                f"{self._price(product_no, marketplace, at)},{category},{sector},{order.customer},"
                f"{customer_email(order.customer) if self._count % 20 else ''},"
                f"{'seller' if by_seller else 'marketplace'},{self._calendar.iso(at + 2 * DAY)}"
            )
            # The second line of a few orders is cancelled alone.
            dropped = at + 3600 if line == 2 and rng.random() < 0.05 else None
            self._line(head, what, at, shipped, delivered, dropped if cancelled is None else cancelled, canceller)
        if cancelled is None:
            self._after_delivery(order, marketplace, at, delivered)

    def _product(self, marketplace: str) -> int:
        return int(self._rng.random() * _SOLD[marketplace])

    def _price(self, product_no: int, marketplace: str, at: int) -> str:
        """product_id, quantity, unit_price, currency; prices rose by a tenth in the fourth week before the end."""
        product, _, _, cents = PRODUCTS[product_no]
        price = cents * (110 if at >= -28 * DAY else 100) // 100
        return f"{product},{1 + (self._count % 11 == 0)},{price / 100:.2f},{_CURRENCY[marketplace]}"

    def _line(
        self, head: str, what: str, at: int, shipped: int, delivered: int, cancelled: int | None, canceller: str
    ) -> None:
        """One line of an order, again with every change of its status."""
        iso = self._calendar.iso
        self._row("order_lines", at, f"{head},open,{what},,,,,{iso(at)}")
        if cancelled is not None:
            self._row(
                "order_lines", cancelled, f"{head},cancelled,{what},,,{iso(cancelled)},{canceller},{iso(cancelled)}"
            )
            return
        self._row("order_lines", shipped, f"{head},shipped,{what},{iso(shipped)},,,,{iso(shipped)}")
        self._row(
            "order_lines", delivered, f"{head},delivered,{what},{iso(shipped)},{iso(delivered)},,,{iso(delivered)}"
        )

    def _after_delivery(self, order: Order, marketplace: str, ordered: int, delivered: int) -> None:
        rng = self._rng
        batch = active(self._incidents, Kind.BAD_BATCH, ordered, PRODUCTS[order.product][0])
        if batch is not None and rng.random() < batch.amount:
            at = max(delivered, batch.end) + int(rng.expovariate(1 / DAY))
            self._rating(order, marketplace, at, 1 + (rng.random() < 0.3))
            if rng.random() < 0.1 and marketplace != "ebay":
                self._defect(order, marketplace, at + 3600)
            return
        fate = rng.random()
        if fate < 0.12:
            stars = (1, 2, 3, 4, 5)[min(4, int(rng.betavariate(5, 1.2) * 5))]
            self._rating(order, marketplace, delivered + int(rng.expovariate(1 / (4 * DAY))), stars)
        elif fate < 0.124 and marketplace != "ebay":
            self._defect(order, marketplace, delivered + int(rng.expovariate(1 / (5 * DAY))))

    def _rating(self, order: Order, marketplace: str, at: int, stars: int) -> None:
        if at < 0:
            product, brand = PRODUCTS[order.product][0], "Outlet" if order.customer % 7 == 0 else "Shop"
            row = f"R{self._count},{self._calendar.iso(at)},{stars},{marketplace},{product},{order.order_id},{brand}"
            self._row("ratings", at, row)

    def _defect(self, order: Order, marketplace: str, at: int) -> None:
        """A claim at Amazon, a charge-back in the shop."""
        kind = "a_to_z" if marketplace == "amazon" and self._rng.random() < 0.7 else "chargeback"
        status = ("open", "granted", "denied", "withdrawn")[int(self._rng.random() * 4)]
        if at < 0:
            self._row("order_defects", at, f"{order.order_id},{marketplace},{kind},{status},{self._calendar.iso(at)}")

    def remedy(self, ticket: Ticket, at: int, kind: str) -> None:
        """The customer got a refund or a replacement for what the ticket was about."""
        self._count += 1
        if at < 0:
            # The shop system knows some remedies by their order alone.
            number = "" if ticket.order and self._count % 4 == 0 else ticket.number
            row = f"F{self._count},{kind},{self._calendar.iso(at)},{number},{ticket.order or ''}"
            self._row("remedies", at, row)

    def export_day(self, day: int) -> None:
        """Appends the rows of the day."""
        for name, stream in self._streams.items():
            stream.add(day, [row for _, _, row in sorted(self._rows[name].pop(day, ()))])
