"""Amazon's reports: never requested twice, fetched without the account's token, and what becomes of those that fail."""

import gzip
from contextlib import suppress
from unittest.mock import patch

import pytest

from ingestion.pulls.client import Client
from ingestion.pulls.positions import Positions
from tests.pulls.accounts import Account, pulling
from tests.pulls.amazon_seller import FEEDBACK, ORDERS, PERFORMANCE
from tests.pulls.interruptions import KilledError
from tests.pulls.server import Answer

SOURCE = "amazon_seller"
#: From 5 January to 2 March, windows of 30 days: two of orders, two of feedback in each of two marketplaces.
WANTED = {ORDERS: 2, FEEDBACK: 4, PERFORMANCE: 1}


def requested(vendor):
    """Type -> how many reports of it have been requested."""
    kinds = [report["reportType"] for report in vendor.requested]
    return {kind: kinds.count(kind) for kind in kinds}


def errors(found):
    return [one.error for one in found.values() if one.error]


@pytest.fixture
def account(accounts) -> Account:
    return accounts[SOURCE]


@pytest.mark.parametrize("dies_in", [(Client, "page"), (Positions, "put")], ids=["request", "position"])
@pytest.mark.parametrize("after", [True, False])
def test_a_report_is_requested_once_wherever_the_pull_is_killed(dies_in, after, account, tmp_path):
    """Every run dies at its third step."""
    owner, name = dies_in
    original, steps = getattr(owner, name), 0

    def deadly(self, *given):
        nonlocal steps
        steps += 1
        if steps == 3 and not after:
            raise KilledError
        result = original(self, *given)
        if steps == 3 and after:
            raise KilledError
        return result

    with pulling(tmp_path, account) as home:
        for stream in ("orders", "feedback", "performance"):
            runs = 0
            while not is_over(home, stream):
                steps, runs = 0, runs + 1
                with patch.object(owner, name, deadly), suppress(KilledError):
                    home.pull(only={(SOURCE, stream)})
            assert runs > 1
        assert requested(home.vendor) == WANTED


def is_over(home, stream):
    with Positions(home.settings.positions_path) as positions:
        return any(over for id, _, over, _ in positions.all() if id == (SOURCE, stream))


def test_a_token_that_is_no_longer_taken_is_renewed_and_the_file_host_never_sees_one(account, tmp_path):
    with pulling(tmp_path, account) as home:
        assert errors(home.pull()) == [] and len(home.vendor.tokens) == 1
        home.server.clock.sleep(7200)
        assert errors(home.pull()) == [] and len(home.vendor.tokens) == 2
        files = [request for request in home.server.requests if request.path.startswith("/files/")]
        assert files and not any("x-amz-access-token" in request.headers for request in files)


def test_a_pull_that_lasts_longer_than_its_token_goes_on(account, tmp_path):
    with pulling(tmp_path, account) as home, patch("tests.pulls.amazon_seller.TAKES", 1900):
        assert errors(home.pull(only={(SOURCE, "orders")})) == [] and len(home.vendor.tokens) == 2
        assert requested(home.vendor) == {ORDERS: WANTED[ORDERS]}


def test_credentials_that_are_refused_are_named_and_not_told(account, tmp_path):
    with pulling(tmp_path, account) as home:
        home.settings.credentials["SUPPORT_KPIS_AMAZON_SELLER_REFRESH_TOKEN"] = "another-one"
        told = errors(home.pull())
        assert len(told) == 3 and all("gives no access token (400); check SUPPORT_KPIS_AMAZON" in one for one in told)
        assert "another-one" not in str(told) and "a-secret" not in str(told)


def test_a_token_without_the_right_to_a_report_is_refused_after_one_renewal(account, tmp_path):
    with pulling(tmp_path, account) as home:
        answer = home.vendor._api
        home.vendor._api = lambda request, host: (
            Answer({}, 403) if request.path.endswith("/reports") else answer(request, host)
        )
        told = errors(home.pull())
        assert len(told) == 3 and all("refuses these credentials (403)" in one for one in told)
        assert len(home.vendor.tokens) == 6


def test_a_report_that_amazon_cannot_make_is_requested_again_by_the_next_run(account, tmp_path):
    with pulling(tmp_path, account) as home:
        home.vendor.fates = ["FATAL"]
        assert errors(home.pull()) == [
            "Amazon could not make report report-0 (FATAL); the next run requests it again",
        ]
        assert errors(home.pull()) == []
        assert requested(home.vendor)[ORDERS] == WANTED[ORDERS] + 1


def test_a_report_that_is_not_ready_is_waited_for_by_the_next_run(account, tmp_path):
    with pulling(tmp_path, account) as home:
        only = {(SOURCE, "performance")}
        with patch("tests.pulls.amazon_seller.TAKES", 4000):
            assert errors(home.pull(only=only)) == ["report report-0 is not ready; the next run goes on with it"]
            assert errors(home.pull(only=only)) == []
        assert requested(home.vendor) == {PERFORMANCE: 1}


def test_a_report_that_is_gone_is_requested_again(account, tmp_path):
    with pulling(tmp_path, account) as home:
        only = {(SOURCE, "performance")}
        with patch("tests.pulls.amazon_seller.TAKES", 4000):
            home.pull(only=only)
        home.vendor.requested[0] |= {"reportId": "forgotten", "createdTime": "2025-01-01T00:00:00Z"}
        assert errors(home.pull(only=only)) == []
        assert requested(home.vendor) == {PERFORMANCE: 2}


@pytest.mark.parametrize("is_packed", [True, False])
def test_files_land_as_amazon_wrote_them(is_packed, account, tmp_path):
    with pulling(tmp_path, account) as home:
        home.vendor.is_packed = is_packed
        home.pull()
        for stream, kind in (("orders", ORDERS), ("feedback", FEEDBACK), ("performance", PERFORMANCE)):
            files = sorted((home.settings.landing / SOURCE / stream).rglob("*.gz"))
            made = [one["body"] for one in home.vendor.requested if one["reportType"] == kind and one["body"]]
            assert [gzip.decompress(path.read_bytes()) for path in files] == made and made


def test_an_address_that_is_no_longer_valid_is_asked_for_anew(account, tmp_path):
    with pulling(tmp_path, account) as home:
        original, asked = home.vendor._file, 0

        def late(request, told):
            nonlocal asked
            asked += 1
            if asked == 1:
                home.server.clock.sleep(600)
            return original(request, told)

        home.vendor._file = late
        assert errors(home.pull()) == []
        assert requested(home.vendor) == WANTED and asked > 1
