"""The page: one file that needs nothing from anywhere, says every target, and takes no text from data for markup."""

import re
from datetime import date
from html.parser import HTMLParser

from orchestration.page.page import as_html

AS_OF = "2026-03-02T00:00:00Z"


class Elements(HTMLParser):
    """Every element with its attributes, and every text."""

    def __init__(self, page):
        super().__init__()
        self.found, self.texts = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.texts.append(data.strip())

    def all(self, tag):
        return [attributes for found, attributes in self.found if found == tag]


def test_each_target_has_a_row_with_its_id_status_and_values(version):
    version.target("email_reply_24h")
    version.target("other", "no_data", value=None, previous_value=None, trend=None, sample_size=None)
    page = as_html(version.connection, AS_OF)
    rows = {row["data-target-id"]: row["data-status"] for row in Elements(page).all("tr") if "data-target-id" in row}
    assert rows == {"email_reply_24h": "missed", "other": "no_data"}
    row = page[page.index('data-target-id="email_reply_24h"') :].split("</tr>")[0]
    texts = " | ".join(text for text in Elements(row).texts if text)
    assert "all | 2026-02-23 | to 2026-03-01 | 90.0% | >= 95.0% | 85.0% | improving" in texts
    assert texts.endswith("1,234 | MISSED")
    assert "2 targets: 0 met, 0 at risk, 1 missed, 1 no data" in page


def test_what_needs_attention_stands_above_all_the_worst_first(version):
    version.target("fine", "met")
    version.target("soon", "at_risk")
    version.target("late", "missed", "csat", dimension="channel", dimension_value="chat")
    page = as_html(version.connection, AS_OF)
    listed = page[page.index("Needs attention") : page.index("<nav")]
    assert re.findall(r'href="#target-(\w+)"', listed) == ["late", "soon"]
    assert "CSAT</bdi>, <bdi>channel chat</bdi></a>: 90.0%, goal &gt;= 95.0%, before 85.0%" in listed
    assert {row["id"] for row in Elements(page).all("tr") if "id" in row} == {
        "target-fine",
        "target-soon",
        "target-late",
    }


def test_guardrails_that_got_worse_are_named_with_their_definition(version):
    version.target("aht", "met", "average_speed_of_answer", guardrail="csat;nps;gone")
    page = as_html(version.connection, AS_OF)
    row = page[page.index('data-target-id="aht"') :].split("</tr>")[0]
    assert [text for text in Elements(row).texts if text][-7:-2] == ["CSAT", ",", "NPS", ",", "gone"]


def test_targets_stand_under_the_family_of_their_kpi(version):
    version.target("b")
    version.target("a", kpi_id="average_speed_of_answer")
    version.target("c", kpi_id="no_kpi_of_ours")
    page = as_html(version.connection, AS_OF)
    order = [page.index(text) for text in (">Other<", 'id="c"', ">Response<", 'id="b"', ">Telephony<", 'id="a"')]
    assert order == sorted(order)


def test_text_from_data_is_no_markup(version):
    evil = "<script>alert(1)</script>\"'& \u202e\u05e9\u05dc\u05d5\u05dd"
    version.target("t", dimension="channel", dimension_value=evil, guardrail=evil)
    version.cell("response_within_target_rate", "channel", evil, 9, 10)
    version.cell("response_within_target_rate", "channel", evil, 8, 10, 1)
    version.cell("first_contact_resolution_rate", "channel", evil, 1, 2)
    version.cell("csat", "agent", evil, 1, 2)
    version.insert("mart_issue_evidence", (date(2026, 2, 16), evil, evil, 5, 1, 0.5, 0.1, 0.01, evil))
    page = as_html(version.connection, AS_OF)
    elements = Elements(page)
    assert len(elements.all("script")) == 1 and "alert(1)" not in re.findall(r"<script>(.*?)</script>", page, re.S)[0]
    assert sum("alert(1)" in text for text in elements.texts) >= 5
    assert not [name for _, attributes in elements.found for name in attributes if name.startswith("on")]


def test_the_page_needs_nothing_from_anywhere(version):
    version.target("t")
    version.cell("first_contact_resolution_rate", "channel", "email", 1, 2)
    page = as_html(version.connection, AS_OF)
    assert "<svg" in page
    assert not re.search(r"https?:|//\w|@import|url\(", page)
    assert {"link", "img", "iframe", "object"}.isdisjoint(tag for tag, _ in Elements(page).found)


def test_a_version_without_rows_is_a_page_too(version):
    page = as_html(version.connection, AS_OF)
    assert "0 targets: 0 met" in page and "<figure>" not in page and 'id="agents"' not in page


def test_definitions_of_all_that_is_shown_stand_on_hover_and_below(version):
    version.target("t")
    version.cell("first_contact_resolution_rate", "channel", "email", 1, 2)
    elements = Elements(as_html(version.connection, AS_OF))
    assert {one.get("title") for one in elements.all("abbr")} == {"In time ÷ turns & more", "…"}
    assert all(one["tabindex"] == "0" for one in elements.all("abbr"))
    assert "Replies <in time>" in elements.texts and "(response_within_target_rate, ratio)" in elements.texts


def test_a_sparkline_shows_the_last_thirty_days_of_the_targets_own_scope(version):
    version.target("t", dimension="channel", dimension_value="email")
    for day in range(40):
        version.cell("response_within_target_rate", "channel", "email", 50 + day, 100, 39 - day)
        version.cell("response_within_target_rate", "channel", "chat", 1, 100, 39 - day)
    labels = [one.get("aria-label") for one in Elements(as_html(version.connection, AS_OF)).all("svg")]
    assert labels == ["30 days from 60.0% to 89.0%"]


def test_every_chart_tells_a_screen_reader_what_it_shows(version):
    version.cell("first_contact_resolution_rate", "channel", "email", 1, 2)
    version.cell("average_speed_of_answer", "hour", "9", 100, 10)
    charts = Elements(as_html(version.connection, AS_OF)).all("svg")
    assert len(charts) == 2
    assert all(one["role"] == "img" and len(one["aria-label"]) > 20 for one in charts)
