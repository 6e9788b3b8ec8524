"""The canonical CSV streams of shops and marketplaces: orders, what went wrong with them, ratings, remedies.

A customer's e-mail and shop id become keys; what a reviewer wrote is no column.
"""

from __future__ import annotations

from ingestion.streams import Column, Stream

ORDER_LINES = Stream(
    "generic",
    "order_lines",
    "csv",
    key=("marketplace", "order_id", "line_id"),
    version="updated_at",
    columns=(
        Column("order_id", required=True),
        Column("line_id", required=True),
        Column("ordered_at", "instant", required=True),
        Column("marketplace", required=True),
        Column("status", required=True, allowed=("open", "shipped", "delivered", "cancelled")),
        Column("product_id", required=True),
        Column("quantity", "number", required=True),
        Column("unit_price", "number", required=True),
        Column("currency", required=True),
        Column("product_category"),
        Column("sector"),
        Column("customer_id", person="customer_id"),
        Column("customer_email", person="email"),
        Column("fulfilled_by", allowed=("seller", "marketplace")),
        Column("ship_by", "instant"),
        Column("shipped_at", "instant"),
        Column("delivered_at", "instant"),
        Column("cancelled_at", "instant"),
        Column("cancelled_by", allowed=("buyer", "seller", "system")),
        Column("updated_at", "instant"),
    ),
    rules=(("quantity < 0", "negative quantity"), ("unit_price < 0", "negative unit_price")),
)

ORDER_DEFECTS = Stream(
    "generic",
    "order_defects",
    "csv",
    key=("marketplace", "order_id", "defect_type", "opened_at"),
    version="updated_at",
    columns=(
        Column("order_id", required=True),
        Column("marketplace", required=True),
        Column("defect_type", required=True, allowed=("a_to_z", "chargeback")),
        Column("status", required=True, allowed=("open", "granted", "denied", "withdrawn")),
        Column("opened_at", "instant", required=True),
        Column("updated_at", "instant"),
    ),
)

RATINGS = Stream(
    "generic",
    "ratings",
    "csv",
    key=("rating_id",),
    version="updated_at",
    columns=(
        Column("rating_id", required=True),
        Column("rated_at", "instant", required=True),
        Column("stars", "integer", required=True),
        Column("marketplace"),
        Column("product_id"),
        Column("order_id"),
        Column("brand"),
        Column("updated_at", "instant"),
    ),
    rules=(("stars NOT BETWEEN 1 AND 5", "stars outside 1 to 5"),),
)

REMEDIES = Stream(
    "generic",
    "remedies",
    "csv",
    key=("remedy_id",),
    version="updated_at",
    columns=(
        Column("remedy_id", required=True),
        Column("remedy_type", required=True, allowed=("refund", "replacement", "return", "other")),
        Column("delivered_at", "instant", required=True),
        Column("ticket_id"),
        Column("order_id"),
        Column("updated_at", "instant"),
    ),
)

STREAMS = (ORDER_LINES, ORDER_DEFECTS, RATINGS, REMEDIES)
