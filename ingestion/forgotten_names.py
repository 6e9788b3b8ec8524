"""Files of the landing area that are named by a forgotten customer: what they are called in all that is kept.

Their true names stand in the landing area alone, and in what `forget` tells to be deleted there. Countries are not
asked for: a name has an address in it, or a number with its country.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from ingestion.forgotten_text import ForgottenText
from ingestion.landing import Listing, list_landing
from ingestion.people import People
from ingestion.quarantine import Quarantine


def list_as_kept(landing: Path, people: People) -> Listing:
    """The landing area with the names that manifest, quarantine and messages have for its files."""
    listing = list_landing(landing)
    if people.forgotten:
        text = ForgottenText(people, ())
        listing.skipped = [text.redacted_name(message) for message in listing.skipped]
        for files in listing.files.values():
            files[:] = [replace(file, name=text.redacted_name(file.name)) for file in files]
    return listing


def redact_in_quarantine(root: Path, people: People) -> None:
    """Takes the names out of what is said of rejected rows and refused files."""
    text, quarantine = ForgottenText(people, ()), Quarantine(root)
    for stream, content in quarantine.contents():
        rows = quarantine.rows(stream, content)
        redacted = [replace(row, file=text.redacted_name(row.file)) for row in rows]
        if redacted != rows:
            quarantine.put_rows(stream, content, redacted)
    for told in root.glob("*/*/*.reason.json"):
        said = json.loads(told.read_text(encoding="utf-8"))
        if (name := text.redacted_name(said["file"])) != said["file"]:
            told.write_text(json.dumps(said | {"file": name}) + "\n", encoding="utf-8")
