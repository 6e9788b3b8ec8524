"""Shopify's orders as its Admin API (REST) gives them: one row per line item, each with what is said of its order.

Belongs here: which raw field becomes which lake column. Of an order that the CSV export tells as well these rows count;
that is decided in staging.
"""

from __future__ import annotations

from ingestion.streams import Column, Stream


def _objects(field: str) -> str:
    """SQL of the JSON objects of an array; NULL without one."""
    return f"case when json_valid({field}) and json_type({field}) = 'ARRAY' then from_json({field}, '[\"JSON\"]') end"


def _created(record: str) -> str:
    """SQL of the seconds since 1970 at which a JSON object was created."""
    return f"cast(epoch(try_cast(json_extract_string({record}, '$.created_at') as timestamptz)) as bigint)"


#: When the last parcel with this line left.
_SHIPPED = (
    f"cast(list_max(list_transform(list_filter({_objects('fulfillments')}, "
    "lambda parcel: json_extract_string(parcel, '$.status') = 'success' and "
    "list_contains(json_extract_string(parcel, '$.line_items[*].id'), json_text(child, '$.id'))), "
    f"lambda parcel: {_created('parcel')})) as varchar)"
)
#: Refunds that paid something back: one that only takes goods back pays nothing.
_REFUNDS = (
    f"nullif(cast(to_json(list_transform(list_filter({_objects('refunds')}, "
    "lambda refund: list_contains(list_transform(json_extract(refund, '$.transactions[*]'), "
    "lambda paid: json_extract_string(paid, '$.kind') || json_extract_string(paid, '$.status')), 'refundsuccess')), "
    f"lambda refund: {{'id': json_extract_string(refund, '$.id'), 'created_at': {_created('refund')}}})) "
    "as varchar), '[]')"
)

#: Of people, money that no KPI asks for, and words: never read.
_IGNORED = (
    "id", "admin_graphql_api_id", "app_id", "billing_address", "browser_ip", "buyer_accepts_marketing", "cart_token",
    "checkout_id", "checkout_token", "client_details", "closed_at", "company", "confirmation_number", "confirmed",
    "contact_email", "current_subtotal_price", "current_subtotal_price_set", "current_shipping_price_set",
    "current_total_additional_fees_set", "current_total_discounts", "current_total_discounts_set",
    "current_total_duties_set", "current_total_price", "current_total_price_set", "current_total_tax",
    "current_total_tax_set", "customer", "customer_locale", "device_id", "discount_applications", "discount_codes",
    "duties_included", "estimated_taxes", "financial_status", "gateway", "landing_site", "landing_site_ref",
    "location_id", "merchant_business_entity_id", "merchant_of_record_app_id", "note", "note_attributes", "number",
    "order_number", "order_status_url", "original_total_additional_fees_set", "original_total_duties_set",
    "payment_details", "payment_gateway_names", "payment_terms", "phone", "po_number", "presentment_currency",
    "processed_at", "processing_method", "reference", "referring_site", "returns", "shipping_address",
    "shipping_lines", "source_identifier", "source_name", "source_url", "subtotal_price", "subtotal_price_set",
    "tags", "tax_exempt", "tax_lines", "taxes_included", "token", "total_cash_rounding_payment_adjustment_set",
    "total_cash_rounding_refund_adjustment_set", "total_discounts", "total_discounts_set", "total_line_items_price",
    "total_line_items_price_set", "total_outstanding", "total_price", "total_price_set", "total_price_usd",
    "total_shipping_price_set", "total_tax", "total_tax_set", "total_tip_received", "total_weight", "user_id",
)  # fmt: skip

ORDERS_API = Stream(
    "shopify",
    "orders_api",
    "json",
    container="orders",
    unnest="line_items",
    key=("order_id", "line_id"),
    version="updated_at",
    columns=(
        Column("order_id", expr="name", required=True),
        Column("line_id", expr="json_text(child, '$.id')", required=True),
        Column("ordered_at", "instant", expr="created_at", required=True),
        Column("updated_at", "instant", required=True),
        Column("cancelled_at", "instant"),
        Column("cancel_reason", expr="lower(cancel_reason)"),
        Column("is_test", "boolean", expr="test"),
        Column("fulfillment_status", expr="lower(fulfillment_status)"),
        Column("currency"),
        Column("quantity", "number", expr="json_text(child, '$.quantity')", required=True),
        Column("unit_price", "number", expr="json_text(child, '$.price')", required=True),
        Column("product_name", expr="json_text(child, '$.name')"),
        Column("sku", expr="json_text(child, '$.sku')"),
        Column("line_fulfillment_status", expr="lower(json_text(child, '$.fulfillment_status'))"),
        Column("shipped_at", "epoch", expr=_SHIPPED),
        Column("refunds", "json", expr=_REFUNDS),
        Column("customer_email", expr="email", person="email"),
    ),
    fields=("name", "created_at", "cancel_reason", "test", "fulfillment_status", "fulfillments", "refunds", "email"),
    ignored=_IGNORED,
    rules=(
        ("sku IS NULL AND product_name IS NULL", "a line without sku and name"),
        ("quantity < 0", "negative quantity"),
        ("unit_price < 0", "negative price"),
    ),
)

STREAMS = (ORDERS_API,)
