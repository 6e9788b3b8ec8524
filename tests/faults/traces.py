"""A night on the sample exports, with bad rows and unreadable files among them: then all of the home is searched.

Looked for are each customer's e-mail, number and name, every text of a customer, and the key itself; raw text may
stand in the quarantine only. Agents' work e-mails may stand, but not where employees are asked.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.run import ingest
from ingestion.settings import load_settings
from ingestion.simulator import simulate, write_sample
from orchestration.lib.job import Options, run_nightly
from tests.faults.persons import KEY, SETTINGS, WORDS, Person, land
from tests.faults.searching import found_in, landed_text, texts_of
from tests.faults.tally import Tally

TITLE = "e-mails, numbers, names, texts and the key searched for in all that a night leaves"
#: Days of exports. The whole sample goes through a whole night, the short one into the lake only.
FULL, SHORT = 63, 1
END = date(2026, 3, 2)
RAW = ("landing", "quarantine", "pii.key")
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"\+\d{8,15}")
#: "Customer 4" is also what the documentation may say.
_NAME = re.compile(r'"name": ?"(Customer \d{3,}|Kim O\'Neil \d+)"')
#: The business's own, in the sample: agents and the addresses it is written to; the number it is called at.
_OWN = re.compile(r"@shop\.example$|^\+15550990099$")


def run(count: int, root: Path) -> Tally:
    tally, home = Tally(), root / "home"
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text(SETTINGS)
    landing = home / "landing"
    persons = [Person(number) for number in range(1, 6)]
    land(landing, persons)
    if count == FULL:
        write_sample(landing, END, lambda _: None)
    else:
        simulate(landing, days=count, contacts_per_day=20, seed=3, end=END)
    needles = needles_of(landing, persons)
    os.environ["SUPPORT_KPIS_PII_KEY"] = KEY
    try:
        _night(tally, home, whole=count == FULL)
    finally:
        del os.environ["SUPPORT_KPIS_PII_KEY"]
    found = found_in(home, needles, RAW)
    tally.expect(not found, f"{len(found)} traces, e.g. {found[:5]}")
    tally.expect(not found_in(home, [KEY], ("landing",)), "the key stands in the home")
    tally.expect(len(found_in(home / "quarantine", [person.emails[0] for person in persons])) >= 5, "no raw evidence")
    tally.expect(not emails_in_esat(home), f"e-mails where employees are asked: {emails_in_esat(home)[:3]}")
    tally.saw("needles searched for, with the key", len(needles) + 1)
    tally.saw("files searched", sum(path.is_file() for path in home.rglob("*")))
    _expect_able_to_fail(tally, home, needles)
    return tally


def needles_of(landing: Path, persons: Sequence[Person] = ()) -> list[str]:
    """Read out of the exports by their looks, and what persons.py knows besides."""
    needles: set[str] = {needle for person in persons for needle in person.needles()[:-5]}
    needles |= {WORDS, "Grüße …"}
    for _, text in landed_text(landing):
        needles |= {found for pattern in (_EMAIL, _NUMBER, _NAME) for found in pattern.findall(text)}
    return sorted(needle for needle in needles if not _OWN.search(needle))


def _night(tally: Tally, home: Path, whole: bool) -> None:
    if whole:
        outcome = run_nightly(Options(home=home, as_of=datetime(END.year, END.month, END.day, tzinfo=UTC).isoformat()))
        tally.expect(outcome.published, f"the night: {outcome.error}")
        tally.saw("night of the job")
    else:
        settings = load_settings(home=home)
        ingest(settings, load_configuration(settings, kpi_catalogue()), run_id="short")
        tally.saw("night of loading alone")


def emails_in_esat(home: Path) -> list[str]:
    """Files of what employees were asked in which anybody's address stands."""
    named = [path for path in home.rglob("*employee*") if path.parts[len(home.parts)] not in RAW]
    files = [path for place in named for path in (place, *place.rglob("*")) if path.is_file()]
    return [str(path) for path in files if any("@" in text for _, text in texts_of(path))]


def _expect_able_to_fail(tally: Tally, home: Path, needles: list[str]) -> None:
    """One of them planted in a log and the search must find it."""
    planted = random.Random(1).choice(needles)
    (home / "logs" / "planted.log").write_text(f"could not send to {planted.upper()}: no such host\n")
    tally.expect(len(found_in(home / "logs", needles)) == 1, f"{planted}, planted in a log, was not found")
