"""Shopify's orders_export.csv: one row per line item; cells of the order stand in the first row of each order only.

Belongs here: which column becomes which lake column. Putting an order's cells to its lines is the work of staging. The
export dates no row: of several versions of a line the one loaded last counts.
"""

from __future__ import annotations

from ingestion.streams import Column, Stream

#: Of people, money that no KPI asks for, and words: never read.
_IGNORED = (
    "Paid at", "Accepts Marketing", "Subtotal", "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount",
    "Shipping Method", "Lineitem compare at price", "Lineitem requires shipping", "Lineitem taxable",
    "Lineitem discount",
    *(f"{kind} {part}" for kind in ("Billing", "Shipping") for part in (
        "Name", "Street", "Address1", "Address2", "Company", "City", "Zip", "Province", "Country", "Phone",
        "Province Name",
    )),
    "Notes", "Note Attributes", "Payment Method", "Payment Reference", "Refunded Amount", "Vendor",
    "Outstanding Balance",
    "Employee", "Location", "Device ID", "Id", "Tags", "Risk Level", "Source", "Phone", "Receipt Number", "Duties",
    "Payment ID", "Payment Terms Name", "Next Payment Due At", "Payment References",
    *(f"Tax {n} {part}" for n in range(1, 6) for part in ("Name", "Value")),
)  # fmt: skip

ORDERS = Stream(
    "shopify",
    "orders",
    "csv",
    is_loose=True,
    numbered_by=("Name",),
    key=("order_id", "line_no"),
    columns=(
        Column("order_id", expr='"Name"', required=True),
        Column("line_no", "integer", expr="_line", required=True),
        Column("ordered_at", "instant", expr='"Created at"'),
        Column("cancelled_at", "instant", expr='"Cancelled at"'),
        Column("fulfilled_at", "instant", expr='"Fulfilled at"'),
        Column("financial_status", expr='lower("Financial Status")'),
        Column("fulfillment_status", expr='lower("Fulfillment Status")'),
        Column("currency", expr='"Currency"'),
        Column("quantity", "number", expr='"Lineitem quantity"', required=True),
        Column("unit_price", "number", expr='"Lineitem price"', required=True),
        Column("product_name", expr='"Lineitem name"'),
        Column("sku", expr='"Lineitem sku"'),
        Column("line_fulfillment_status", expr='lower("Lineitem fulfillment status")'),
        Column("customer_email", expr='"Email"', person="email"),
    ),
    fields=(
        "Name",
        "_line",
        "Created at",
        "Cancelled at",
        "Fulfilled at",
        "Financial Status",
        "Fulfillment Status",
        "Currency",
        "Lineitem quantity",
        "Lineitem price",
        "Lineitem name",
        "Lineitem sku",
        "Lineitem fulfillment status",
        "Email",
    ),
    required_fields=("Name", "Created at", "Currency", "Lineitem quantity", "Lineitem price"),
    ignored=_IGNORED,
    rules=(
        ("line_no = 1 AND ordered_at IS NULL", "an order's first row without Created at"),
        ("sku IS NULL AND product_name IS NULL", "a line without sku and name"),
        ("quantity < 0", "negative quantity"),
        ("unit_price < 0", "negative price"),
    ),
)

STREAMS = (ORDERS,)
