"""Amazon's Selling Partner API: reports of orders, feedback and performance. What stands in one:
ingestion.adapters.amazon_seller. The address is the region's, as https://sellingpartnerapi-eu.amazon.com.
"""

from __future__ import annotations

from ingestion.pulls.api import Api, Endpoint
from ingestion.pulls.reports import Report
from ingestion.pulls.signatures import AccessToken

DAY = 86400
TOKENS = "https://api.amazon.com/auth/o2/token"
CREDENTIALS = (
    "SUPPORT_KPIS_AMAZON_SELLER_CLIENT_ID",
    "SUPPORT_KPIS_AMAZON_SELLER_CLIENT_SECRET",
    "SUPPORT_KPIS_AMAZON_SELLER_REFRESH_TOKEN",
)


def login(client_id: str, client_secret: str, refresh_token: str) -> AccessToken:
    """Login with Amazon: a token for an hour. Requests need no other signature since 2023."""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": client_id,
        "client_secret": client_secret,
    }
    return AccessToken(TOKENS, form, "x-amz-access-token", CREDENTIALS)


REPORTS = Api(
    "amazon_seller",
    (
        Endpoint(
            "orders",
            "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",
            # Amazon takes no longer window; what it tells lags behind by hours.
            Report(30 * DAY, overlap=DAY),
            None,
            suffix="txt",
        ),
        Endpoint(
            "feedback",
            "GET_SELLER_FEEDBACK_DATA",
            # By the day of the feedback, which may be changed or come late.
            Report(30 * DAY, overlap=30 * DAY, is_single=True),
            None,
            suffix="txt",
        ),
        Endpoint("performance", "GET_V2_SELLER_PERFORMANCE_REPORT", Report(None), None),
    ),
    CREDENTIALS,
    login,
    # Requests for reports may come once a minute, after a first handful.
    15,
)

APIS = (REPORTS,)
