"""A landed file that is named by a forgotten customer: its name goes from all that is kept, its rows stay."""

import pytest

from ingestion.forget import forget_in_lake, forget_in_quarantine, keys_of, known_people, landed_files
from ingestion.forgotten_names import list_as_kept
from tests.ingestion.test_forget import TICKETS, ticket

PERSON = "kim@customer.example"
NAMES = ["Kim@customer.example.csv", "2026-03-02_kim@customer.example_1.csv", "for-kim@customer.example.csv.gz"]


def forget(lab):
    keys = keys_of("email", PERSON, lab.settings, lab.configuration)
    return forget_in_lake(lab.settings, lab.configuration, keys, "forget")


def kept(lab) -> bytes:
    files = [
        path for path in lab.settings.home.rglob("*") if path.is_file() and lab.settings.landing not in path.parents
    ]
    return b"".join(path.read_bytes() for path in files).lower()


@pytest.mark.parametrize("name", NAMES)
def test_the_name_goes_and_the_rows_stay(lab, name):
    bad = ticket(2, "b@x.example").replace("open", "what")
    lab.land(f"generic/tickets/{name}", TICKETS + ticket(1, PERSON) + bad)
    lab.land(f"generic/calls/{name}", "who\nnobody\n")
    lab.land("generic/calls/anna-kim@customer.example.org.csv", "who\nanna\n")
    lab.run()
    before = lab.accounting("generic/tickets")[0]
    assert forget(lab).needs_rebuild
    forget_in_quarantine(lab.settings, known_people(lab.settings), lab.configuration)
    assert PERSON.encode() not in kept(lab).replace(b"kim@customer.example.org", b"")
    assert b"anna-kim@customer.example.org.csv" in kept(lab) and b"b@x.example" in kept(lab)
    row = lab.accounting("generic/tickets")[0]
    assert "[forgotten]" in row.file_name and row.rows_read == before.rows_read == 2
    assert f"generic/tickets/{name}" in landed_files(lab.settings, known_people(lab.settings), lab.configuration)[0]
    result = lab.run().streams["generic", "tickets"]
    assert (result.files_new, result.messages) == (0, [])
    listing = list_as_kept(lab.settings.landing, known_people(lab.settings))
    assert [file.name for file in listing.files["generic", "tickets"]] == [row.file_name]


def test_a_file_that_lands_later_is_never_known_by_it(lab):
    forget(lab)
    for n, name in enumerate(NAMES):
        lab.land(f"generic/tickets/{name}", TICKETS + ticket(n, "b@x.example").replace("open", "what"))
        lab.land(f"generic/calls/{name}", f"who\n{n}\n")
    told = []
    result = lab.run(progress=told.append)
    assert result.rows_rejected == 3
    assert PERSON.encode() not in kept(lab) and PERSON not in "".join(told).lower()


def test_a_file_whose_name_alone_has_the_person_makes_the_version_anew(lab):
    lab.land(f"generic/tickets/{PERSON}.csv", TICKETS + ticket(1, "b@x.example"))
    lab.run()
    done = forget(lab)
    assert done.needs_rebuild and (done.counts["lake_rows"], done.counts["file_names"]) == (0, 2)
