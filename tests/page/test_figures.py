"""Figures, worked out by hand from a handful of cells."""

from datetime import date, timedelta

import pytest

from orchestration.page.agents import agents, clusters
from orchestration.page.figures import figures
from orchestration.page.published import Published
from orchestration.page.surveys import wilson
from tests.page.conftest import UNTIL


def made(version):
    return {one.title: one for _, found in figures(Published(version.connection, UNTIL)) for one in found}


def test_cells_of_four_weeks_are_added_up_and_not_averaged(version):
    # 1 of 1 and 10 of 99: 11 %, where the mean of the days' values is 55 %. The day before the window is not in it.
    version.cell("first_contact_resolution_rate", "channel", "email", 1, 1, 0)
    version.cell("first_contact_resolution_rate", "channel", "email", 10, 99, 27)
    version.cell("first_contact_resolution_rate", "channel", "email", 900, 900, 28)
    version.cell("first_contact_resolution_rate", "channel", "chat", 3, 4)
    figure = made(version)["Resolved at first contact, by channel"]
    assert figure.rows == [("email", "11.0%", "100"), ("chat", "75.0%", "4")]
    assert figure.note == "2 Feb to 1 Mar 2026, 104 facts"


def test_the_most_frequent_dozen_is_shown(version):
    for number in range(15):
        version.cell("first_contact_resolution_rate", "issue_type", f"issue {number:02}", 1, 10 + number)
    rows = made(version)["Resolved at first contact, by issue"].rows
    assert [row[0] for row in rows] == [f"issue {number:02}" for number in range(14, 2, -1)]


def test_hours_stand_in_their_order_and_durations_in_a_unit_for_people(version):
    version.cell("average_speed_of_answer", "hour", "10", 1800, 10)
    version.cell("average_speed_of_answer", "hour", "9", 50, 10)
    assert made(version)["Average speed of answer over the day"].rows == [("9", "5 s", "10"), ("10", "3 min", "10")]


def test_the_funnel_counts_who_reached_a_stage_and_who_hung_up_there(version):
    version.cell("stage_abandonment_rate", "stage", "queue", 30, 600)
    version.cell("stage_abandonment_rate", "stage", "greeting", 10, 1000)
    version.cell("stage_abandonment_rate", "stage", "greeting", 10, 1000, 5)
    version.cell("stage_abandonment_rate", "queue", "Sales", 30, 600)
    figure = made(version)["Callers who hang up, stage by stage"]
    assert figure.rows == [("greeting", "2,000", "20", "1.0%"), ("queue", "600", "30", "5.0%")]


def test_contacts_per_hour_of_an_average_week(version):
    monday = date(2026, 2, 23)
    version.insert("fct_contact", *[(f"{n}", monday, "9", "1") for n in range(6)], ("x", monday, "10", "1"))
    version.insert("fct_contact", ("old", UNTIL - timedelta(days=28), "9", "1"))
    figure = made(version)["When contacts arrive"]
    assert figure.rows[0] == ("Mon", "1.8", "9:00, 1.5")
    assert figure.rows[6] == ("Sun", "0.0", "none")


def test_waits_are_split_per_channel(version):
    for bucket, count in (("0-1h", 6), ("1-6h", 3), ("unanswered", 1)):
        version.cell("first_response_bucket_rate", "channel_bucket", f"e:mail:{bucket}", count, 10)
    assert made(version)["How long first responses take"].rows == [
        ("e:mail", "60%", "30%", "0%", "0%", "0%", "0%", "10%")
    ]


def test_a_share_of_few_answers_has_a_wide_band():
    # Wilson: 8 of 10 lies between 49.0 and 94.3 %, 800 of 1,000 between 77.4 and 82.4 %.
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(800, 1000) == pytest.approx((0.7741, 0.8237), abs=1e-4)
    assert (wilson(0, 5)[0], wilson(5, 5)[1]) == pytest.approx((0, 1))


def test_promoters_less_detractors_with_their_band(version):
    # Three promoters, one passive, one detractor: 40; spread 0.8, margin 1.96 * 0.8 / √5 = 70.1 points, 100 at most.
    day = date(2026, 2, 10)
    version.insert("fct_survey_response", *[(points, day) for points in (1, 1, 1, 0, -1)], (None, day))
    assert made(version)["Net promoter score, 95 % confidence"].rows == [("Feb 2026", "40", "-30.12 to 100", "5")]


def test_satisfied_customers_by_month(version):
    version.cell("csat", "all", "all", 8, 10, 28, grain="month")
    assert made(version)["Satisfied customers, 95 % confidence"].rows == [("Feb 2026", "80.0%", "49.0% to 94.3%", "10")]


def test_a_rolling_kpi_is_a_line_to_its_newest_day(version):
    for day in range(3):
        version.cell("order_defect_rate", "marketplace", "amazon", 1 + day, 100, day)
        version.cell("order_defect_rate", "marketplace", "ebay", 5, 100, day)
    figure = made(version)["Order defect rate, 60 days"]
    assert figure.rows == [("amazon", "1.0%", "100"), ("ebay", "5.0%", "100")]


def test_agents_have_a_row_each_and_no_employee_satisfaction(version):
    version.cell("csat", "agent", "ann", 9, 10, 1)
    version.cell("csat", "agent", "ann", 0, 10, 2)
    version.cell("first_contact_resolution_rate", "agent", "bob", 1, 2)
    version.cell("esat", "agent", "bob", 1, 2)
    version.cell("csat", "agent", "(none)", 1, 2)
    version.insert("fct_agent_day", ("ann", date(2026, 2, 1), "old"), ("ann", date(2026, 2, 20), "new"))
    found = agents(Published(version.connection, UNTIL))
    assert found.columns == ("agent", "team", "First contact resolution", "CSAT")
    assert found.rows == [("ann", "new", "-", "45.0%"), ("bob", "-", "50.0%", "-")]


def test_clusters_are_of_the_last_full_week_the_surest_first(version):
    version.insert(
        "mart_issue_evidence",
        (date(2026, 2, 16), "old", None, 50, 1, 0.5, 0.1, 0.001, "c9"),
        (date(2026, 2, 23), "b", "(none)", 20, 3, 0.2, None, None, None),
        (date(2026, 2, 23), "fell", None, 20, 3, 0.2, -0.1, 0.001, "c7"),
        (date(2026, 2, 23), "a", "router", 10, 2, 0.1, 0.05, 0.01, "c1;c2;c3;c4"),
        (date(2026, 3, 2), "begun", None, 1, 1, 1.0, 0.9, 0.0001, "c8"),
    )
    assert clusters(Published(version.connection, UNTIL)).rows == [
        ("a · router", "10", "2", "10.0%", "+5.0 points", "yes", "c1, c2, c3"),
        ("b", "20", "3", "20.0%", "-", "-", "-"),
    ]
