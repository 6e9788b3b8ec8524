"""A version with something in every figure, for those who look at the whole page."""

from datetime import date, timedelta

from orchestration.page.figures import BUCKETS, COMPLEXITIES, STAGES
from tests.page.conftest import UNTIL

ISSUES = ("where_is_my_order", "return_label", "poor_service")


def fill(version) -> None:
    targets(version)
    contacts(version)
    customers(version)
    sales(version)


def targets(version) -> None:
    version.target("email_reply_24h")
    version.target("recovering", "at_risk", dimension="channel", dimension_value="email", guardrail="csat;nps")
    version.target("quiet", "no_data", value=None, previous_value=None, trend=None, sample_size=None)
    version.target("nps", "met", "nps", value=41.5, target=20.0, previous_value=43.0)
    version.target("asa", "met", "average_speed_of_answer", value=14.0, target=30.0, comparator="<=")
    hebrew = "\u05e9\u05d9\u05e8\u05d5\u05ea \u05dc\u05e7\u05d5\u05d7\u05d5\u05ea (2)"
    version.target("hebrew", "met", dimension="team", dimension_value=hebrew)
    for day in range(60):
        version.cell("response_within_target_rate", "all", "all", 80 + day % 7, 100, day)
        version.cell("nps", "all", "all", 40 + day % 5, 100, day)


def contacts(version) -> None:
    for day in range(28):
        on = UNTIL - timedelta(days=day)
        hours = [
            (f"{day}/{hour}/{n}", on, f"{hour}", f"{on.isoweekday()}") for hour in range(7, 20) for n in range(hour % 4)
        ]
        version.insert("fct_contact", *hours)
    for number, issue in enumerate(ISSUES):
        version.cell("first_contact_resolution_rate", "issue_type", issue, 6 + number, 10)
        version.cell("first_contact_resolution_rate", "channel", f"channel_{number}", 5 + number, 10)
        version.cell("complaint_rate", "channel", f"channel_{number}", 1 + number, 50)
        for position, bucket in enumerate(BUCKETS):
            version.cell("first_response_bucket_rate", "channel_bucket", f"channel_{number}:{bucket}", 7 - position, 28)
    for number, complexity in enumerate(COMPLEXITIES):
        version.cell("resolution_time_mean", "complexity", complexity, 36_000 * (1 + number), 1)
        version.cell("resolution_business_time_mean", "complexity", complexity, 9_000 * (1 + number), 1)
    for number, stage in enumerate(STAGES):
        version.cell("stage_abandonment_rate", "stage", stage, 10, 1000 - 100 * number)
    for hour in range(8, 20):
        version.cell("service_level", "hour", f"{hour}", 80 + hour % 9, 100)
        version.cell("average_speed_of_answer", "hour", f"{hour}", 100 + 40 * (hour % 5), 10)


def customers(version) -> None:
    for month in range(12):
        version.cell("csat", "all", "all", 70 + month, 100, 30 * month, grain="month")
        day = date(2026, 2, 10) - timedelta(days=30 * month)
        version.insert("fct_survey_response", *[(points, day) for points in (1, 1, 1, 0, -1) * 9])
    for number, agent in enumerate(("ann@shop.example", "bob@shop.example", "eve@shop.example")):
        version.cell("csat", "agent", agent, 7 + number, 10)
        version.cell("first_contact_resolution_rate", "agent", agent, 5 + number, 10)
        version.insert("fct_agent_day", (agent, UNTIL, "email"))
    version.insert(
        "mart_issue_evidence", (date(2026, 2, 23), "return_label", "router", 50, 9, 0.1, 0.04, 0.003, "c1;c2;c3;c4")
    )


def sales(version) -> None:
    for day in range(90):
        for number, name in enumerate(("amazon", "ebay", "shop")):
            version.cell("order_defect_rate", "marketplace", name, 1 + number + day % 3, 500, day)
        for number, kpi_id in enumerate(("repeat_purchase_rate", "cross_sell_rate", "upsell_rate")):
            version.cell(kpi_id, "all", "all", 20 + 10 * number + day % 4, 100, day)
    for name in ("amazon", "ebay"):
        version.cell("on_time_shipment_rate", "marketplace", name, 96, 100)
        version.cell("cancellation_rate", "marketplace", name, 1, 100)
