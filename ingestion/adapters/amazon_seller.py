"""Reports of Amazon's Selling Partner API: order items, seller feedback, account performance.

Belongs here: which column becomes which lake column, and what a date of a localised report means. The reports name no
customer but in feedback, whose address and words are not read.
"""

from __future__ import annotations

from ingestion.streams import Column, Source, Stream

ORDERS = Stream(
    "amazon_seller",
    "orders",
    "csv",
    delimiter="\t",
    quote="",
    fallback_encoding="latin-1",
    numbered_by=("amazon-order-id", "sku", "asin"),
    key=("order_id", "sku", "asin", "line_no"),
    version="last_updated_at",
    columns=(
        Column("order_id", expr='"amazon-order-id"', required=True),
        Column("line_no", "integer", expr="_line", required=True),
        Column("ordered_at", "instant", expr='"purchase-date"', required=True),
        Column("last_updated_at", "instant", expr='"last-updated-date"', required=True),
        Column("order_status", expr='"order-status"', required=True),
        Column("item_status", expr='"item-status"'),
        Column("fulfillment_channel", expr='"fulfillment-channel"'),
        Column("sku"),
        Column("asin"),
        Column("quantity", "number", required=True),
        Column("currency"),
        Column("item_price", "number", expr='"item-price"'),
    ),
    fields=(
        "amazon-order-id",
        "_line",
        "purchase-date",
        "last-updated-date",
        "order-status",
        "item-status",
        "fulfillment-channel",
        "item-price",
    ),
    required_fields=("amazon-order-id", "purchase-date", "last-updated-date", "order-status", "quantity", "sku"),
    ignored=(
        "merchant-order-id", "sales-channel", "order-channel", "url", "ship-service-level", "product-name", "item-tax",
        "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax", "item-promotion-discount",
        "ship-promotion-discount", "ship-city", "ship-state", "ship-postal-code", "ship-country", "promotion-ids",
        "cpf",
        "is-business-order", "purchase-order-number", "price-designation", "signature-confirmation-recommended",
        "is-replacement-order", "original-order-id", "fulfilled-by", "customized-url", "customized-page",
        "buyer-company-name", "buyer-cst-number", "buyer-vat-number", "ship-from-city", "ship-from-state",
        "ship-from-postal-code", "ship-from-country", "licensee-name", "license-number", "license-state",
        "license-expiration-date", "vat-exclusive-item-price", "vat-exclusive-shipping-price",
        "vat-exclusive-giftwrap-price",
    ),
    rules=(("sku IS NULL AND asin IS NULL", "neither sku nor asin"), ("quantity < 0", "negative quantity")),
)  # fmt: skip

#: English is the header's language in countries that write the month first and in those that write the day first.
_DAY_FIRST = ("GB", "UK", "IE", "AU", "NZ", "IN", "SG", "ZA", "AE")
_SECOND_NAME = "json_text(_header, '$.rows[0][1]')"
_FIRST_NAME = "json_text(_header, '$.rows[0][0]')"


def _rated_on(source: Source) -> str:
    """SQL of the ISO date: Amazon writes dates as the header's language does, with two digits of the year or four."""
    english = "%d/%m/%y" if (source.country or "").upper() in _DAY_FIRST else "%m/%d/%y"
    long = english.replace("%y", "%Y")
    orders = (
        ("contains(rated_on, '.')", "['%d.%m.%y', '%d.%m.%Y']"),
        ("contains(rated_on, '-')", "['%Y-%m-%d']"),
        (f"unicode({_FIRST_NAME}) > 12000", "['%y/%m/%d', '%Y/%m/%d']"),
        (f"lower({_SECOND_NAME}) = 'rating'", f"['{english}', '{long}']"),
    )
    branches = " ".join(f"WHEN {condition} THEN try_strptime(rated_on, {formats})" for condition, formats in orders)
    return f"strftime(CASE {branches} ELSE try_strptime(rated_on, ['%d/%m/%y', '%d/%m/%Y']) END, '%Y-%m-%d')"


FEEDBACK = Stream(
    "amazon_seller",
    "feedback",
    "csv",
    delimiter="\t",
    quote="",
    is_positional=True,
    fallback_encoding="latin-1",
    key=("order_id",),
    columns=(
        Column("order_id", required=True),
        Column("rated_on", "local_date", expr=_rated_on, required=True),
        Column("stars", "integer", required=True),
    ),
    fields=("rated_on", "stars", "comments", "response", "order_id", "rater_email", "_header"),
    rules=(("stars NOT BETWEEN 1 AND 5", "stars outside 1 to 5"),),
)


def _metric(name: str, *paths: str, count: str) -> tuple[Column, ...]:
    """Window, orders, counted orders and rate of one metric; `paths` are the spellings of its place in the record."""

    def read(field: str) -> str:
        spelt = [path.partition(".") for path in paths]
        found = [f"json_text(\"{top}\", '$.{inner + '.' if inner else ''}{field}')" for top, _, inner in spelt]
        return found[0] if len(found) == 1 else f"coalesce({', '.join(found)})"

    return (
        Column(f"{name}_from", "instant", expr=read("reportingDateRange.reportingDateFrom")),
        Column(f"{name}_to", "instant", expr=read("reportingDateRange.reportingDateTo")),
        Column(f"{name}_orders", "integer", expr=read("orderCount")),
        Column(f"{name}_count", "integer", expr=read(count)),
        Column(f"{name}_rate", "number", expr=read("rate")),
    )


PERFORMANCE = Stream(
    "amazon_seller",
    "performance",
    "json",
    container="performanceMetrics",
    key=("marketplace_id", "order_defects_seller_to", "late_shipment_to", "cancellation_to"),
    columns=(
        Column("marketplace_id", expr='"marketplaceId"'),
        *_metric("order_defects_seller", "orderDefectRate.mfn", count="orderWithDefects.count"),
        *_metric("order_defects_marketplace", "orderDefectRate.afn", count="orderWithDefects.count"),
        *_metric("late_shipment", "lateShipmentRate", count="lateShipmentCount"),
        *_metric(
            "cancellation",
            "preFulfillmentCancellationRate",
            "prefulfillmentCancelRate",
            count="cancellationCount",
        ),
    ),
    fields=(
        "marketplaceId",
        "orderDefectRate",
        "lateShipmentRate",
        "preFulfillmentCancellationRate",
        "prefulfillmentCancelRate",
    ),
    ignored=(
        "invoiceDefectRate", "onTimeDeliveryRate", "validTrackingRate", "warningStates", "warningState",
        "accountHealthRating", "listingPolicyViolations", "productAuthenticityCustomerComplaints",
        "productConditionCustomerComplaints", "productSafetyCustomerComplaints",
        "receivedIntellectualPropertyComplaints",
        "restrictedProductPolicyViolations", "suspectedIntellectualPropertyViolations",
        "foodAndProductSafetyIssues", "customerProductReviewsPolicyViolations", "otherPolicyViolations",
        "documentRequests",
    ),
)  # fmt: skip

STREAMS = (ORDERS, FEEDBACK, PERFORMANCE)
