"""The pages that a real account answered with, served again: the pull code must find every ticket of it."""

import base64
import json

import duckdb

from tests.helpers import SHARED_DATA, needs_shared_data
from tests.pulls.accounts import Account, pulling
from tests.pulls.server import Answer
from tests.pulls.zendesk import SIGNED, Zendesk, refused

pytestmark = needs_shared_data
FOLDER = SHARED_DATA / "zendesk_recorded" / "incremental_tickets_cursor"


def _place(cursor):
    """A recorded cursor says the second and the ticket that its page ends at."""
    moment, _, ticket, _ = base64.b64decode(cursor).decode().split("|")
    return float(moment), int(ticket)


class Recorded(Zendesk):
    """Each request gets the page that ends next behind its cursor."""

    def answer(self, request):
        if no := refused(request, SIGNED):
            return no
        behind = _place(request.query["cursor"]) if "cursor" in request.query else (0.0, 0)
        following = [page for page in self.records["pages"] if _place(page["after_cursor"]) > behind]
        return Answer(following[0] if following else {**self.records["pages"][-1], "tickets": []})


def test_the_recorded_pages_give_the_same_tickets_through_the_pull(tmp_path):
    recorded = [json.loads(path.read_text()) for path in sorted((FOLDER / "landing" / "zendesk" / "tickets").iterdir())]
    pages = sorted((page for page in recorded if page["after_cursor"]), key=lambda page: _place(page["after_cursor"]))
    account = Account(lambda clock: Recorded(clock, {"pages": pages}), {})
    with pulling(tmp_path, account) as home:
        home.configuration.settings["pulls"]["zendesk"] |= {"streams": ["tickets"]}
        first, again = home.pull(), home.pull()
        assert [one.error for one in (*first.values(), *again.values())] == [None, None]
        assert again["zendesk", "tickets"].rows == 0
        home.ingest()
        with duckdb.connect() as con:
            found = con.execute(
                "select status, count(*) from (select ticket_id, arg_max(status, generated_at) as status "
                f"from read_parquet('{home.settings.lake}/zendesk/tickets/**/*.parquet') group by 1) group by 1"
            ).fetchall()
    expected = json.loads((FOLDER / "expected.json").read_text())
    assert sum(count for _, count in found) == expected["distinct_tickets"]
    assert dict(found) == expected["status"]
