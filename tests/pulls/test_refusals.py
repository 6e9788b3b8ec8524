"""What a vendor refuses, and where a pull does not go: told in one line, without a credential."""

import base64

import pytest

from ingestion.adapters.api import APIS
from ingestion.errors import ConfigError
from tests.pulls.accounts import pulling
from tests.pulls.server import Answer, Server, TestClock

#: Of the tickets since the first second of 2025, as tests.pulls.zendesk writes it.
CURSOR = base64.b64encode(b'[0, 1735689599, "~"]').decode()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_credentials_do_not_follow_the_vendor_to_another_host(status, accounts, tmp_path):
    with (
        Server(lambda request: Answer([]), TestClock()).running() as other,
        pulling(tmp_path, accounts["delighted"]) as home,
    ):
        home.server.answer = lambda request: Answer(b"", status, {"Location": f"{other.url}/v1/survey_responses.json"})
        [found] = home.pull().values()
        assert other.requests == []
        assert found.error.endswith(f"from another address ({status}); check url in [pulls.delighted]")


@pytest.mark.parametrize("key", ["a key", "a-key\n", "a-kéy"])
def test_a_credential_that_can_be_none_is_named_and_not_told(key, accounts, tmp_path):
    with pulling(tmp_path, accounts["delighted"]) as home:
        home.settings.credentials["SUPPORT_KPIS_DELIGHTED_API_KEY"] = key
        with pytest.raises(ConfigError, match="SUPPORT_KPIS_DELIGHTED_API_KEY holds a blank or a letter") as told:
            home.pull()
        assert key not in str(told.value) and home.server.requests == []


def test_what_the_vendor_says_of_an_error_is_told_without_the_credential(accounts, tmp_path):
    with pulling(tmp_path, accounts["delighted"]) as home:
        secret = home.settings.credentials["SUPPORT_KPIS_DELIGHTED_API_KEY"]
        home.server.answer = lambda request: Answer({"message": f"key {secret} is not for this"}, 402)
        [found] = home.pull().values()
        assert "402" in found.error and "is not for this" in found.error and secret not in found.error


@pytest.mark.parametrize(
    ("source", "content", "told"),
    [
        ("zendesk", {"tickets": [{"id": 1}], "after_cursor": CURSOR, "end_of_stream": False}, "names the same page"),
        ("zendesk_talk", {"calls": [{}, {}], "next_page": 7}, "not of the shape that the vendor documents (Attribute"),
        ("aircall", {"calls": [], "meta": {"total": "many"}}, "not of the shape that the vendor documents (Value"),
        ("amazon_seller", {"payload": [{"marketplace": {}}]}, "not of the shape that the vendor documents (Key"),
        ("amazon_seller", {"payload": []}, "takes part in no marketplace of Amazon"),
    ],
)
def test_an_answer_that_does_not_lead_on_ends_the_pull_and_not_the_run(source, content, told, accounts, tmp_path):
    with pulling(tmp_path, accounts[source]) as home:
        first = APIS[source].endpoints[0].stream
        original = home.server.answer
        home.server.answer = lambda request: original(request) if "token" in request.path else Answer(content)
        [found] = home.pull(only={(source, first)}).values()
        assert told in found.error
        home.server.answer = original
        [found] = home.pull(only={(source, first)}).values()
        assert found.error is None and found.rows > 0
