"""The page in Chromium, as people open it: wide and narrow, light and dark, printed, by keyboard and by screen reader.

Skipped, with the reason, where there is no Chromium; `make test-all` installs it where it may.
"""

import os

import pytest

from ingestion.settings import Settings
from orchestration.lib import dbt
from orchestration.lib.docs import docs_page
from orchestration.page.page import as_html
from tests.helpers import chromium, needs_chromium
from tests.page.filled import fill

pytestmark = needs_chromium
SHOTS = os.environ.get("SUPPORT_KPIS_SCREENSHOTS")


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def opened(browser, version, tmp_path):
    """Opens the page of a filled version; fails for any request but that for the page itself, and for any error."""
    fill(version)
    path = tmp_path / "scorecard.html"
    path.write_text(as_html(version.connection, "2026-03-02T00:00:00Z"))
    faults, pages = [], []

    def open_page(name="page", width=1280, scheme="light"):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.on("request", lambda request: request.url == path.as_uri() or faults.append(request.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: message.type == "error" and faults.append(message.text))
        page.goto(path.as_uri())
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{width}-{scheme}.png", full_page=True)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert faults == []
    assert path.stat().st_size < 2_000_000


def test_it_opens_with_every_target_and_every_figure(opened):
    page = opened()
    assert page.locator("tr[data-target-id]").count() == 6
    assert page.locator("figure svg").count() == page.locator("figure").count() > 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nobody_is_kept_out(opened, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    page = opened("page", width, scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_narrow_screen_shows_all_of_it(opened):
    page = opened(width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    row = page.locator("tr[data-target-id=email_reply_24h]")
    assert row.bounding_box()["width"] <= 360
    assert "90.0%" in row.inner_text() and "MISSED" in row.inner_text()


def test_an_agent_finds_the_own_row_and_nobody_elses(opened):
    page = opened()
    rows = page.locator("table.agents tbody tr:visible")
    assert rows.count() == 3
    page.get_by_label("Show").select_option("ann@shop.example")
    assert [row.inner_text().split("\t")[0] for row in rows.all()] == ["ann@shop.example"]
    page.get_by_label("Show").select_option("")
    assert rows.count() == 3
    assert "mployee satisfaction" not in page.locator("table.agents").inner_text()


def test_the_keyboard_reaches_definitions_and_numbers(opened):
    page = opened()
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.tagName"))
    assert {"A", "ABBR", "SUMMARY"} <= reached


def test_a_name_that_reads_from_right_to_left_turns_nothing_else_around(opened):
    page = opened()
    row = page.locator("tr[data-target-id=hebrew]")
    name, value = row.locator("td[data-label=scope] bdi"), row.locator("td[data-label=value]")
    assert name.evaluate("one => getComputedStyle(one).unicodeBidi") == "isolate"
    assert value.bounding_box()["x"] > name.bounding_box()["x"]


def test_it_prints(opened):
    page = opened()
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible() and not page.locator(".filter").is_visible()
    assert len(page.pdf()) > 20_000


def test_the_docs_open_from_a_folder_and_ask_nobody(browser, tmp_path):
    settings = Settings(home=tmp_path, landing_url="")
    dbt.write_profile(settings)
    manifest = dbt.manifest(settings)
    path = tmp_path / "index.html"
    path.write_bytes(docs_page(manifest, dbt.published_models(manifest)))
    page, asked, faults = browser.new_page(), set(), []
    page.on("request", lambda request: asked.add(request.url.split(":")[0]))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{path.as_uri()}#!/model/model.support_kpis.fct_call")
    page.get_by_role("heading", name="fct_call").wait_for()
    assert "decimal(18,6)" in page.content() and "Keyed hash of the customer" in page.content()
    page.goto(f"{path.as_uri()}#!/exposure/exposure.support_kpis.alerts")
    page.get_by_role("heading", name="Alerts").wait_for()
    assert page.get_by_role("link", name="mart_data_quality").first.is_visible()
    page.close()
    assert (asked, faults) == ({"file"}, [])
