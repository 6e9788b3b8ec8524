"""The ugly cases of a canonical CSV stream, made of one good row of it."""

from __future__ import annotations

from typing import Any

from tests.vendors.cases import Case
from tests.vendors.parity import as_csv

Cells = dict[str, str]
Found = tuple[Any, ...]
_ZONE = {"time_zone": "Europe/Berlin", "country": "DE"}


def cases_of(
    good: Cells,
    select: str,
    row: Found,
    *,
    needed: str,
    needed_row: Found,
    newer: tuple[Cells, Found],
    unknown: tuple[Cells, Found | None] | str,
    letters: tuple[Cells, Found],
    key: str,
    clock: str,
    ids: tuple[str, str, str] = ("1", "2", "3"),
) -> dict[str, Case]:
    """The cases of one stream; a text says why one is impossible. `row`: what `select`, the id first, finds of `good`.
    `needed`: the columns every file must have, `needed_row` what is found of `good` with nothing else. `newer`,
    `unknown`, `letters`: other cells and the row then, null for a rejected one. `clock`: a column of instants. `key`:
    the column that tells rows apart; `ids`: values of it, the first that of `good`."""
    other, other_row = good | {key: ids[1]}, (ids[1], *row[1:])
    id_of, must = select.split(",")[0], needed.split()
    bare = {name: good[name] for name in must}
    blank = dict.fromkeys(good, "")
    # The hour in Berlin that comes twice, with either offset; without one the file does not say which: the second.
    clocks = ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", "2026-10-25 02:30:00")
    hours = [good | {key: id, clock: at} for id, at in zip(ids, clocks, strict=True)]
    instants = ("2026-10-25 00:30:00", "2026-10-25 01:30:00", "2026-10-25 01:30:00")

    def changed(asked: tuple[Cells, Found | None] | str) -> Case:
        if isinstance(asked, str):
            return Case(impossible=asked)
        cells, found = asked
        rows = [found] if found else []
        return Case({"a.csv": as_csv([good | cells])}, (1, len(rows), 0, 1 - len(rows)), select, rows)

    return {
        "happy": Case({"a.csv": as_csv([good, other])}, (2, 2, 0, 0), select, [row, other_row]),
        "empty": Case({"a.csv": as_csv([good]).splitlines()[0], "b.csv": ""}),
        "repeated_border": Case(
            {"a.csv": as_csv([good, other]), "b.csv": as_csv([other])}, (3, 2, 1, 0), id_of, [(ids[0],), (ids[1],)],
        ),
        "newer_version": Case(
            {"a.csv": as_csv([good | newer[0]]), "b.csv": as_csv([good])}, (2, 2, 0, 0), select,
            sorted((row, newer[1])),
        ),
        "unknown_enum": changed(unknown),
        "all_null_row": Case({"a.csv": as_csv([blank, blank | bare])}, (2, 1, 0, 1), select, [needed_row]),
        "dst_overlap": Case(
            {"a.csv": as_csv(hours)}, (3, 3, 0, 0), f"{id_of}, {clock}::varchar",
            list(zip(ids, instants, strict=True)), settings=_ZONE,
        ),
        "non_ascii": changed(letters),
        "wrong_encoding": Case(
            {"a.csv": as_csv([good]).encode("utf-16"),
             "b.csv": as_csv([good | {"note": "Rücksendung"}]).encode("latin-1")},
            refused=("a.csv", "b.csv"),
        ),
        # Each of the columns every file must have is missing once.
        "missing_column": Case(
            {"a.csv": as_csv([bare])}
            | {f"no_{name}.csv": as_csv([{n: c for n, c in good.items() if n != name}]) for name in must},
            (1, 1, 0, 0), select, [needed_row], refused=tuple(f"no_{name}.csv" for name in must),
        ),
        "extra_column": Case(
            {"a.csv": as_csv([good | {"mood": "sunny"}, other | {"mood": " "}])}, (2, 2, 0, 0), select,
            [row, other_row], new_columns={"mood": 1},
        ),
        # A sum under the rows, once as wide as they are and once not.
        "footer": Case(
            {"a.csv": as_csv([good, blank | {key: "Total"}]) + "1 row\n"}, (3, 1, 0, 2), select, [row],
        ),
    }  # fmt: skip
