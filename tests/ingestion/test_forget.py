"""Forgetting in the lake: who belongs to a person, what becomes of the rows, and that a killed call may be repeated."""

import json
from pathlib import Path

import pytest

from ingestion import forget as forgetting
from ingestion.configuration import Configuration
from ingestion.configuration.settings_file import DEFAULTS
from ingestion.errors import ConfigError
from ingestion.forget import forget_in_lake, forget_in_quarantine, keys_of, known_people, landed_files
from ingestion.manifest import Manifest
from ingestion.people import person_key
from tests.ingestion.conftest import KEY, Lab

AT = "2026-03-02T08:00:00Z"
TICKETS = "ticket_id,created_at,updated_at,status,channel,requester_email,requester_phone,assignee_email\n"
ORDERS = (
    "order_id,line_id,ordered_at,marketplace,status,product_id,quantity,unit_price,currency,"
    "customer_id,customer_email\n"
)
ENTER = "17700000{n:02d}|c{call}|sales|NONE|ENTERQUEUE||{phone}|1\n"


def ticket(number, email="", phone="", assignee="", at=AT):
    return f"{number},{AT},{at},open,email,{email},{phone},{assignee}\n"


def forget(lab, kind, text):
    keys = keys_of(kind, text, lab.settings, lab.configuration)
    return forget_in_lake(lab.settings, lab.configuration, keys, f"forget-{lab.runs}-{text}")


def known(lab, stream, columns):
    """Rows with True where a key is stored."""
    return [tuple(value is not None for value in row) for row in lab.rows(stream, columns)]


EMAIL_AND_PHONE = "requester_email_key, requester_phone_key"


def test_links_carry_over_and_nobody_else_is_touched(lab):
    """a and b share a number, b has another one, c calls from that; d is somebody else."""
    rows = [ticket(1, "a@x.example", "+491"), ticket(2, "b@x.example", "+491"), ticket(3, "b@x.example", "+492")]
    rows += [ticket(4, "c@x.example", "+492"), ticket(5, "d@x.example", "+493"), ticket(6, "", "+492")]
    lab.land("generic/tickets/t.csv", TICKETS + "".join(rows))
    lab.run()
    done = forget(lab, "email", "A@x.example")
    assert known(lab, "generic/tickets", EMAIL_AND_PHONE) == [(False, False)] * 4 + [(True, True), (False, False)]
    assert done.counts == {"keys_email": 3, "keys_phone": 2, "lake_rows": 5, "lake_files": 1, "agent_rows": 0}


def test_a_link_that_was_corrected_links_no_more(lab):
    rows = [ticket(1, "a@x.example", "+491"), ticket(1, "a@x.example", "+492", at="2026-03-02T09:00:00Z")]
    lab.land("generic/tickets/t.csv", TICKETS + "".join([*rows, ticket(2, "b@x.example", "+491")]))
    lab.run()
    forget(lab, "email", "a@x.example")
    assert known(lab, "generic/tickets", EMAIL_AND_PHONE) == [(False, True), (False, False), (True, True)]


def test_an_agent_who_stands_in_for_a_customer_is_not_linked(lab):
    rows = [ticket(1, "ana@shop.example", "+491"), ticket(2, "b@x.example", "", "Ana@shop.example")]
    lab.land("generic/tickets/t.csv", TICKETS + "".join(rows))
    lab.run()
    assert forget(lab, "phone", "+491").counts["agent_rows"] == 0
    assert known(lab, "generic/tickets", f"{EMAIL_AND_PHONE}, assignee_email_key") == [
        (True, False, False), (True, False, True)]  # fmt: skip
    assert forget(lab, "email", "ana@shop.example").counts["agent_rows"] == 1


def test_the_ids_of_a_shop_go_with_the_orders(lab):
    orders = ((1, "C7", "a@x.example"), (2, "C7", ""), (3, "C8", ""), (4, "C7", "b@x.example"))
    lines = [f"{n},1,{AT},shop,open,p,1,9.90,EUR,{id},{email}\n" for n, id, email in orders]
    lab.land("generic/order_lines/o.csv", ORDERS + "".join(lines))
    lab.run()
    forget(lab, "email", "a@x.example")
    assert known(lab, "generic/order_lines", "customer_id_key, customer_email_key") == [
        (False, False), (False, False), (True, False), (False, True)]  # fmt: skip


def test_other_addresses_of_a_user_and_the_sender_of_its_tickets(lab):
    """Else an older address would stand in for the forgotten one; who forwards for two users is neither of them."""

    def user(id, email, at):
        return {"id": id, "email": email, "role": "end-user", "updated_at": at}

    def mailed(id, requester, sender):
        via = {"channel": "email", "source": {"from": {"address": sender}}}
        return {"id": id, "requester_id": requester, "created_at": AT, "updated_at": AT, "status": "open", "via": via}

    users = [user(1, "old@x.example", "2026-03-01T08:00:00Z"), user(1, "new@x.example", AT), user(2, "b@x.example", AT)]
    lab.land("zendesk/users/u.json", json.dumps({"users": users}))
    tickets = [mailed(1, 1, "private@x.example"), mailed(2, 1, "office@x.example"), mailed(3, 2, "office@x.example")]
    lab.land("zendesk/tickets/t.json", json.dumps({"tickets": tickets}))
    lab.run()
    forget(lab, "email", "new@x.example")
    assert known(lab, "zendesk/users", "email_key") == [(False,), (False,), (True,)]
    assert known(lab, "zendesk/tickets", "via_from_email_key") == [(False,), (True,), (True,)]


def test_a_contact_of_freshdesk_by_records_and_lines(lab):
    """Contact 5 had another number before, which is c's now, and another address on the line of ticket 2."""

    def record(number, at, email, phone):
        requester = {"email": email, "phone": phone}
        dated = {"created_at": AT, "updated_at": at, "status": 2}
        return dated | {"id": number, "requester_id": 5 + (number == 3), "requester": requester}

    records = [record(1, AT, "a@x.example", "+492"), record(1, "2026-03-02T09:00:00Z", "a@x.example", "+491")]
    lab.land("freshdesk/tickets/t.json", json.dumps([*records, record(3, AT, "c@x.example", "+492")]))
    header = "Ticket ID,Created time,Status,Contact ID,Email,Mobile phone\n"
    lab.land("freshdesk/tickets_csv/t.csv", f"{header}2,{AT},Open,5,b@x.example,\n4,{AT},Open,,,+491\n")
    lab.run()
    forget(lab, "email", "a@x.example")
    assert known(lab, "freshdesk/tickets", EMAIL_AND_PHONE) == [(False, True), (False, False), (True, True)]
    assert known(lab, "freshdesk/tickets_csv", EMAIL_AND_PHONE) == [(False, False), (False, False)]


def test_equal_lines_of_a_log_stay_different_events(lab):
    """Lines that differed in the number alone, one of them twice, are three events after it, however often landed."""
    lines = [ENTER.format(n=1, call=1, phone=phone) for phone in ("+491", "+492", "+491")]
    lines += [ENTER.format(n=2, call=2, phone="+491"), ENTER.format(n=1, call=1, phone="")]
    path = lab.land("asterisk/queue_log/log", "".join(lines))
    lab.run()
    for phone in ("+491", "+492"):
        forget(lab, "phone", phone)
    assert known(lab, "asterisk/queue_log", "caller_phone_key") == [(False,)] * 5
    hashes = lab.rows("asterisk/queue_log", "_row_hash")
    assert len(set(hashes)) == 5
    lab.land("asterisk/queue_log/copy", "".join([*lines[1:], lines[0]]))
    assert lab.load("asterisk/queue_log").rows_duplicate == 5
    grown = path.read_text() + ENTER.format(n=3, call=3, phone="+491") + ENTER.format(n=3, call=4, phone="+493")
    path.write_text(grown)
    assert lab.load("asterisk/queue_log").rows_loaded == 2
    assert known(lab, "asterisk/queue_log", "caller_phone_key") == [(False,)] * 6 + [(True,)]


def test_kept_columns_lose_the_values_that_name_the_person(lab):
    lab.sources = {"generic": {"keep_columns": ["note", "campaign"]}}
    header = TICKETS.strip() + ",note,campaign\n"
    rows = ticket(1, "a@x.example", "+491").strip() + ",write to A@X.example!,spring\n"
    rows += ticket(2).strip() + ",+49 1,summer\n" + ticket(3).strip() + ",nothing,autumn\n"
    lab.land("generic/tickets/t.csv", header + rows)
    lab.run()
    forget(lab, "email", "a@x.example")
    extra = [json.loads(text) for (text,) in lab.rows("generic/tickets", "_extra")]
    assert [found["note"] for found in extra] == [None, None, "nothing"]
    assert [found["campaign"] for found in extra] == ["spring", "summer", "autumn"]
    lab.land("generic/tickets/again.csv", header + "".join(reversed(rows.splitlines(keepends=True))))
    assert lab.load("generic/tickets").rows_duplicate == 3


def test_quarantine_keeps_counts_and_nothing_raw(lab):
    bad = ticket(1, "A@x.example").replace("open", "what") + ticket(2, "b@x.example").replace("open", "what")
    lab.land("generic/tickets/bad.csv", TICKETS + bad)
    lab.land("generic/tickets/worse.csv", "who\nmailto:a@x.example\n")
    lab.run()
    before = lab.accounting("generic/tickets")
    forget(lab, "email", "a@x.example")
    found = forget_in_quarantine(lab.settings, known_people(lab.settings), lab.configuration)
    assert dict(found) == {"quarantined_rows": 1, "quarantined_files": 1}
    assert "a@x" not in lab.quarantined_text().lower() and "b@x.example" in lab.quarantined_text()
    assert lab.accounting("generic/tickets") == before
    lab.land("generic/tickets/bad2.csv", TICKETS + "".join(reversed(bad.splitlines(keepends=True))))
    lab.land("generic/tickets/worse2.csv", "who,else\nmailto:a@x.example,x\n")
    result = lab.load("generic/tickets")
    assert (result.rows_rejected, len(result.quarantined_files)) == (2, 1)
    assert "a@x" not in lab.quarantined_text().lower()
    found = landed_files(lab.settings, known_people(lab.settings), lab.configuration)
    assert found == ([f"generic/tickets/{name}.csv" for name in ("bad", "bad2", "worse", "worse2")], [])


def test_a_landed_file_that_cannot_be_read_is_told(lab, monkeypatch):
    for name in ("closed", "gone", "open"):
        lab.land(f"generic/tickets/{name}.csv", TICKETS + ticket(1, "a@x.example"))
    forget(lab, "email", "a@x.example")
    opened = Path.open

    def refusing(path, *arguments):
        if path.name == "closed.csv":
            raise PermissionError(13, "Permission denied")
        if path.name == "gone.csv":
            raise FileNotFoundError(2, "No such file or directory")
        return opened(path, *arguments)

    monkeypatch.setattr(Path, "open", refusing)
    found = landed_files(lab.settings, known_people(lab.settings), lab.configuration)
    assert found == (["generic/tickets/open.csv"], ["generic/tickets/closed.csv"])


@pytest.mark.parametrize("step", ["find_person", "write_without", "remove_orphans"])
def test_a_call_that_died_anywhere_may_be_repeated(lab, step, monkeypatch):
    for n in range(3):
        lab.land(f"generic/tickets/t{n}.csv", TICKETS + ticket(n, "a@x.example", f"+49{n}"))
    lab.run()
    before = lab.rows("generic/tickets")
    whole, calls = getattr(forgetting, step), []

    def dies(*arguments):
        done = whole(*arguments)
        calls.append(1)
        if step != "remove_orphans" or len(calls) == 2:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(forgetting, step, dies)
    with pytest.raises(KeyboardInterrupt):
        forget(lab, "email", "a@x.example")
    monkeypatch.undo()
    if step != "remove_orphans":
        assert lab.rows("generic/tickets") == before, "nothing has happened before everything has"
    forget(lab, "email", "a@x.example")
    assert known(lab, "generic/tickets", EMAIL_AND_PHONE) == [(False, False)] * 3
    with Manifest(lab.settings.manifest_path) as manifest:
        listed = set(manifest.lake_files())
        assert len(manifest.tombstones()) == 4
    assert {str(path.relative_to(lab.settings.lake)) for path in lab.settings.lake.rglob("*.parquet")} == listed


def test_a_home_with_an_apostrophe(tmp_path):
    lab = Lab(tmp_path / "o'neil")
    lab.land("generic/tickets/t.csv", TICKETS + ticket(1, "a@x.example"))
    lab.run()
    assert forget(lab, "email", "a@x.example").counts["lake_rows"] == 1


def test_a_tombstone_is_no_key(lab):
    lab.land("generic/tickets/t.csv", TICKETS + ticket(1, "a@x.example"))
    lab.run()
    forget(lab, "email", "a@x.example")
    with Manifest(lab.settings.manifest_path) as manifest:
        assert person_key("email", "a@x.example", KEY) not in manifest.tombstones()


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [("email", "anonymous", "--email"), ("email", "a.example", "--email"), ("phone", "call me", "--phone"),
     ("phone", "030 123456", "another one in each of DE, FR; write it with its country")],
)  # fmt: skip
def test_what_is_nobodys_is_refused(lab, kind, text, said):
    sources = {"generic": {"country": "DE"}, "zendesk": {"country": "FR"}}
    with pytest.raises(ConfigError, match=said):
        keys_of(kind, text, lab.settings, Configuration({**DEFAULTS, "sources": sources}, {}, "-"))


def test_a_national_number_is_looked_for_as_sources_store_it(lab):
    lab.sources = {"generic": {"country": "DE"}}
    keys = keys_of("phone", "030 123456", lab.settings, lab.configuration)
    assert set(keys) == {person_key("phone", number, KEY) for number in ("+4930123456", "030123456")}
