"""A published version in memory, small enough to work its page out by hand."""

from datetime import date, timedelta

import duckdb
import pytest

UNTIL = date(2026, 3, 1)
TABLES = """
create table dim_kpi (kpi_id varchar, name varchar, description varchar, unit varchar, scale bigint, mart varchar);
create table mart_kpi_timeseries (kpi_id varchar, grain varchar, period_start date, dimension varchar,
    dimension_value varchar, numerator double, denominator double, value double, unit varchar, sample_size bigint);
create table mart_kpi_scorecard (as_of timestamp, target_id varchar, kpi_id varchar, dimension varchar,
    dimension_value varchar, window_start date, window_end date, numerator double, denominator double, value double,
    sample_size bigint, comparator varchar, target double, warn_at double, status varchar, severity varchar,
    previous_value double, baseline_value double, trend varchar, guardrail varchar, source varchar);
create table fct_contact (contact_id varchar, arrived_on date, hour varchar, weekday varchar);
create table fct_survey_response (nps_points bigint, answered_on date);
create table fct_agent_day (agent varchar, local_day date, team varchar);
create table mart_issue_evidence (week_start date, issue_type varchar, product varchar, contacts bigint,
    complaints bigint, share double, share_change double, p_value_holm double, sample_contact_ids varchar);
"""
KPIS = [
    ("response_within_target_rate", "Replies <in time>", "In time ÷ turns & more", "ratio", None, "mart_response"),
    ("first_contact_resolution_rate", "First contact resolution", "…", "ratio", None, "mart_first_contact"),
    ("stage_abandonment_rate", "Abandonment by stage", "…", "ratio", None, "mart_telephony"),
    ("average_speed_of_answer", "Average speed of answer", "…", "seconds", None, "mart_telephony"),
    ("resolution_time_mean", "Resolution time", "…", "seconds", None, "mart_resolution"),
    ("csat", "CSAT", "…", "ratio", None, "mart_voice_of_customer"),
    ("nps", "NPS", "…", "points", 100, "mart_voice_of_customer"),
    ("contact_volume", "Contacts", "…", "count", None, "mart_contact_volume"),
    ("first_response_bucket_rate", "First response, by bucket", "…", "ratio", None, "mart_response"),
    ("order_defect_rate", "Order defect rate", "…", "ratio", None, "mart_marketplace_health"),
    ("resolution_business_time_mean", "Resolution time in business hours", "…", "seconds", None, "mart_resolution"),
    ("service_level", "Service level", "…", "ratio", None, "mart_telephony"),
    ("complaint_rate", "Complaint rate", "…", "ratio", None, "mart_complaints"),
    ("on_time_shipment_rate", "Shipped on time", "…", "ratio", None, "mart_marketplace_health"),
    ("cancellation_rate", "Cancelled by the seller", "…", "ratio", None, "mart_marketplace_health"),
    ("repeat_purchase_rate", "Repeat purchase rate", "…", "ratio", None, "mart_repeat_sales"),
    ("cross_sell_rate", "Cross-sell rate", "…", "ratio", None, "mart_repeat_sales"),
    ("upsell_rate", "Upsell rate", "…", "ratio", None, "mart_repeat_sales"),
    ("esat", "Employee satisfaction", "…", "ratio", None, "mart_employee_satisfaction"),
]  # fmt: skip


class Version:
    """Tables to be filled row by row."""

    def __init__(self, connection):
        self.connection = connection
        connection.execute(TABLES)
        connection.executemany("insert into dim_kpi values (?, ?, ?, ?, ?, ?)", KPIS)

    def cell(self, kpi_id, dimension, value, numerator, denominator=None, days_before=0, sample=None, grain="day"):
        day = UNTIL - timedelta(days=days_before)
        quotient = numerator if denominator is None else numerator / denominator
        row = (kpi_id, grain, day, dimension, value, numerator, denominator, quotient, "", sample or denominator or 1)
        self.connection.execute("insert into mart_kpi_timeseries values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def target(self, target_id, status="missed", kpi_id="response_within_target_rate", **changes):
        row = {
            "target_id": target_id, "kpi_id": kpi_id, "dimension": "all", "dimension_value": "all", "value": 0.9,
            "window_start": UNTIL - timedelta(days=6), "window_end": UNTIL, "sample_size": 1234, "comparator": ">=",
            "target": 0.95, "status": status, "severity": "warn", "previous_value": 0.85, "trend": "improving",
        } | changes  # fmt: skip
        marks = ", ".join("?" for _ in row)
        self.connection.execute(
            f"insert into mart_kpi_scorecard ({', '.join(row)}) values ({marks})", list(row.values())
        )

    def insert(self, table, *rows):
        marks = ", ".join("?" for _ in rows[0])
        self.connection.executemany(f"insert into {table} values ({marks})", rows)


@pytest.fixture
def version():
    with duckdb.connect() as connection:
        yield Version(connection)
