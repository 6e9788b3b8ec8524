"""One page from a vendor: pace, retries, refusals; and no credential in anything that is said or kept."""

import tracemalloc

import pytest

from ingestion.adapters.api import APIS
from ingestion.errors import ConfigError
from ingestion.pulls.api import Ask
from ingestion.pulls.client import ATTEMPTS, Client, GoneError, Pace, PullError, RefusedRequestError
from ingestion.pulls.days import Days
from tests.pulls.accounts import pulling
from tests.pulls.server import MIDNIGHT, Answer, Server, TestClock

SECRETS = ("pull@shop.example", "a-secret-token")
ASK = Ask("/tickets.json", {"start_time": 1})


def _asked(answers, rows="tickets"):
    """The page, or the error, of a client whose vendor gives these answers one after the other; and the server."""
    clock, left = TestClock(), list(answers)
    with Server(lambda request: left.pop(0), clock).running() as server:
        client = Client(APIS["zendesk"], server.url, SECRETS, clock.clock)
        try:
            return client.page(ASK, rows), server
        except PullError as error:
            return error, server
        finally:
            client.close()


WHOLE = Answer({"tickets": [{"id": 1}]})


def test_a_whole_answer_is_a_page_with_its_bytes_unchanged():
    page, server = _asked([Answer(b'{"tickets" :  [{"id":9007199254740993}]}')])
    assert page.body == b'{"tickets" :  [{"id":9007199254740993}]}'
    assert page.rows == [{"id": 9007199254740993}]
    assert server.requests[0].query == {"start_time": "1"}


@pytest.mark.parametrize(
    "broken",
    [
        Answer({}, 429, {"Retry-After": "30"}),
        Answer({}, 503),
        Answer(b'{"tickets": [{"id": 1}', 200),
        Answer({"tickets": None}),
        Answer({"error": "no tickets here"}),
        Answer([]),
        Answer(b""),
    ],
    ids=["busy", "down", "cut", "null", "other", "array", "empty"],
)
def test_what_is_no_whole_page_is_asked_for_again(broken):
    page, server = _asked([broken, broken, WHOLE])
    assert page.rows == [{"id": 1}]
    assert len(server.requests) == 3


def test_the_pause_is_the_one_the_vendor_asks_for():
    _, server = _asked([Answer({}, 429, {"Retry-After": "30"}), WHOLE])
    assert server.clock.moment == MIDNIGHT + 30


def test_a_date_to_come_back_at_is_read_by_the_vendors_clock():
    dates = {"Date": "Mon, 02 Mar 2020 00:00:00 GMT", "Retry-After": "Mon, 02 Mar 2020 00:00:45 GMT"}
    _, server = _asked([Answer({}, 503, dates), WHOLE])
    assert server.clock.moment == MIDNIGHT + 45


def test_tries_end_and_the_line_says_where_and_why():
    error, server = _asked([Answer({}, 503)] * ATTEMPTS)
    assert len(server.requests) == ATTEMPTS
    assert str(error) == (
        "127.0.0.1/tickets.json: the vendor answers 503; given up after 8 tries, the next run goes on from here"
    )


def test_a_long_pause_is_for_the_next_night():
    error, server = _asked([Answer({}, 429, {"Retry-After": "7200"})])
    assert "come back in 120 minutes" in str(error) and len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (401, PullError, "check SUPPORT_KPIS_ZENDESK_EMAIL and SUPPORT_KPIS_ZENDESK_API_TOKEN"),
        (403, PullError, "refuses these credentials"),
        (404, GoneError, "check url in [pulls.zendesk]"),
        (422, RefusedRequestError, "does not take this request (422)"),
        (418, PullError, "the vendor answers 418"),
    ],
)
def test_a_refusal_is_no_matter_of_trying_again(status, kind, said):
    error, server = _asked([Answer({"error": f"not with {SECRETS[1]}"}, status)])
    assert type(error) is kind and said in str(error) and len(server.requests) == 1
    assert SECRETS[1] not in str(error)


def test_no_more_requests_in_any_minute_than_the_vendor_allows():
    clock = TestClock()
    pace, made = Pace(10, clock.clock), []
    for _ in range(35):
        pace.wait()
        made.append(clock.moment)
        clock.sleep(0.5)
    assert all(later - earlier >= 60 for earlier, later in zip(made, made[10:], strict=False))
    assert made[-1] - made[0] < 200


def test_an_error_that_a_redirect_or_address_causes_names_no_query():
    clock = TestClock()
    client = Client(APIS["zendesk"], "http://127.0.0.1:1", SECRETS, clock.clock)
    with pytest.raises(PullError) as caught:
        client.page(ASK, "tickets")
    assert "127.0.0.1/tickets.json: no answer (ConnectionError)" in str(caught.value)
    assert "start_time" not in str(caught.value) and caught.value.__cause__ is None


def test_a_pull_at_the_vendors_limit_takes_no_more_memory_for_more_pages(accounts, tmp_path):
    """Ten requests a minute, none refused; what is held is a page, not the pages before it."""

    def peak(pages, folder):
        def answer(request):
            number = int(request.query.get("cursor", 0)) + 1
            tickets = [{"id": number * 100 + n, "generated_timestamp": number, "text": "x" * 2000} for n in range(100)]
            return Answer({"tickets": tickets, "after_cursor": str(number), "end_of_stream": number == pages})

        with pulling(folder, accounts["zendesk"]) as home:
            home.configuration.settings["pulls"]["zendesk"] |= {"streams": ["tickets"]}
            home.server.answer = answer
            tracemalloc.start()
            found = home.pull()["zendesk", "tickets"]
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert (found.error, found.requests, home.server.refused) == (None, pages, 0)
            assert home.server.clock.moment - MIDNIGHT == pages // 10 * 60 - (60 if pages % 10 == 0 else 0)
        return most

    peak(5, tmp_path / "warm")
    assert peak(120, tmp_path / "many") < 1.5 * peak(12, tmp_path / "few")


def test_no_credential_is_kept_or_said(accounts, tmp_path):
    said = []
    for source, account in accounts.items():
        with pulling(tmp_path / source, account) as home:
            home.server.answer = lambda request: Answer({"error": str(dict(request.headers))}, 400)
            found = home.pull(progress=said.append)
            assert all(one.error for one in found.values())
            home.server.answer = home.vendor.answer
            home.pull(progress=said.append)
        signed = {name.lower(): value for request in home.server.requests for name, value in request.headers.items()}
        secrets = [*home.vendor.credentials.values(), *signed.get("authorization", "").split()[-1:]]
        secrets = [value.encode() for value in secrets]
        for path in (tmp_path / source).rglob("*"):
            if path.is_file():
                assert not any(secret in path.read_bytes() for secret in secrets), path
        assert not any(secret.decode() in line for secret in secrets for line in said)
        assert not any(secret.decode() in repr(home.settings) for secret in secrets)


@pytest.mark.parametrize("before", range(120, 260, 7))
def test_a_credential_is_cut_out_before_the_text_is_cut_off(before):
    error, _ = _asked([Answer(("x" * before + SECRETS[1] * 3).encode(), 418)])
    assert SECRETS[1][:6] not in str(error)


def test_a_back_fill_has_a_position_of_its_own_and_ends_at_its_last_day(accounts, tmp_path):
    with pulling(tmp_path, accounts["zendesk_talk"]) as home:
        end = int(MIDNIGHT) - 14 * 86400
        days = Days(end - 7 * 86400, end)
        filled = home.pull(days=days)["zendesk_talk", "calls"]
        whole = home.pull()["zendesk_talk", "calls"]
        assert 0 < filled.rows < whole.rows
        again = home.pull(days=days)["zendesk_talk", "calls"]
        assert again.rows == filled.rows
        assert home.pull()["zendesk_talk", "calls"].rows <= 1


def test_a_missing_credential_is_named_before_anything_is_asked(accounts, tmp_path):
    with pulling(tmp_path, accounts["zendesk"]) as home:
        del home.settings.credentials["SUPPORT_KPIS_ZENDESK_API_TOKEN"]
        with pytest.raises(ConfigError, match=r"\[pulls.zendesk\] needs SUPPORT_KPIS_ZENDESK_API_TOKEN; set it"):
            home.pull()
        assert home.server.requests == []
