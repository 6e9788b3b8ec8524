"""Generated exports with defective rows, and what must become of every row: known while writing, not read back.

How they are loaded and compared is for defective_files.py. A defect here costs exactly one record.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.faults.exports import INSTANT, NUMBER, TEXT, Export, csv_text, json_text

REQUIRED = {
    "generic/calls": ("call_id", "arrived_at", "outcome"),
    "generic/tickets": ("ticket_id", "updated_at", "status", "channel"),
    "generic/messages": ("message_id", "sent_at", "is_public"),
    "generic/order_lines": ("order_id", "quantity", "currency"),
    "zendesk/tickets": ("ticket_id", "created_at", "status"),
    "amazon_connect/contact_records": ("contact_id", "channel", "initiated_at"),
}


@dataclass
class Written:
    """A file and what it holds. `rejected`: position -> the raw record, as text or as JSON."""

    name: str
    content: bytes
    read: int = 0
    loaded: int = 0
    duplicate: int = 0
    rejected: dict[int, Any] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)


class Writer:
    """Writes one export after the other; remembers the good rows, as they are duplicates when they come again."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.number = 0
        self.known: dict[str, list[dict[str, str]]] = {}

    def write(self, export: Export, form: str, name: str, rows: int, share: float) -> Written:
        """`share`: how many of the rows are defective."""
        file = Written(name, b"", read=rows)
        bad = set(self.chance.sample(range(rows), int(rows * share)))
        known, fresh = self.known.setdefault(export.folder, []), []
        again = {n: row for n, row in enumerate(self.chance.sample(known, min(len(known), rows))) if n}
        writing = {"csv": self._csv, "log": self._log}.get(export.shape, self._json)
        plan: list[tuple[dict[str, str], bool]] = []
        for n in range(rows):
            if n in bad:
                plan.append((self._fresh(export), True))
            elif n in again and self.chance.random() < 0.15:
                file.duplicate += 1
                plan.append((self._respelled(export, again[n]), False))
            else:
                row = self._fresh(export)
                fresh.append(row)
                plan.append((row, False))
        file.loaded = rows - len(bad) - file.duplicate
        file.keys = {row[export.key] for row in fresh}
        file.content = writing(export, form, plan, file)
        known.extend(fresh)
        return file

    def _fresh(self, export: Export) -> dict[str, str]:
        self.number += 1
        return export.row(self.number)

    def _respelled(self, export: Export, row: dict[str, str]) -> dict[str, str]:
        """The same row to a reader of instants and of keys in any order, not to one of bytes."""
        if export.shape == "log":
            return row
        spelled = dict(row)
        for column, kind in export.columns.items():
            if kind == INSTANT and self.chance.random() < 0.3:
                spelled[column] = row[column].replace("T08:", "T09:").replace("Z", "+01:00")
        if export.shape == "json":
            spelled = dict(self.chance.sample(list(spelled.items()), len(spelled)))
        return spelled

    # --- shapes

    def _csv(self, export: Export, form: str, plan: list[tuple[dict[str, str], bool]], file: Written) -> bytes:
        newline = self.chance.choice(["\n", "\r\n"])
        texts, lines = [csv_text([list(export.columns)]).rstrip("\n")], 1
        for row, is_bad in plan:
            if self.chance.random() < 0.03:
                texts.append("")
                lines += 1
            if is_bad:
                text = self._bad_csv(export, row)
                file.rejected[lines] = text
            else:
                text = csv_text([list(self._wordy(export, row).values())]).rstrip("\n")
            texts.append(text.replace("\n", newline))
            lines += 1 + text.count("\n")
        return (newline.join(texts) + self.chance.choice(["", newline])).encode()

    def _wordy(self, export: Export, row: dict[str, str]) -> dict[str, str]:
        """The row, some with a cell of several lines in a column that is no key. It stays the same on coming again."""
        wordy = [c for c, kind in export.columns.items() if kind == TEXT and not c.endswith("_id")]
        number = int(row[export.key].split("~")[1])
        if number % 9 or not wordy:
            return row
        return row | {wordy[-1]: f'{row[wordy[-1]]} said "no",\nthen left'}

    def _bad_csv(self, export: Export, row: dict[str, str]) -> str:
        cells = list(row.values())
        match self.chance.choice(["less", "more", "quote", "nul", "value", "value"]):
            case "less":
                cells.pop()
            case "more":
                cells.append("one too many")
            case "quote":
                cells[self.chance.randrange(len(cells))] = f'"{cells[0]}'
                return ",".join(cells)
            case "nul":
                cells[0] += "\0"
            case _:
                cells = list(self._bad_value(export, row).values())
        return csv_text([cells]).rstrip("\n")

    def _bad_value(self, export: Export, row: dict[str, str]) -> dict[str, Any]:
        required = REQUIRED[export.folder]
        numbers = [c for c, kind in export.columns.items() if kind == NUMBER]
        instants = [c for c, kind in export.columns.items() if kind == INSTANT]
        kinds: list[Callable[[], dict[str, Any]]] = [
            lambda: {self.chance.choice(required): self.chance.choice(["", "  "])},
            lambda: {self.chance.choice(instants): self.chance.choice(["03/02/2026", "2026-02-30T08:00:00Z", "soon"])},
        ]
        if numbers:
            kinds.append(lambda: {self.chance.choice(numbers): self.chance.choice(["-5", "much", "1,5"])})
        if "status" in row:
            kinds.append(lambda: {"status": "thawed"})
        if export.shape == "json":
            kinds.append(lambda: {self.chance.choice(required): None})
            kinds.append(lambda: {export.key: {"is": "no text"}})
        return row | self.chance.choice(kinds)()

    def _json(self, export: Export, form: str, plan: list[tuple[dict[str, str], bool]], file: Written) -> bytes:
        records: list[Any] = []
        for position, (row, is_bad) in enumerate(plan, start=1):
            record: Any = export.record(row)
            if is_bad and form in ("page", "array") and self.chance.random() < 0.2:
                record = self.chance.choice([None, 17, "text"])
            elif is_bad:
                record = export.record(self._bad_value(export, row))
            if is_bad:
                file.rejected[position] = record
            records.append(record)
        if form != "lines":
            return json_text(records, form, export.stream).encode()
        lines = [json.dumps(record) for record in records]
        for position in file.rejected:
            if self.chance.random() < 0.4:
                lines[position - 1] = lines[position - 1][: len(lines[position - 1]) // 2]
                file.rejected[position] = lines[position - 1]
        return ("\n".join(lines) + self.chance.choice(["", "\n"])).encode()

    def _log(self, export: Export, form: str, plan: list[tuple[dict[str, str], bool]], file: Written) -> bytes:
        lines: list[bytes] = []
        for row, is_bad in plan:
            if self.chance.random() < 0.03:
                lines.append(b"")
            parts = list(row.values())
            text = "|".join(parts).encode()
            if is_bad:
                text = self.chance.choice(
                    (
                        "|".join(["yesterday", *parts[1:]]).encode(),
                        "|".join(parts[:3]).encode(),
                        text + b"\0",
                        text.replace(b"queue~", b"queue\xfc"),
                        "|".join([*parts[:2], parts[2] + parts[3], *parts[4:]]).encode(),
                        "|".join([*parts[:3], "", *parts[3:]]).encode(),
                    )
                )
                file.rejected[len(lines) + 1] = text.decode("utf-8", "backslashreplace")
            lines.append(text)
        return b"\n".join(lines) + self.chance.choice([b"", b"\n"])
