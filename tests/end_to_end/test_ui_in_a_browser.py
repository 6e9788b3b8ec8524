"""The real UI in Chromium, as somebody uses it: a night from the launch form, the missed target, a part of it again.

Skipped, with the reason, where there is no Chromium; `make test-all` installs it where it may.
"""

import json
import os
import re
import urllib.request

import duckdb
import pytest

from tests.end_to_end.serving import started, stop, wait_for
from tests.helpers import chromium, needs_chromium

pytestmark = needs_chromium
SHOTS = os.environ.get("SUPPORT_KPIS_SCREENSHOTS")
RUN_SECONDS, PAGE_SECONDS = 300, 90
AS_OF = "2026-03-02T00:00:00Z"
TICKETS = "ticket_id,created_at,updated_at,status,channel\n"
UNANSWERED = "".join(f"late{n},2026-02-26T0{n}:00:00Z,2026-02-26T0{n}:00:00Z,open,amazon\n" for n in range(5))
CALLS = "call_id,arrived_at,direction,outcome,stage_reached\nc1,2026-02-26T09:00:00Z,inbound,answered,agent\n"


@pytest.fixture
def home(home_after_first_night):
    """A home in which nobody answered five Amazon messages, and a call has landed that nobody asks for yet."""
    landing = home_after_first_night / "landing" / "generic"
    (landing / "tickets" / "unanswered.csv").write_text(TICKETS + UNANSWERED)
    (landing / "calls" / "not_yet.csv").write_text(CALLS)
    return home_after_first_night


@pytest.fixture
def ui(home, monkeypatch):
    from playwright.sync_api import expect

    monkeypatch.setenv("FRESHNESS_DAEMON_INTERVAL_SECONDS", "5")
    process, port = started(home)
    url = f"http://127.0.0.1:{port}"
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 1000}, base_url=url)
        page.set_default_timeout(PAGE_SECONDS * 1000)
        expect.set_options(timeout=PAGE_SECONDS * 1000)

        def is_up():
            return urllib.request.urlopen(f"{url}/server_info", timeout=PAGE_SECONDS).status

        wait_for(is_up, PAGE_SECONDS, process)
        yield page, expect
    stop(process)


def shot(page, name):
    if SHOTS:
        page.wait_for_timeout(1500)
        page.screenshot(path=f"{SHOTS}/ui-{name}.png", full_page=True)


def fill(page, expect, field, value):
    """Write a value over the one that the launch form starts with."""
    line = page.locator(".CodeMirror-line", has_text=re.compile(rf"^\s*{field}: "))
    default = line.inner_text().partition(": ")[2].strip()
    line.click()
    page.keyboard.press("End")
    for _ in default:
        page.keyboard.press("Backspace")
    page.keyboard.insert_text(value)
    expect(line).to_have_text(f"{field}: {value}")


def told(page, name):
    """The row of this name in a table of metadata."""
    return page.locator("tr", has=page.get_by_role("cell", name=name, exact=True))


def succeeded(page, expect):
    """The run whose page is open, once it has ended well; its id."""
    page.wait_for_url("**/runs/*")
    expect(page.get_by_text("Success", exact=True).first).to_be_visible(timeout=RUN_SECONDS * 1000)
    return page.url.rpartition("/")[2].partition("?")[0]


def published(home):
    manifest = json.loads((home / "published" / "current" / "manifest.json").read_text())
    with duckdb.connect(str(home / "published" / "current" / "support_kpis.duckdb"), read_only=True) as connection:
        files = {name for (name,) in connection.execute("select file_name from mart_row_accounting").fetchall()}
    return manifest["run_id"], manifest["as_of"], files


def test_a_night_is_launched_a_missed_target_is_opened_and_a_part_is_run_again(home, ui):
    page, expect = ui
    page.goto("/locations/orchestration.definitions/jobs/nightly/playground")
    expect(page.locator(".CodeMirror-code")).to_contain_text("full_refresh: false")
    fill(page, expect, "as_of", f'"{AS_OF}"')
    fill(page, expect, "sources", '["generic/tickets"]')
    expect(page.get_by_text("No errors")).to_be_visible()
    shot(page, "launch-form")
    page.get_by_role("button", name="Launch Run").click()
    run_id = succeeded(page, expect)
    shot(page, "run")
    assert published(home)[:2] == (run_id, AS_OF)
    files = published(home)[2]
    assert "generic/tickets/unanswered.csv" in files and "generic/calls/not_yet.csv" not in files

    page.goto("/assets/raw/generic/tickets")
    expect(page.get_by_text("Fails if more than 36 hours since last materialization")).to_be_visible()
    expect(page.get_by_text("Passing", exact=True).first).to_be_visible()
    shot(page, "stream")

    page.goto("/assets/mart_kpi_scorecard?view=checks")
    page.get_by_text("amazon_reply_24h", exact=True).first.click()
    expect(page.get_by_text("Replies within 24 hours, channel amazon: >= 100.0% over 7 days")).to_be_visible()
    expect(page.get_by_text("; most of it: day 2026-02-26 (")).to_be_visible()
    expect(told(page, "status")).to_contain_text("missed")
    expect(told(page, "target")).to_contain_text("100.0%")
    expect(told(page, "value")).to_contain_text(re.compile(r"\d\d\.\d%"))
    shot(page, "check")
    for name, found in [("plot", "img"), ("worst_offenders", "table")]:
        told(page, name).get_by_text("[Show Markdown]").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.locator(found)).to_be_visible()
        shot(page, name)
        # In the corner and below: two that say the same.
        dialog.get_by_role("button", name="Close").last.click()
        expect(dialog).to_have_count(0)
    with page.expect_popup() as opened:
        page.get_by_role("link", name=f"/scorecard/{run_id}#target-amazon_reply_24h").click()
    row = opened.value.locator("tr[data-target-id=amazon_reply_24h]")
    expect(row).to_contain_text("MISSED")
    shot(opened.value, "scorecard")

    page.goto(f"/runs/{run_id}")
    # By the filter: a short step has no room for its name in the chart.
    page.locator(".CodeMirror", has_text="Search and filter steps").click()
    page.keyboard.insert_text('name:"published"')
    page.keyboard.press("Enter")
    page.get_by_role("button", name='Re-execute (name:"published")').first.click()
    page.wait_for_url(lambda url: "/runs/" in url and run_id not in url)
    again = succeeded(page, expect)
    shot(page, "part")
    assert published(home) == (again, AS_OF, files)
